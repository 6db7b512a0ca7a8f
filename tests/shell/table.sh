#!/bin/sh
# kantei table: the tables again from saved results, as the run that wrote them printed them; shards of
# a split run together; what is damaged is named, and the rest is counted.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/inputs.sh"
cd "$tap_dir" || exit 1
ln -s "$src/samples" "$src/tests" .

# analyse WHAT OPTION…: one of inputs.sh
analyse()
{
	what=$1
	shift
	with_mail "$what" "$kantei" -q --offline --ca-file samples/ca.pem "$@" 2>err
}

# again NAME OPTION… RESULTS…: kantei table into again; all is well, and nothing is remarked.
again()
{
	name=$1
	shift
	"$kantei" table "$@" >again 2>err
	is "$? $(cat err)" "0 " "$name"
}

# same WANTED NAME: what is in again is in that file too, byte for byte.
same()
{
	cmp "$1" again 2>&1 | sed 's/^/# /'
	cmp -s "$1" again
	ok $? "$2"
}

for what in ministries incident mailboxes; do
	analyse "$what" -f jsonl >"$what.jsonl"
	for options in "--lang en" "--lang ja" "--by sender" "--by domain" "--by list" "--basis recorded" \
		"--basis recorded --by domain" "--by domain --unit-rule any" "--by sender --unit-rule latest --marks double -l" \
		"--marks double -f jsonl --by list --unit-rule latest" "--marks words -l" "--color always -l --lang ja" "-f jsonl" \
		"-f jsonl --by list --basis recorded"; do
		# shellcheck disable=SC2086
		analyse "$what" $options >run
		# shellcheck disable=SC2086
		again "$what: $options" $options "$what.jsonl"
		same run "$what: the bytes of the run, $options"
	done
done
test -s run
ok $? "the runs print something"

# A run with a unit of its own is counted that way again, unless another one is asked for.
analyse ministries -f jsonl --by domain --basis recorded >by-domain.jsonl
analyse ministries --by domain --basis recorded >run
again "without --by" by-domain.jsonl
same run "as the run counted"
analyse incident -f jsonl --by domain --unit-rule any >by-any.jsonl
analyse incident --by domain --unit-rule any >run
again "without --unit-rule" by-any.jsonl
same run "by the rule of the run"
analyse incident --by domain >run-all
cmp -s run run-all
is "$?" 1 "which is another table than by the default one"
analyse ministries --by list --basis recomputed >run
again "another --by" --by list --basis recomputed by-domain.jsonl
same run "as the line says"
LC_ALL=C "$kantei" table ministries.jsonl >again
LC_ALL=C analyse ministries >run
same run "in the C locale"

# Accounts: their command line and the digests of their inputs are kept.
"$kantei" explain -q -f jsonl --offline -e samples/incident.dns --ca-file samples/ca.pem samples/incident >account.jsonl
again "accounts" -f jsonl account.jsonl
same account.jsonl "are the accounts"

# Shards.
"$python" tests/shell/shards.py ministries.jsonl 3 block block
"$python" tests/shell/shards.py ministries.jsonl 3 deal deal
analyse ministries --lang ja >run
again "three shards" --lang ja block1 block2 block3
same run "print what the run printed"
cat block1 block2 block3 | "$kantei" table --lang ja - >again
same run "as one stream too"
again "three shards merged" -f jsonl block1 block2 block3
same ministries.jsonl "are the results of the run, byte for byte"
"$kantei" table -f jsonl block1 block2 >merged
again "merged again with the rest" -f jsonl merged block3
same ministries.jsonl "are the results of the run too"

# Without the lists, whose units stand in the order in which they come, every order is the same.
counts()
{
	sed '/^  samples/d; /^    spf=/d' "$1"
}
counts run >run-counts
for order in "1 2 3" "1 3 2" "2 1 3" "2 3 1" "3 1 2" "3 2 1"; do
	for how in block deal; do
		files=
		for number in $order; do
			files="$files $how$number"
		done
		# shellcheck disable=SC2086
		"$kantei" table --lang ja $files >again
		counts again >again-counts
		is "$(cat again-counts)" "$(cat run-counts)" "$how, order $order"
		is "$(sort again)" "$(sort run)" "$how, order $order: the lists hold the same"
	done
done

# The same message in two files.
"$kantei" table --lang ja block1 block2 block1 block3 block2 >again 2>err
is "$?" 0 "shards given twice"
is "$(cat err)" "kantei: 48 message(s) stand in more than one of the results, and count once; the first is \
block1:2 (samples/ministries.mbox#1)" "are told"
same run "and count once"
"$kantei" table -q block1 block1 >again 2>err
is "$(cat err)" "" "-q keeps quiet about them"
analyse ministries -f jsonl samples/ministries.mbox >twice.jsonl
analyse ministries samples/ministries.mbox >run-twice
again "a run that was given its mailbox twice" twice.jsonl
same run-twice "counted it twice, and so do its tables"

# Runs that are not of one piece.
sed '1s/dmarc=9989/dmarc=7489/; 1s/OpenSSL [^"]*/OpenSSL 9.9/' block2 >other
"$kantei" table --lang en block1 other >again 2>err
is "$?" 0 "shards of different runs"
is "$(sed 's/there [^;]*$/there X/' err)" \
	"kantei: other:1: not the run of block1: option dmarc 7489, there 9989; library OpenSSL 9.9, there X" \
	"are told apart"
grep -q '^Total: 48' again
ok $? "and counted"
sed '1s/by=message/by=domain/' block2 >other
again "how a run counted makes no difference" block1 other

# Problems of the runs are those of their tables.
sed '$s/"problems":0/"problems":2/; $s/"interrupted":false/"interrupted":true/' block3 >stopped
again "a run that was stopped" --lang en block1 block2 stopped
is "$(grep -c -e '^Inputs that could not be read or analysed: 2$' -e '^Interrupted' again)" 2 "is said to have been"
sed '$s/"evidence":"[^"]*"/"evidence":"00"/' block3 >elsewhere
again "shards with their own evidence" -f jsonl block1 block2 elsewhere
tail -1 again | grep -q '"evidence":null'
ok $? "have no evidence file in common"

# damaged NAME TEXT TOTAL FILE…: what is wrong is said, with status 1, and the rest counted.
damaged()
{
	name=$1
	text=$2
	total=$3
	shift 3
	"$kantei" table --lang en "$@" >again 2>err
	is "$?" 1 "$name: status 1"
	grep -qF -- "kantei: $text" err
	ok $? "$name: it says '$text'"
	head -3 err | cut -c1-200 | sed 's/^/# /'
	is "$(grep '^Total' again)" "Total: $total" "$name: the others are counted"
	grep -q '^Inputs that could not be read or analysed: ' again
	ok $? "$name: the tables say that they are not whole"
}

sed '$d' block2 >cut-off
damaged "no summary" "cut-off: cut off: no summary stands behind its last record" 72 block1 cut-off block3
head -23 block2 >torn
sed -n 24p block2 | head -c 1000 >>torn
damaged "a torn line" "torn:24: torn: the file ends within this line" 70 block1 torn block3
sed '5s/.*/From mail/' block2 >garbage
damaged "garbage" "garbage:5: no JSON: " 71 block1 garbage block3
sed '5s/^{"schema":1/{"schema":7/' block2 >schema
damaged "a record of another schema" "schema:5: a record of schema 7; this version of kantei reads schema 1" 71 \
	block1 schema block3
sed '1s/"schema":1/"schema":7/' block2 >schema
damaged "a run of another schema" "schema:1: results of schema 7; this version of kantei reads schema 1" 48 \
	block1 schema block3
sed '5d' block2 >lost
damaged "a lost line" "lost:25: the summary counts 24 messages, and there are 23" 71 block1 lost block3
damaged "no file" "no-such-file: No such file or directory" 72 block1 no-such-file block2 block3
damaged "a folder" "samples: Is a directory" 24 samples block1
damaged "a mailbox" "samples/ministries.mbox:1: no JSON: " 24 samples/ministries.mbox block1
is "$(grep -c ministries.mbox err) $(tail -1 err)" \
	"19 kantei: there is more that cannot be read in this file, and it is not told" "not every line of it is told"
: >empty
damaged "an empty file" "empty: cut off" 24 empty block1
"$python" - <<'EOF'
head, record, *rest = open("block1", "rb").read().splitlines(True)
open("long", "wb").write(head + b'{"schema":1,"x":"' + b"y" * (65 << 20) + b'"}\n' + record)
open("deep", "wb").write(head + b"[" * 1000000 + b"\n" + record)
EOF
damaged "a long line" "long:2: a line that is longer than any record" 1 long
damaged "a deep line" "deep:2: more values, or deeper ones, than a record has" 1 deep

# What somebody else wrote into the file stays text.
"$python" - <<'EOF'
import json
head, record, *rest, summary = open("block1", encoding="utf-8").read().splitlines()
run, message, end = json.loads(head), json.loads(record), json.loads(summary)
evil = "\x1b[2J\x9b31m\u202e\x7f"
run["run"]["options"].append("dmarc=" + evil)
run["run"]["kantei"] = evil
message["source"]["path"] = evil
message["message"].update(subject=evil, author=evil, author_domain=evil, list_id=evil, received=evil)
message["message"]["from"] = [evil]
message["recorded"].update(spf=evil, dkim=evil)
message["spf"].update(result="none", reason=evil)
message["marks"]["spf"] = "no"
end["summary"].update(messages=1, evidence=evil)
# As another program would write it: nothing escaped that JSON does not want escaped.
with open("hostile", "w", encoding="utf-8") as file:
    for value in (run, message, end):
        file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
EOF
# controls FILE: control and bidirectional characters in it.
controls()
{
	"$python" - "$1" <<'EOF'
import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
print(" ".join(sorted({"U+%04X" % ord(c) for c in text
                       if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u202e\u2066")})))
EOF
}
is "$(controls hostile)" "U+007F U+009B U+202E" "a hostile file"
for options in "" "-l" "--by sender" "--basis recorded -l --by list" "-f jsonl"; do
	# shellcheck disable=SC2086
	"$kantei" table $options hostile block2 >again 2>err
	is "$? $(controls again) $(controls err)" "0  " "does nothing to a terminal: $options"
done

# The command line.
# usage TEXT ARGUMENT…: status 2, and that text.
usage()
{
	text=$1
	shift
	"$kantei" "$@" >again 2>err
	is "$? $(cat err)" "2 kantei: $text" "usage: $*"
}
usage "no results were given; try 'kantei --help'" table
for option in "dmarc 7489" offline "horizon 3" "now 2026-01-01" "message 1" "dns-timeout 3" exit-code; do
	# shellcheck disable=SC2086
	usage "'kantei table' does not take --${option%% *}" table --$option block1
done
usage "--format does not take 'html'" table -f html block1
usage "'kantei' does not take --exit-code" --exit-code samples/ministries.mbox
"$kantei" table -o block1 block1 >again 2>err
is "$?" 1 "a report does not overwrite what it is made from"
"$kantei" table -o tables block1
"$kantei" table block1 >again
same tables "-o writes elsewhere"
cp samples/incident/genuine.eml table
"$kantei" --lang en --offline ./table >again
grep -q '^Total: 1' again
ok $? "a mailbox called table, written ./table"
"$kantei" --lang en --offline -- table >again
grep -q '^Total: 1' again
ok $? "or behind --"

# An interrupt ends it with what is done; the FIFO keeps it waiting for more.
mkfifo fifo
"$kantei" table --lang en -o interrupted fifo >again 2>err &
pid=$!
exec 9>fifo
cat block1 >&9
sleep 1
kill -TERM "$pid"
sleep 0.2
exec 9>&-
wait "$pid"
is "$?" 1 "an interrupted table has status 1"
is "$(grep -c -e '^Interrupted' -e '^Total: [1-9]' interrupted) $(find . -name '.kantei-*')" "2 " "and says so"
if [ -w /dev/full ]; then
	"$kantei" table block1 >/dev/full 2>err
	is "$?" 1 "a full disk"
fi
done_testing
