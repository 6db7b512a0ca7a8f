#!/bin/sh
# -f csv: read by another project's reader, the columns that the manual names, and no cell that a spreadsheet
# would compute or that breaks its line, whatever the mail says.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

incident()
{
	"$kantei" -q --offline -e samples/incident.dns --ca-file samples/ca.pem "$@" samples/incident
}

hostile()
{
	"$kantei" -q --offline -e tests/data/formats/hostile.dns --authserv-id mx.receiver.example "$@" \
		tests/data/formats/hostile.mbox
}

incident -f csv >"$tap_dir/incident.csv"
is "$?" 0 "-f csv"
incident -f jsonl >"$tap_dir/incident.jsonl"
"$kantei" table -f csv "$tap_dir/incident.jsonl" >"$tap_dir/again.csv"
cmp -s "$tap_dir/incident.csv" "$tap_dir/again.csv"
ok $? "saved results give the same bytes"
"$kantei" explain -q -f csv --message 3 --offline -e samples/incident.dns --ca-file samples/ca.pem samples/incident |
	tail -1 >"$tap_dir/third.csv"
sed -n 4p "$tap_dir/incident.csv" | cmp -s - "$tap_dir/third.csv"
ok $? "explain --message chooses a row"
incident -f csv --bom -o "$tap_dir/bom.csv"
is "$(head -c 3 "$tap_dir/bom.csv" | od -An -tx1)" " ef bb bf" "--bom"
tail -c +4 "$tap_dir/bom.csv" | cmp -s - "$tap_dir/incident.csv"
ok $? "and the same behind it"
"$kantei" -f jsonl --bom samples/incident >/dev/null 2>"$tap_dir/err"
is "$? $(cat "$tap_dir/err")" "2 kantei: --bom goes with -f csv and -f csv-tables" "--bom elsewhere"
incident -f csv --lang ja --marks oxdash | cmp -s - "$tap_dir/incident.csv"
ok $? "the same in every language"

hostile -f csv >"$tap_dir/hostile.csv"
hostile -f jsonl >"$tap_dir/hostile.jsonl"
"$python" - "$tap_dir" man/kantei-formats.7 >"$tap_dir/seen" <<'EOF'
import csv, json, re, sys, unicodedata
folder, manual = sys.argv[1:]


def rows(name):
    with open("%s/%s.csv" % (folder, name), encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


for name in "incident", "hostile":
    head, *body = rows(name)
    records = [json.loads(line) for line in open("%s/%s.jsonl" % (folder, name), encoding="utf-8")][1:-1]
    if len(records) != len(body) or {len(row) for row in body} != {len(head)}:
        print(name, "rows", len(body), len(records))
    for row, record in zip(body, records):
        cells = dict(zip(head, row))
        wanted = {"sha256": record["source"]["sha256"], "index": str(record["source"]["index"]),
                  "spf": record["marks"]["spf"], "dkim_reason": record["dkim"]["reason"],
                  "client_ip": record["envelope"]["client_ip"], "alerts":
                  str(sum(f["severity"] == "alert" for f in record["findings"])),
                  "findings": " ".join(f["code"] for f in record["findings"])}
        for column, text in wanted.items():
            if cells[column] != text:
                print(name, column, repr(cells[column]), repr(text))
        for column, cell in cells.items():
            if re.match(r"[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell) or \
                    any(unicodedata.category(c) in ("Cc", "Cf") for c in cell):
                print(name, column, repr(cell))
raw = open(folder + "/hostile.csv", "rb").read()
if raw.count(b"\r\n") != raw.count(b"\n") or raw.count(b"\n") != 8:
    print("line ends", raw.count(b"\n"))
head, *body = rows("hostile")
cell = lambda row, column: body[row - 1][head.index(column)]
for row, column, text in ((1, "subject", '\'=HYPERLINK("http://192.0.2.1/","x")'), (1, "list_id", "'+1+1"),
                          (2, "subject", "Robert'); DROP TABLE messages;--"), (1, "spf_term", "'-all"),
                          (5, "subject", "'\uff0b1\uff0b1"), (6, "subject", "' =1+1"), (7, "subject", "'-1"),
                          (5, "mail_from", '"; dmarc=pass (a"@hostile.example'), (7, "recorded_dmarc", "'-2")):
    if cell(row, column) != text:
        print(row, column, repr(cell(row, column)))
if "\\x0D\\x0AAuthentication-Results" not in cell(3, "subject") or "\\u{202E}" not in cell(3, "subject"):
    print(cell(3, "subject"))
text = open(manual, encoding="utf-8").read()
text = text[text.index(".Sh CSV"):text.index(".El", text.index(".Sh CSV"))]
named = [word for line in re.findall(r"^\.It Cm (.*)$", text, re.M) for word in line.split(" , ")]
if named != head:
    print("the manual names", named, "and there are", head)
EOF
is "$(cat "$tap_dir/seen")" "" "what Python's reader has of it: rows, records, harmless cells, the manual's columns"

# The tables: every count of the summary, and no other; from saved results the same bytes.
ministries()
{
	"$kantei" -q --checklist --offline -e samples/ministries.dns --ca-file samples/ca.pem --by newsletter \
		--roster samples/ministries.csv --cross class --cross organisation "$@" samples/ministries.mbox
}
ministries -f csv-tables >"$tap_dir/tables.csv"
is "$?" 0 "-f csv-tables"
ministries -f jsonl >"$tap_dir/tables.jsonl"
"$kantei" table -q --checklist -f csv-tables --by newsletter --roster samples/ministries.csv --cross class \
	--cross organisation "$tap_dir/tables.jsonl" >"$tap_dir/again.csv"
cmp -s "$tap_dir/tables.csv" "$tap_dir/again.csv"
ok $? "saved results give the same tables"
ministries -f csv-tables --bom --lang ja | tail -c +4 | cmp -s - "$tap_dir/tables.csv"
ok $? "with a byte order mark, and in every language"
is "$("$kantei" table -q -l -f csv-tables "$tap_dir/tables.jsonl" | grep -c '^patterns,newsletter\|^patterns,message')" \
	"$(grep -c '^patterns' "$tap_dir/tables.csv")" "no line of a message is among them"
"$kantei" explain -f csv-tables samples/incident >/dev/null 2>"$tap_dir/err"
is "$? $(cat "$tap_dir/err")" "2 kantei: --format does not take 'csv-tables'" "an account has no tables"
"$python" - "$tap_dir" >"$tap_dir/seen" <<'EOF'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/tables.csv", encoding="utf-8", newline=""), strict=True))
summary = json.loads(open(sys.argv[1] + "/tables.jsonl", encoding="utf-8").read().splitlines()[-1])["summary"]
of = lambda name: [row for row in rows if row["table"] == name]
methods = ("smime", "spf", "dkim", "dmarc")
if [[*(r[m] for m in methods), int(r["count"]), r["percent"] + "%"] for r in of("patterns")] != \
        [[*(r[m] for m in methods), r["count"], r["share"]] for r in summary["table"]]:
    print("patterns")
for name, member in ("marks", "totals"), ("results", "results"):
    got = {(r["item"], r["value"]): int(r["count"]) for r in of(name)}
    if got != {(m, w): n for m in methods for w, n in summary[member][m].items()} or any(
            r["total"] != str(summary["units"]) or r["by"] != "newsletter" for r in of(name)):
        print(name, got)
roster = summary["roster"]
got = {(r["by"], r["value"]): int(r["count"]) for r in of("roster") if r["value"] != "outside"}
wanted = {(c["name"], w): c["received"] if w == "received" else len(c["missing"]) for c in roster["columns"]
          for w in ("received", "missing")}
if got != wanted or int(of("roster")[-1]["count"]) != roster["outside"]:
    print("roster", got, wanted)
if [(r["by"], r["group"]) for r in of("missing")] != [(c["name"], n) for c in roster["columns"] for n in c["missing"]]:
    print("missing")
if [(r["by"], r["group"], r["item"], int(r["count"]), int(r["total"] or 0)) for r in of("cross")] != \
        [(c["column"], row["value"], m, row[m], row["units"]) for c in roster["cross"] for row in c["rows"] for m in methods]:
    print("cross")
checks = {i: m for i, m in summary["checklist"].items() if i != "messages"}
if {(r["item"], r["value"]): int(r["count"]) for r in of("checklist")} != {(i, w): n for i in checks for w, n in checks[i].items()}:
    print("checklist")
if sum(int(r["count"]) for r in of("months") if r["item"] == "spf") != 72 or len(of("spf_wrong")) != 2 or len(of("all_but_smime")) != 6:
    print("months or lists")
if {r["table"] for r in rows} != {"patterns", "marks", "results", "months", "spf_wrong", "all_but_smime", "roster", "missing",
                                  "cross", "checklist"}:
    print({r["table"] for r in rows})
EOF
is "$(cat "$tap_dir/seen")" "" "what Python's reader has of the tables is the summary"
done_testing
