#!/bin/sh
# kantei survey: the tables of both surveys, every format by a reader of its own, live against replay, and what is not
# known.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/servers.sh"
ln -s "$src/samples" "$tap_dir"
cd "$tap_dir" || exit 1

municipalities()
{
	"$kantei" survey --offline -e samples/municipalities.dns --by municipality "$@" samples/municipalities.csv 2>err
}

companies()
{
	"$kantei" survey --offline -e samples/companies.dns "$@" samples/companies.csv 2>err
}

# row LABEL FILE: its figures, with single blanks.
row()
{
	sed -n "s/^$1 \{1,\}\(.*\)/\1/p" "$2" | tr -s ' '
}

# --- the two surveys
municipalities --lang en --cross kind=村,市 >text
is "$? $(cat err)" "0 " "the municipalities"
is "$(row All text)" "1026 923 (90.0%) 146 (14.2%) 144 (14.0%) 101 (9.8%) 0 (0.0%)" "the survey's numbers"
is "$(sed -n '/^By: kind/,/^$/p' text | awk 'NR > 2 && NF {print $1, $2}' | tr '\n' ' ')" \
	"村 88 市 422 (other) 516 " "classes in the order that is given, and the others"
municipalities --lang ja >text
is "$(row 全体 text)" "1026 923 (90.0%) 146 (14.2%) 144 (14.0%) 101 (9.8%) 0 (0.0%)" "in Japanese"
sed 's/SPF\|DMARC\|MX\|IPv6\|DNSSEC\|DNS\|DKIM\|all\|redirect\|include//g; s/[a-z]* [0-9]* ([0-9.]*%)//g' text | grep -E '[A-Za-z]{3,}' >english
is "$(cat english)" "" "and no English is left"
municipalities --lang en --unit-rule any >text
is "$(row All text | cut -d' ' -f1,2,4,6)" "1026 948 205 203" "any address of a unit"
municipalities --lang en --records valid >text
is "$(row All text | cut -d' ' -f1,2,4,6)" "1026 916 146 144" "records that are valid"
grep -q '^SPF and DMARC published (records that are valid)$' text
ok $? "and it is said which count"
companies --lang en --cross capital=..10000,10000..50000,50000..100000,100000.. \
	--cross sales=..1000000,1000000..10000000,10000000.. >text
is "$(row All text)" "400 250 (62.5%) 4 (1.0%) 3 (0.8%) 147 (36.8%) 2 (0.5%)" "the companies"
is "$(sed -n '/^By: sales/,/^$/p' text | awk 'NR > 2 && NF {print $1, $2, $3}')" "..1000000 140 74
1000000..10000000 151 89
10000000.. 109 87" "by ranges of numbers"

# --- formats
municipalities -f jsonl --cross kind -o m.jsonl
companies -f jsonl --cross capital=..10000,10000.. -o c.jsonl
"$python" "$src/tests/shell/validate.py" "$src/src/report/survey.schema.json" m.jsonl c.jsonl >valid
is "$(cat valid)" "all lines hold" "JSON Lines by the schema"
municipalities -f csv --cross kind -o m.csv
municipalities -f csv -l -o list.csv
municipalities -f html --cross kind -o m.html
companies -f csv --bom -l -o c.csv
"$python" - >seen <<'PYTHON'
import collections, csv, html.parser, json

survey, *senders, summary = [json.loads(line) for line in open("m.jsonl", encoding="utf-8")]
summary = summary["summary"]
columns = survey["survey"]["columns"]
units = collections.OrderedDict()
for sender in senders:
    cells = dict(zip(columns, sender["cells"]))
    units.setdefault(cells["municipality"], (cells["kind"], []))[1].append(
        tuple(sender[m]["state"] in ("published", "invalid") for m in ("spf", "dmarc")))
marks = {unit: (kind, tuple(map(all, zip(*states)))) for unit, (kind, states) in units.items()}


def count(kinds):
    of = [mark for kind, mark in marks.values() if kind in kinds]
    return [len(of), sum(s for s, _ in of), sum(d for _, d in of), of.count((True, True)), of.count((False, False))]


names = ("units", "spf", "dmarc", "both", "neither")
if [summary["total"][n] for n in names] != count("市区町村") or count("市区町村") != [1026, 923, 146, 144, 101]:
    print("total", summary["total"], count("市区町村"))
print(sum(any(s for s, _ in states) for _, states in units.values()), sum(any(d for _, d in states) for _, states in units.values()))
several = sum(len(states) > 1 for _, states in units.values())
partly = sum(len(set(states)) > 1 for _, states in units.values())
if several < 60 or partly < 40:
    print("units of several addresses", several, partly)
rows = summary["cross"][0]["rows"]
for row in rows:
    if [row[n] for n in names] != count(row["value"]):
        print("class", row, count(row["value"]))
if sorted(row["value"] for row in rows) != sorted("市区町村"):
    print("classes", rows)

table = list(csv.DictReader(open("m.csv", encoding="utf-8", newline="")))
if table[0]["spf"] != "923" or table[0]["spf_percent"] != "90.0" or table[0]["column"] != "" or len(table) != 1 + len(rows):
    print("CSV", table[0])
for line, row in zip(table[1:], rows):
    if line["column"] != "kind" or line["class"] != row["value"] or any(int(line[n]) != row[n] for n in row if n != "value"):
        print("CSV", line, row)
listed = list(csv.DictReader(open("list.csv", encoding="utf-8", newline="")))
if len(listed) != len(senders) or None in listed[0]:
    print("CSV of senders", len(listed))
for line, sender in zip(listed, senders):
    if [line[c] for c in columns] != sender["cells"] or line["spf_state"] != sender["spf"]["state"] \
            or int(line["spf_ip4"]) != sender["spf"]["ip4"] or line["dmarc_policy"] != (sender["dmarc"]["policy"] or ""):
        print("CSV of senders", line)


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.rows, self.bad = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag in ("meta", "link", "br", "input"):
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if tag in ("meta",):
            return
        if not self.open or self.open.pop() != tag:
            self.bad.append(tag)

    def handle_data(self, data):
        if self.open and ("td" in self.open or "th" in self.open):
            self.rows[-1][-1] += data


page = Page()
text = open("m.html", encoding="utf-8").read()
page.feed(text)
if page.bad or page.open:
    print("HTML", page.bad[:3], page.open)
if page.rows[1][:3] != ["All", "1026", "923 (90.0%)"] and page.rows[1][:3] != ["全体", "1026", "923 (90.0%)"]:
    print("HTML", page.rows[:2])
if len([row for row in page.rows if "@" in row[0]]) != len(senders) or "default-src 'none'" not in text:
    print("HTML has not every sender")

company = {sender["row"]: sender for sender in map(json.loads, open("c.jsonl", encoding="utf-8")) if "row" in sender}
keys = [(k["selector"], k["status"], k["bits"], k["problem"], k["testing"]) for s in company.values() for k in s["keys"]]
if keys != [("s2018", "found", 256, None, False), ("mail", "unusable", 512, "weak", False), ("old", "revoked", 0, "empty", False),
            ("test", "found", 256, None, True), ("gone", "missing", 0, None, False)]:
    print("keys", keys)
if [company[i]["spf"]["outcome"] for i in (8, 112)] != ["SERVFAIL", "TIMEOUT"] or company[8]["spf"]["state"] != "unknown":
    print("not evaluable", company[8])
if company[4]["spf"]["dnssec"] != "ad" or company[5]["spf"]["dnssec"] != "no":
    print("DNSSEC", company[4], company[5])
if not open("c.csv", "rb").read().startswith(b"\xef\xbb\xbfcompany,"):
    print("no byte order mark")
PYTHON
is "$? $(cat seen)" "0 948 205" "JSON Lines, CSV and HTML, counted by another program"

# --- live against replay
port=$(free_port)
zone_of samples/municipalities.dns >zone
start_nsd zone "$port"
ok $? "NSD serves the sample's zone"
for format in jsonl html text; do
	"$kantei" survey -f $format -l --resolver "127.0.0.1@$port" -e live.dns --by municipality --cross kind \
		samples/municipalities.csv >live 2>err
	is "$? $(cat err)" "0 " "a live run, $format"
	"$kantei" survey -f $format -l --offline -e live.dns --by municipality --cross kind samples/municipalities.csv >offline
	cmp live offline
	ok $? "its replay gives the same, byte for byte"
done
grep '^;q ' live.dns | cut -d' ' -f2,3 | sort | uniq -d >twice
is "$(cat twice)" "" "each question is asked once"
is "$(grep -c '^;q ' live.dns)" "$(grep '^;q ' samples/municipalities.dns | cut -d' ' -f2,3 | sort -u | wc -l)" "and no other than the sample has"
is "$(row All live)$(row 全体 live)" "1026 923 (90.0%) 146 (14.2%) 144 (14.0%) 101 (9.8%) 0 (0.0%)" "and it gives the sample's table"
"$kantei" survey -f jsonl --resolver "127.0.0.1@$port" --by municipality samples/municipalities.csv >without 2>err
tail -1 without | grep -q '"spf":923,"dmarc":146,"both":144,"neither":101,"unknown":0'
ok $? "so does one without an evidence file"

# --- what is not known is not absent
servfail_port=$(free_port)
start_python servfail "$servfail_port"
ok $? "a resolver that says SERVFAIL"
head -21 samples/companies.csv >few.csv
"$kantei" survey --lang en --resolver "127.0.0.1@$servfail_port" few.csv >text 2>err
is "$? $(row All text)" "0 20 0 (0.0%) 0 (0.0%) 0 (0.0%) 0 (0.0%) 20 (100.0%)" "not evaluable, all of them"
"$kantei" survey --lang en --offline few.csv >text 2>err
is "$? $(row All text)" "0 20 0 (0.0%) 0 (0.0%) 0 (0.0%) 0 (0.0%) 20 (100.0%)" "likewise without evidence"
grep -q '^Senders for whom answers of the DNS are lacking: 20$' text
ok $? "and it is said whose answers are lacking"

# --- progress, and an end before the end
"$kantei" survey --offline --progress always -e samples/companies.dns samples/companies.csv >text 2>err
is "$(sed 's/[0-9]* senders.s/N senders\/s/' err)" "kantei: 400 senders, N senders/s" "progress"
silent_port=$(free_port)
start_python silent "$silent_port"
"$kantei" survey --lang en -o cut --resolver "127.0.0.1@$silent_port" -e cut.dns samples/companies.csv 2>err &
survey_pid=$!
sleep 1
kill -USR1 "$survey_pid"
sleep 1
kill -INT "$survey_pid"
wait "$survey_pid"
is "$? $(sed 's/:.*questions\|s, no DNS.*/: so far/' err | grep -v 'so far')" \
	"1 kantei: interrupted: stopped when 0 senders were done; the same command begins anew, with the DNS answers that are kept by now" \
	"an interrupt ends it"
grep -q '^kantei: 0 senders, 0 senders/s' err
ok $? "SIGUSR1 had it say how far it is"
grep -q '^Interrupted: only what was done so far is counted.$' cut
ok $? "the report says that it was cut off"

# --- lists as people write them
printf '\357\273\277Name , DOMAIN\r\n"A, ""B""",SHOKO-BANK.example.\r\n<b>\033[1m,no domain\r\n=1+1,"x@free-post.example"\r\n,\r\n' >people.csv
"$kantei" survey --lang en -l --offline -e samples/incident.dns people.csv >text 2>err
is "$? $(cat err)" "1 kantei: people.csv: sender 2: 'no domain' is no address and no domain
kantei: people.csv: sender 4: '' is no address and no domain" "what is no sender is named"
is "$(row All text | cut -d' ' -f1,2,4,10) $(grep -c '^SHOKO-BANK.example. spf=published' text)" "4 2 2 2 1" "and not evaluable"
"$kantei" survey -l -f csv --offline -e samples/incident.dns people.csv 2>err | "$python" -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
print([row["Name"] for row in rows], rows[0]["survey_domain"], {len(row) for row in rows})' >seen
is "$(cat seen)" "['A, \"B\"', '<b>\\\\x1B[1m', \"'=1+1\", ''] shoko-bank.example {28}" "CSV is disarmed"
"$kantei" survey -f html --offline -e samples/incident.dns --cross name people.csv 2>err | grep -c '<b>\|'"$(printf '\033')" >seen
is "$(cat seen)" 0 "HTML has markup as text"

# refused STATUS TEXT ARGUMENT…
refused()
{
	status=$1
	text=$2
	shift 2
	"$kantei" survey --offline "$@" >out 2>err
	is "$? $(cat err) $(cat out)" "$status kantei: $text " "refused: $text"
}
refused 2 "one list of senders (CSV) is surveyed; try 'kantei --help'"
refused 2 "one list of senders (CSV) is surveyed; try 'kantei --help'" few.csv few.csv
refused 2 "'kantei survey' does not take --roster" --roster few.csv few.csv
refused 2 "--unit-rule does not take 'latest'" --unit-rule latest few.csv
refused 2 "--records does not take 'all'" --records all few.csv
refused 2 "--format does not take 'sqlite'" -f sqlite -o x few.csv
refused 1 "--by: the list has no column 'unit'; it has company, trade, capital, employees, sales, domain, selectors" --by unit few.csv
refused 1 "--cross: the list has no column 'size=1..2'; it has company, trade, capital, employees, sales, domain, selectors" \
	--cross size=1..2 few.csv
refused 1 "--cross: '9..1' is no range of numbers, as 10..20" --cross capital=9..1 few.csv
printf 'name,mail\na,b\n' >nobody.csv
refused 1 "nobody.csv: its first row names no column 'address' or 'domain'" nobody.csv
refused 1 "the report would overwrite what it is made from; -o names another file" -o few.csv few.csv
"$kantei" --records set samples/incident >out 2>err
is "$? $(cat err)" "2 kantei: 'kantei' does not take --records" "--records is survey's"
stop_servers
done_testing
