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
is "$? $(cat "$tap_dir/err")" "2 kantei: --bom goes with -f csv" "--bom elsewhere"
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
done_testing
