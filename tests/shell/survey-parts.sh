#!/bin/sh
# kantei survey in parts: shards put together again by kantei table, and runs that were killed and go on.
. "${top_srcdir:?}/tests/shell/tap.sh"
ln -s "$src/samples" "$src/tests" "$tap_dir"
cd "$tap_dir" || exit 1
export LC_ALL=C.UTF-8

municipalities()
{
	"$kantei" survey --offline -e samples/municipalities.dns --by municipality --cross kind "$@" samples/municipalities.csv 2>err
}

# A list of 22 with everything in it, and one that is no sender.
few()
{
	"$kantei" survey --offline -e tests/data/survey/senders.dns --by unit --cross capital=..1000,1000.. --cross size "$@" 2>err
}

# says TEXT: standard error has it.
says()
{
	grep -qF -- "$1" err
	ok $? "it says '$1'"
	head -3 err | sed 's/^/# /'
}

# records FILE…: the lines between first and last of each.
records()
{
	for file in "$@"; do
		sed '1d; $d' "$file"
	done
}

# --- workers, and shards
municipalities -j 1 -f jsonl -o one.jsonl
municipalities -j 4 -f jsonl -o whole.jsonl
cmp one.jsonl whole.jsonl
ok $? "one worker or four: the same"
for number in 1 2 3; do
	municipalities -f jsonl --shard "$number/3" -o "shard$number.jsonl"
done
is "$(wc -l <shard1.jsonl) $(wc -l <shard2.jsonl) $(wc -l <shard3.jsonl)" "375 375 375" "three shards are even"
records whole.jsonl >whole
records shard1.jsonl shard2.jsonl shard3.jsonl | cmp - whole
ok $? "one behind the other they are the whole"
"$python" "$src/tests/shell/validate.py" "$src/src/report/survey.schema.json" whole.jsonl shard2.jsonl >valid
is "$(cat valid)" "all lines hold" "JSON Lines by the schema"
"$kantei" table -f jsonl shard1.jsonl shard2.jsonl shard3.jsonl >merged 2>err
is "$? $(cat err)" "0 " "put together"
cmp whole.jsonl merged
ok $? "they are the results of the run, byte for byte"
municipalities --lang ja >whole.ja
cat shard1.jsonl shard2.jsonl shard3.jsonl | "$kantei" table --lang ja - >merged
cmp whole.ja merged
ok $? "the tables too, of one stream"
"$kantei" table --lang ja shard3.jsonl shard1.jsonl shard2.jsonl >merged
cmp whole.ja merged
ok $? "in whatever order they come"
municipalities --lang en --records valid --unit-rule any --cross region >whole.en
"$kantei" table --lang en --records valid --unit-rule any --cross kind --cross region shard2.jsonl shard3.jsonl shard1.jsonl >merged
cmp whole.en merged
ok $? "counted otherwise, as a run that counts so"

few -f jsonl tests/data/survey/senders.csv >few.jsonl
few -f jsonl --shard 1/4 tests/data/survey/senders.csv >one
few -f jsonl --shard 2/4 tests/data/survey/senders.csv >two
few -f jsonl --shard 3/4 tests/data/survey/senders.csv >three
few -f jsonl --shard 4/4 tests/data/survey/senders.csv >four
says "tests/data/survey/senders.csv: sender 21: 'neither nor' is no address and no domain"
is "$(for file in one two three four; do records $file | wc -l; done | tr '\n' ' ')" "5 6 5 6 " "22 senders in four parts"
is "$(records one | tail -1 | jq -r '.cells[0]')" "$(records two | head -1 | jq -r '.cells[0]')" "a unit stands in two of them"
for format in jsonl "html --lang ja" "csv -l --bom" csv "text -l --lang en"; do
	# shellcheck disable=SC2086
	few -f $format tests/data/survey/senders.csv >run
	# shellcheck disable=SC2086
	"$kantei" table -f $format one two three four >merged
	is "$?" 0 "put together as $format"
	cmp run merged
	ok $? "as the run has it"
done

"$kantei" table --lang en one three two >merged 2>err
is "$?" 1 "a shard that is missing"
says "shard 4 of 4 not given: the tables are of a part of the list"
"$kantei" table -f jsonl one two three four one >merged 2>err
is "$?$(cmp few.jsonl merged)" 0 "one that is given twice counts once"
says "5 sender(s) stand in more than one of the results, and count once; the first is one:2 (plain.example)"
says "shard 1 of 4 given more than once, and counted once"
sed '$d' two >torn-two
"$kantei" table one torn-two three four >merged 2>err
is "$?" 1 "one that was cut off"
says "torn-two: cut off: no summary stands behind its last record"
"$kantei" table -f jsonl one two three four shard1.jsonl >merged 2>err
is "$?" 1 "one of another list"
says "shard1.jsonl:1: not of the list of senders that one is of; it does not count"
records few.jsonl >a
records merged | cmp - a
ok $? "does not count"
sed '2s/"row":1,/"row":23,/' one >beyond
"$kantei" table beyond two three four >merged 2>err
is "$?" 1 "a row that the list does not have"
says "beyond:2: sender 23 of a list that has 22"
sed '1s/"kantei":"[^"]*"/"kantei":"0"/' two >older
"$kantei" table one older three four >merged 2>err
is "$?$(sed 's/version 0, there .*/version 0/' err)" "0kantei: older:1: not the run of one: version 0" "one of another version is told"
"$kantei" -q -f jsonl --offline samples/incident/genuine.eml >mail 2>err
"$kantei" table few.jsonl mail >merged 2>err
is "$? $(cat err)" "1 kantei: mail:1: results of mail among results of a survey" "mail among them"
"$kantei" table mail few.jsonl >merged 2>err
is "$? $(cat err)" "1 kantei: few.jsonl:1: results of a survey among results of mail" "or they among mail"
"$kantei" diff few.jsonl few.jsonl >merged 2>err
is "$? $(head -1 err)" "1 kantei: few.jsonl:1: results of a survey, which are not compared" "surveys are not compared"

# refused STATUS TEXT ARGUMENT…
refused()
{
	status=$1
	text=$2
	shift 2
	"$kantei" table -o kept "$@" 2>err
	is "$? $(cat err) $(find . -name kept)" "$status kantei: $text " "refused: $text"
}
refused 2 "results of a survey are printed with -f text, jsonl, csv or html" -f sqlite few.jsonl
refused 2 "--roster does not go with results of a survey" --roster samples/ministries.csv few.jsonl
refused 2 "--checklist does not go with results of a survey" --checklist few.jsonl
refused 2 "--unit-rule does not take 'latest'" --unit-rule latest few.jsonl
refused 1 "--by: the list has no column 'domain'; it has unit, size, capital, address, selector" --by domain few.jsonl
refused 1 "--cross: '9..1' is no range of numbers, as 10..20" --cross capital=9..1 few.jsonl
refused 2 "--records goes with results of a survey" --records set mail
refused 2 "--by does not take 'unit'" --by unit mail
refused 2 "--cross COLUMN goes with --roster FILE" --cross unit mail

# --- killed, and gone on with
points=${KANTEI_KILLS:-80}
for format in jsonl csv; do
	municipalities -f "$format" -l -o "whole.$format"
	"$python" tests/shell/kills.py "$((points / 8))" "$format" "$kantei" survey --offline -e samples/municipalities.dns \
		--by municipality --cross kind -q -f "$format" -l -o "killed.$format" samples/municipalities.csv >kills 2>&1
	is "$(tail -1 kills)" "$((points / 8)) killed, 0 failed" "$format: killed at $((points / 8)) points"
	cmp "whole.$format" "killed.$format"
	ok $? "$format: the report is that of a run that was not"
	is "$(ls "killed.$format"*)" "killed.$format" "$format: with nothing beside it"
done

cp tests/data/survey/senders.csv list.csv
few -f jsonl -o all list.csv
few -f jsonl --shard 4/4 -o all4 list.csv
few -f csv -o all.csv list.csv

# torn REPORT OCTETS: a report of which that much was written.
torn()
{
	rm -f part*
	head -c "$2" "$1" >part.partial
}

for octets in 100 700 9000 20000 21000; do
	torn all "$octets"
	few --resume -f jsonl -o part list.csv
	cmp all part
	ok $? "a report of which $octets octets are there"
done
says "22 sender(s) are recorded; the run goes on"
torn all4 3000
few --resume --shard 4/4 -f jsonl -o part list.csv
cmp all4 part
ok $? "one of a shard"
torn all 9000
few --resume -f csv -o part list.csv
cmp all.csv part
ok $? "one that becomes CSV"
few --resume -f jsonl -o all list.csv
is "$?$(ls all*)" "1all
all.csv
all4" "a finished one stays as it is, status and all"
torn all 9000
sed 's/"row":3,/"row":4,/' part.partial >moved
mv moved part.partial
few --resume -f jsonl -o part list.csv
cmp all part
ok $? "what is out of order is made anew"

# other TEXT ARGUMENT…: what is there is not of this run.
other()
{
	text=$1
	shift
	torn all 9000
	few --resume -f jsonl -o part "$@"
	is "$?$(ls part*)" "1part.partial" "$text: refused"
	says "part.partial is not of this run: $text; start anew without --resume"
}
other "how it counts, or its shard" --records valid list.csv
other "how it counts, or its shard" --shard 1/2 list.csv
echo '組織99,小,6,y@plain.example,' >>list.csv
other "the list of senders has changed since" list.csv
few -f jsonl -o part tests/data/survey/senders.csv
says "an unfinished report is thrown away; --resume goes on with it"
cmp all part
ok $? "without --resume all is made anew"
sed 1q all >mail.partial
"$kantei" -q --offline --resume -f jsonl -o mail samples/incident/genuine.eml 2>err
is "$?" 1 "mail does not go on with a survey"
"$kantei" survey --offline --resume -f text -o part list.csv 2>err
is "$?" 2 "--resume -f text"
done_testing
