#!/bin/sh
# -f sqlite: the file is sound, the same each time, says what the records say, and answers the questions that
# the manual asks; jq reads the records.
. "${top_srcdir:?}/tests/shell/tap.sh"
ln -s "$src/samples" "$src/tests" "$src/man" "$tap_dir"
cd "$tap_dir" || exit 1

incident()
{
	"$kantei" -q --offline -e samples/incident.dns --ca-file samples/ca.pem "$@" samples/incident
}

ministries()
{
	"$kantei" -q --offline -e samples/ministries.dns --ca-file samples/ca.pem "$@" samples/ministries.mbox
}

hostile()
{
	"$kantei" -q --offline -e tests/data/formats/hostile.dns --authserv-id mx.receiver.example "$@" \
		tests/data/formats/hostile.mbox
}

# ask FILE SQL
ask()
{
	sqlite3 -batch "$1" "$2" 2>&1
}

incident -f sqlite --checklist -o mail.sqlite
is "$? $(find . -name '.kantei-*')" "0 " "-f sqlite -o"
incident -f sqlite --checklist -o again.sqlite
cmp mail.sqlite again.sqlite
ok $? "the same bytes again"
ministries -f sqlite -o ministries.sqlite
hostile -f sqlite -o hostile.sqlite
for name in mail ministries hostile; do
	is "$(ask $name.sqlite 'PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA application_id; PRAGMA user_version')" \
		"ok
1801547380
1" "$name is sound"
done
is "$(ask mail.sqlite "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name)")" \
	"answers checks differences findings hops message_answers messages runs signatures signers" "the tables"

# Table 1, as the text has it.
ask ministries.sqlite 'SELECT smime, spf, dkim, dmarc, count, share FROM table1' | tr '|' ' ' >table1
ministries --lang en --marks words | sed -n '3,9p' | tr -s ' ' | tr -d '%' >wanted
is "$(cat table1)" "$(cat wanted)" "the view table1 of the ministries"
for name in ministries incident; do
	$name -f jsonl --checklist >$name.jsonl
	"$kantei" table -f sqlite -o results.sqlite $name.jsonl
	"$kantei" table --lang en --marks words --by sender $name.jsonl | sed -n '/^S.MIME/,/^$/p' | sed '1d; $d' |
		tr -s ' ' | tr -d '%' | sed 's/?/unknown/g' >wanted
	is "$(ask results.sqlite 'SELECT * FROM table1_by_sender' | tr '|' ' ')" "$(cat wanted)" "table1_by_sender, $name"
done
ask mail.sqlite .dump | grep -v -e '^INSERT INTO hops' -e '^INSERT INTO runs' >run.sql
ask results.sqlite .dump | grep -v '^INSERT INTO runs' >results.sql
cmp run.sql results.sql
ok $? "saved results give the same rows, but for the hops"
"$kantei" explain -q -f jsonl --offline -e samples/incident.dns --ca-file samples/ca.pem samples/incident >account.jsonl
"$kantei" table -f sqlite -o results.sqlite account.jsonl
ask mail.sqlite 'SELECT * FROM hops' >hops
ask results.sqlite 'SELECT * FROM hops' | cmp - hops && test -s hops
ok $? "accounts have the hops too"

# Row by row, by another reader.
hostile -f jsonl >hostile.jsonl
"$python" - >seen <<'EOF'
import json, sqlite3


def plain(value):
    return json.loads(value) if isinstance(value, str) and value[:1] in "[" else value


for name, database in ("incident", "mail"), ("ministries", "ministries"), ("hostile", "hostile"):
    run, *records, summary = [json.loads(line) for line in open(name + ".jsonl", encoding="utf-8")]
    db = sqlite3.connect(database + ".sqlite")
    db.row_factory = sqlite3.Row
    rows = db.execute("SELECT * FROM messages ORDER BY id").fetchall()
    if len(rows) != len(records):
        print(name, len(rows), "rows,", len(records), "records")
    for row, record in zip(rows, records):
        for column, value in (("path", record["source"]["path"]), ("position", record["source"]["index"]),
                              ("subject", record["message"]["subject"]), ("author", record["message"]["author"]),
                              ("list_id", record["message"]["list_id"]), ("mail_from", record["envelope"]["mail_from"]),
                              ("in_doubt", record["envelope"]["in_doubt"]), ("spf", record["marks"]["spf"]),
                              ("dkim_reason", record["dkim"]["reason"]), ("dmarc_bestguess", record["dmarc"]["bestguess"]),
                              ("recorded_dkim", record["recorded"]["dkim"])):
            if row[column] != value:
                print(name, row["id"], column, repr(row[column]), repr(value))
        if plain(row["from_addresses"]) != record["message"]["from"]:
            print(name, row["id"], row["from_addresses"])
        of = lambda table: db.execute("SELECT * FROM %s WHERE message = ? ORDER BY number" % table, (row["id"],)).fetchall()
        for table, list_, members in (("signatures", record["dkim"]["signatures"], ("domain", "selector", "result", "final", "key")),
                                      ("findings", record["findings"], ("code", "severity", "detail")),
                                      ("differences", record["differences"], ("method", "recorded", "cause")),
                                      ("signers", record["smime"]["signers"], ("subject", "serial", "weak"))):
            got = [tuple(r[m] for m in members) for r in of(table)]
            if got != [tuple(value[m] for m in members) for value in list_]:
                print(name, row["id"], table, got)
        checks = [(item, c["mark"], c["reason"], c["text"]) for item, c in record.get("checklist", {}).items()]
        if [tuple(r)[2:] for r in of("checks")] != (checks if name == "incident" else []):
            print(name, row["id"], "checks")
        answers = db.execute("SELECT name, type, outcome, methods FROM answers JOIN message_answers ON answer = id"
                             " WHERE message = ? ORDER BY message_answers.rowid", (row["id"],)).fetchall()
        if [(a["name"], a["type"], a["outcome"], plain(a["methods"])) for a in answers] != \
                [(a["name"], a["type"], a.get("outcome"), a["methods"]) for a in record["answers"] + record["lacking"]]:
            print(name, row["id"], "answers")
    counts = [(item, c["yes"], c["no"], c["unknown"]) for item, c in summary["summary"].get("checklist", {}).items()
              if item != "messages"]
    if [tuple(row) for row in db.execute("SELECT * FROM checklist")] != (counts if name == "incident" else []):
        print(name, "checklist", counts)
    got = db.execute("SELECT count(*), count(DISTINCT name || ' ' || type || ' ' || coalesce(at, '')) FROM answers").fetchone()
    if got[0] != got[1]:
        print(name, "an answer twice", tuple(got))
    line = db.execute("SELECT kantei, options, messages, problems, interrupted, evidence FROM runs").fetchall()
    if [tuple(map(plain, row)) for row in line] != [(run["run"]["kantei"], run["run"]["options"], summary["summary"]["messages"],
                                                    summary["summary"]["problems"], summary["summary"]["interrupted"],
                                                    summary["summary"]["evidence"])]:
        print(name, "run", [tuple(row) for row in line])
EOF
is "$(cat seen)" "" "Python's sqlite3 reads what the records say, hostile ones too"

# The questions of the manual; each is answered by one of the files.
incident -f sqlite -o twice.sqlite samples/incident/genuine.eml
incident -f jsonl -o twice.jsonl samples/incident/genuine.eml
cp incident.jsonl mail.jsonl
"$python" - >count <<'EOF'
import re, subprocess
page = open("man/kantei-formats.7", encoding="utf-8").read()
page = page[:page.index("With DuckDB")]
blocks = re.findall(r"^\.Bd -literal -offset indent\n(.*?)^\.Ed$", page, re.M | re.S)
count = 0
for block in blocks:
    for text in block.replace("\\e", "\\").strip().split("\n\n"):
        answered = False
        for name in "mail", "hostile", "twice":
            command = ["sh", "-c", text.replace("mail.", name + ".")] if text.startswith("jq ") else \
                ["sqlite3", "-bail", "-batch", name + ".sqlite", text]
            done = subprocess.run(command, capture_output=True, text=True)
            answered = answered or bool(done.stdout)
            if done.returncode or done.stderr:
                print(text, done)
        if not answered:
            print("nothing:", text)
        count += 1
print(count)
EOF
is "$(cat count)" 22 "the manual's questions are answered"

# DuckDB is in no distribution that the tests run on: what the recipes name must be in the schemas, and in what is there;
# KANTEI_DUCKDB names a folder of modules that has it.
"$kantei" survey -f jsonl --offline -e samples/municipalities.dns --by municipality -o senders.jsonl samples/municipalities.csv
"$python" - "$src/src/report" >names <<'EOF'
import json, re, sys
page = open("man/kantei-formats.7", encoding="utf-8").read()
block = re.search(r"^\.Bd .*?\n(.*?)^\.Ed$", page[page.index("With DuckDB"):], re.M | re.S).group(1)


def has(schema, names):
    '''The members, one below the other; [*] and [N] are of lists.'''
    for name in names:
        name, bracket = re.match(r"(\w+)(\[.*\])?$", name).groups()
        schema = schema.get("properties", {}).get(name)
        if schema is not None and bracket:
            schema = schema.get("items")
        if schema is None:
            return False
    return True


def find(value, names):
    for name in names:
        name, index = re.match(r"(\w+)(?:\[(.*)\])?$", name).groups()
        value = value.get(name)
        if index is not None:
            value = value[0 if index == "*" else int(index)] if value else None
        if value is None:
            return False
    return True


paths = 0
for query in block.strip().split("\n\n"):
    name = "survey" if "senders.jsonl" in query else "record"
    schema = json.load(open("%s/%s.schema.json" % (sys.argv[1], name), encoding="utf-8"))["definitions"]["message"]
    lines = list(map(json.loads, open("senders.jsonl" if name == "survey" else "mail.jsonl", encoding="utf-8")))
    for path in re.findall(r"'\$\.([^']*)'", query):
        paths += 1
        if not has(schema, path.split(".")):
            print("not in the schema:", path)
        if not any(find(line, path.split(".")) for line in lines):
            print("nowhere:", path)
print(paths)
EOF
is "$(cat names)" 8 "what the DuckDB recipes name is there"
if [ -n "${KANTEI_DUCKDB:-}" ]; then
	node "$src/tests/shell/duckdb.js" "$KANTEI_DUCKDB" man/kantei-formats.7 >duck 2>&1
	is "$(cat duck)" 4 "DuckDB answers them"
else
	echo "# not run: the recipes in DuckDB; KANTEI_DUCKDB names no folder of modules"
fi

# What is refused.
"$kantei" -f sqlite samples/incident >out 2>err
is "$? $(cat err)" "2 kantei: -f sqlite needs -o FILE" "not to standard output"
mkfifo fifo
incident -f sqlite -o fifo 2>err
is "$? $(cat err)" "1 kantei: fifo: an SQLite file is written to a regular file; -o names one" "nor into a FIFO"
echo old >old
chmod 600 old
incident -f sqlite -o old
is "$? $(head -c 15 old) $(stat -c %a old)" "0 SQLite format 3 600" "a file is replaced, and hands down its mode"
echo kept >old
(
	trap '' XFSZ
	ulimit -f 40
	incident -f sqlite -o old 2>err
)
is "$? $(cat old) $(grep -c '^kantei: old: the report cannot be written' err) $(find . -name '.kantei-*')" "1 kept 1 " \
	"what cannot be written leaves the old one"
done_testing
