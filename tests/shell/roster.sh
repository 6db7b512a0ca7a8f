#!/bin/sh
# --roster: who was expected, received and missing, units by its columns, cross tables; the same of a run and of
# saved results, in every format.
. "${top_srcdir:?}/tests/shell/tap.sh"
ln -s "$src/samples" "$src/tests" "$tap_dir"
cd "$tap_dir" || exit 1

ministries()
{
	"$kantei" -q --offline -e samples/ministries.dns --ca-file samples/ca.pem "$@" samples/ministries.mbox 2>err
}

incident()
{
	"$kantei" -q --offline -e samples/incident.dns --ca-file samples/ca.pem "$@" samples/incident 2>err
}

ministries -f jsonl >results.jsonl
for options in "--lang en" "--lang ja" "-f csv-tables" "-f jsonl"; do
	# shellcheck disable=SC2086
	ministries --roster samples/ministries.csv --by newsletter --cross class --cross organisation $options >run
	is "$? $(cat err)" "0 " "a run, $options"
	# shellcheck disable=SC2086
	"$kantei" table --roster samples/ministries.csv --by newsletter --cross class --cross organisation $options results.jsonl >again
	sed '/^{"run"/d' run >a
	sed '/^{"run"/d' again | cmp - a
	ok $? "saved results give the same, $options"
done
"$kantei" table --lang en --roster samples/ministries.csv --by newsletter results.jsonl >text
is "$(sed -n '/^The roster/,/^$/p' text)" "The roster
  newsletter: expected 99, received 72, missing 27
  organisation: expected 72, received 72, missing 0
  address: expected 111, received 72, missing 39
  messages of others, which do not count: 0" "the survey's numbers"
is "$(sed -n '/^Nothing was received of: 27$/,/^$/p' text | grep -c 採用だより)" 27 "and who is missing"
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" run >valid
is "$(cat valid)" "all lines hold" "JSON Lines by the schema"

"$python" - >seen <<'EOF'
import csv, json
roster = list(csv.DictReader(open("samples/ministries.csv", encoding="utf-8")))
run, *records, summary = [json.loads(line) for line in open("run", encoding="utf-8")]
of = {row["address"]: row for row in roster}
summary = summary["summary"]
if summary["by"] != "newsletter" or summary["units"] != 72 or "by=newsletter" not in run["run"]["options"]:
    print(summary["by"], summary["units"], run)
for cross in summary["roster"]["cross"]:
    column = cross["column"]
    if [row["value"] for row in cross["rows"]] != list(dict.fromkeys(row[column] for row in roster)):
        print("values of", column)
    for row in cross["rows"]:
        units = [r["marks"] for r in records if of[r["message"]["author"]][column] == row["value"]]
        wanted = dict(value=row["value"], units=len(units), **{m: sum(u[m] == "yes" for u in units) for m in units[0]} if units else {})
        if row != wanted:
            print(row, wanted)
received = {record["message"]["author"] for record in records}
for tally in summary["roster"]["columns"]:
    values = list(dict.fromkeys(row[tally["name"]] for row in roster))
    came = {row[tally["name"]] for row in roster if row["address"] in received}
    if (tally["expected"], tally["received"], tally["missing"]) != (len(values), len(came), [v for v in values if v not in came]):
        print(tally)
EOF
is "$(cat seen)" "" "tallies and cross tables, counted by another program"

# A roster as people write it: a byte order mark, capitals, quotes, blank lines, addresses in several forms.
printf '\357\273\277News Letter , ADDRESS,Owner\r\n"Bank ""1""",INFO@Shoko-Bank.example.,"a,\nb"\r\n\r\n"Bank ""1""",x@shoko-bank.example\n<b>&\033[1m,kaito.1987@free-post.example,=1+1\r' >people.csv
incident --lang en --by 'news letter' --cross owner --roster people.csv >text
is "$? $(sed -n '/^By: Owner/,/^$/p' text | tr -s ' ')" '0 By: Owner
 Count S/MIME SPF DKIM DMARC
a,\x0Ab 1 0 (0.0%) 0 (0.0%) 0 (0.0%) 0 (0.0%)
- 0 0 (0.0%) 0 (0.0%) 0 (0.0%) 0 (0.0%)
=1+1 1 0 (0.0%) 1 (100.0%) 1 (100.0%) 1 (100.0%)' "a roster as people write it"
grep -q '^  messages of others, which do not count: 1$' text
ok $? "messages of others do not count"
grep -q '^  Bank "1" (12 messages)$' text
ok $? "the messages of a newsletter are one unit"
is "$(incident --lang en --by 'news letter' --roster people.csv --unit-rule any | sed -n 3,4p | tr -s ' ')" "× ○ ○ ○ 2 100.0%" "by --unit-rule"
incident --by 'news letter' --cross owner --roster people.csv -f html -o page.html
"$python" - >seen <<'EOF'
import html.parser, re
text = open("page.html", encoding="utf-8").read()
section = text[text.index('id="roster"'):]
section = section[:section.index("</section>")]
print("&lt;b&gt;&amp;" in text, "<b>&" in text, "\x1b" in text, "=1+1" in section, section.count("<tr>"))
EOF
is "$(cat seen)" "True False False True 4" "HTML has it, as text"
incident --by 'news letter' --cross owner --roster people.csv --lang en | grep -c "$(printf '\033')" >seen
is "$(cat seen)" 0 "nothing moves the cursor"

# What is refused.
# refused STATUS TEXT ROSTER OPTION…
refused()
{
	status=$1
	text=$2
	roster=$3
	shift 3
	incident --roster "$roster" "$@" >out
	is "$? $(cat err) $(cat out)" "$status kantei: $text " "refused: $text"
}
refused 1 "--by: the roster has no column 'class'; it has News Letter, ADDRESS, Owner" people.csv --by class
refused 1 "--cross: the roster has no column 'x'; it has News Letter, ADDRESS, Owner" people.csv --cross x
printf 'name,mail\na,b\n' >nobody.csv
refused 1 "nobody.csv: its first row names no column 'address'" nobody.csv
printf 'address\n"a\nb\n' >quote.csv
refused 1 "quote.csv: line 2: a quote without its end" quote.csv
printf 'address,name\na@example.jp,\223\372\226\173\n' >sjis.csv
refused 1 'sjis.csv: line 2: this is not UTF-8; a spreadsheet saves it as "CSV UTF-8"' sjis.csv
: >empty.csv
refused 1 "empty.csv: its first row names no column 'address'" empty.csv
refused 1 "the report would overwrite what it is made from; -o names another file" people.csv -o people.csv
incident --cross owner >out
is "$? $(cat err)" "2 kantei: --cross COLUMN goes with --roster FILE" "--cross without --roster"
incident --by owner >out
is "$? $(cat err)" "2 kantei: --by does not take 'owner'" "--by COLUMN without --roster"
"$kantei" table --roster no-such-file results.jsonl >out 2>err
is "$? $(grep -c 'no-such-file' err)" "1 1" "a roster that is not there"
done_testing
