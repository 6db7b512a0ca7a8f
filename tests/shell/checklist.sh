#!/bin/sh
# --checklist: the same marks in every form, the counts at the end, and from saved results the same bytes.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

incident()
{
	"$kantei" -q --offline -e samples/incident.dns --ca-file samples/ca.pem --checklist "$@" samples/incident
}

for options in "--lang en --marks oxdash" "--lang ja" "-f jsonl" "-f csv" "-f csv-tables" "--lang en --color always"; do
	# shellcheck disable=SC2086
	incident $options >"$tap_dir/run"
	is "$?" 0 "$options"
	incident -f jsonl >"$tap_dir/results.jsonl"
	# shellcheck disable=SC2086
	"$kantei" table --checklist $options "$tap_dir/results.jsonl" >"$tap_dir/again"
	cmp -s "$tap_dir/run" "$tap_dir/again"
	ok $? "saved results give the same bytes: $options"
done
is "$(incident -j 1 -f jsonl | cksum)" "$(incident -j 3 -f jsonl | cksum)" "with any number of workers"
is "$("$python" tests/shell/validate.py src/report/record.schema.json "$tap_dir/results.jsonl")" "all lines hold" "the schema"

incident --lang en --marks oxdash >"$tap_dir/text"
incident -f csv >"$tap_dir/csv"
incident -f html --lang en >"$tap_dir/html"
"$kantei" explain -q --checklist --lang en --marks oxdash --offline -e samples/incident.dns samples/incident >"$tap_dir/account"
"$python" - "$tap_dir" man/kantei-formats.7 >"$tap_dir/seen" <<'PY'
import csv, html.parser, json, re, sys
folder, manual = sys.argv[1:]
read = lambda name: open(folder + "/" + name, encoding="utf-8", newline="").read()
lines = [json.loads(line) for line in read("results.jsonl").splitlines()]
records, summary = lines[1:-1], lines[-1]["summary"]["checklist"]
items = list(records[0]["checklist"])
sign = {"yes": "○", "no": "×", "unknown": "–"}
rows = list(csv.DictReader(read("csv").splitlines()))
text = read("text").split("\n\n")
marked = [line for line in text[0].splitlines()[1:] if not line.startswith("    ")]
reasons = sum(line.startswith("    ") for line in text[0].splitlines())
wanted = 0
for record, row, line in zip(records, rows, marked):
    checks = record["checklist"]
    if [sign[checks[i]["mark"]] for i in items] != line.split()[:len(items)]:
        print("text", line)
    for item in items:
        if row["check_" + item] != checks[item]["mark"]:
            print("csv", item, row["check_" + item])
        wanted += checks[item]["mark"] != "yes" or checks[item]["reason"] == "key-below-advised"
    if row["check_reasons"] != " ".join("%s:%s" % (i, checks[i]["reason"]) for i in items):
        print("csv", row["check_reasons"])
    for method in "spf", "dkim":
        if checks[method]["mark"] != record["marks"][method]:
            print("not as in the table", method)
if len(marked) != len(records) or len(rows) != len(records) or reasons != wanted or len(records) != 14:
    print("lines", len(marked), len(rows), reasons, wanted)
table = [[int(n) for n in re.findall(r" (\d+) \(", line)] for line in text[1].splitlines()[2:]]
for item, numbers in zip(items, table):
    counted = [sum(r["checklist"][item]["mark"] == mark for r in records) for mark in sign]
    if counted != numbers or counted != [summary[item][mark] for mark in sign]:
        print("counts", item, counted, numbers, summary[item])
if len(table) != len(items):
    print("items", len(table))
page = read("html")
if page.count("What is asked of bulk senders") != 2 + len(records) or 'id="checklist"' not in page:
    print("page", page.count("What is asked of bulk senders"))
if read("account").count("What is asked of bulk senders") != len(records):
    print("account")
named = re.search(r"check_spf.*", open(manual, encoding="utf-8").read()).group(0).split(" , ")
if named != ["check_" + item for item in items]:
    print("manual", named)
PY
is "$(cat "$tap_dir/seen")" "" "marks, reasons and counts agree in text, records, CSV, page and manual"
"$kantei" -q -f jsonl --offline -e samples/incident.dns samples/incident >"$tap_dir/without.jsonl"
is "$("$kantei" table --checklist "$tap_dir/without.jsonl" 2>&1 >/dev/null)" \
	"kantei: 14 message(s) were saved without --checklist, and are not in it" "results without it are told"
for format in authres arf; do
	is "$("$kantei" --checklist -f $format -o "$tap_dir/x" samples/incident 2>&1)" \
		"kantei: --checklist goes with -f text, jsonl, csv, csv-tables, html and sqlite" "-f $format"
done
# An empty folder of evidence: what the DNS would say is nowhere a "no".
"$kantei" -q -f jsonl --checklist --offline samples/incident >"$tap_dir/lacking.jsonl"
is "$("$python" -c 'import json, sys
print([[i for i in ("spf", "dmarc_record", "key_size") if r["checklist"][i]["mark"] == "no"]
       for r in map(json.loads, sys.stdin) if "checklist" in r])' <"$tap_dir/lacking.jsonl" | tr -d ' ')" \
	"[[],[],[],[],[],[],[],[],[],[],[],[],[],[]]" "without evidence nothing of the DNS is denied"
done_testing
