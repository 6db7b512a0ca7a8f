#!/bin/sh
# Workers that crash, hang, eat memory, do or say what they may not: each is replaced, its message has a
# record that says so, and the others' are as they would be without it. The program is kantei with
# faults that messages ask for by their Message-ID (tests/planted_faults.c).
. "${top_srcdir:?}/tests/shell/tap.sh"
faulty=${top_builddir:?}/tests/kantei-faults
cd "$tap_dir" || exit 1

crashes="crash end babble other forge question"
forbidden="file socket program kill"
timeouts="spin wait"
limits=memory
# A sanitizer's build has no limit of memory (src/engine/sandbox.h).
"$kantei" --version | grep -q "memory limit" || limits=

# mailbox FAULT…: ordinary messages with one of each fault between them, from the same seconds.
mailbox()
{
	"$python" - "$@" <<'EOF'
import sys
def message(second, name):
    sys.stdout.write("From news@shop.example Fri Dec  3 09:%02d:%02d 2021\n"
                     "Received: from m.shop.example (m.shop.example [192.0.2.1]) by mx.example; "
                     "Fri, 3 Dec 2021 09:00:00 +0900\nFrom: news@shop.example\nSubject: number %d\n"
                     "Message-ID: <%s@shop.example>\n\nbody\n\n" % (second // 60, second % 60, second, name))
faults = sys.argv[1:]
for i in range(1, 101):
    message(i, "good-%d" % i)
    if i % 5 == 0 and i // 5 <= len(faults):
        message(100 + i, "fault-" + faults[i // 5 - 1])
EOF
}
# shellcheck disable=SC2086
mailbox $crashes $forbidden $timeouts $limits >mail.mbox
faults=$(grep -c '^Message-ID: <fault-' mail.mbox)

"$kantei" -f jsonl --offline mail.mbox >plain
is "$?" 0 "kantei itself minds none of these messages"

# reasons FILE: the reason of every message that has one of a worker's, and the same for each method.
reasons()
{
	"$python" - "$1" <<'EOF'
import json, sys
for line in open(sys.argv[1]):
    record = json.loads(line)
    if not record.get("findings"):
        continue
    codes = [finding["code"] for finding in record["findings"] if finding["code"].startswith("worker-")]
    if codes:
        methods = {record[method]["reason"] for method in ("spf", "dkim", "dmarc", "smime", "arc")}
        final = any(record[method]["final"] for method in ("spf", "dkim", "dmarc", "smime"))
        print(*codes, *methods, final, *set(record["marks"].values()), record["message"]["subject"])
EOF
}

{
	# shellcheck disable=SC2086
	for _ in $crashes $forbidden; do
		echo "worker-crashed worker-crashed False unknown None"
	done
	for _ in $timeouts; do
		echo "worker-timeout worker-timeout False unknown None"
	done
	for _ in $limits; do
		echo "worker-memory worker-memory False unknown None"
	done
} >wanted
for jobs in 1 4; do
	"$faulty" -j "$jobs" -f jsonl --progress never --offline mail.mbox >"records-$jobs" 2>"err-$jobs"
	is "$?" 1 "with -j $jobs the run goes on, and has status 1"
	is "$(reasons "records-$jobs")" "$(cat wanted)" "each fault has a record that says so"
	grep -v '"code":"worker-' "records-$jobs" | sed '1d; $d' >others
	grep -v '"index":\(6\|12\|18\|24\|30\|36\|42\|48\|54\|60\|66\|72\|78\),' plain | sed '1d; $d' >wanted-others
	[ -n "$limits" ] || sed -n 's/"index":78,/&/p' plain >>wanted-others
	sort others >a
	sort wanted-others >b
	cmp -s a b
	ok $? "the records of the others are byte for byte those of a run without faults"
done
cmp -s records-1 records-4 && cmp -s err-1 err-4
ok $? "as are all of them, and the remarks, whatever -j"
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" records-1 >valid
ok $? "they are as the schema says"
sed 's/^/# /' valid | head
is "$(grep -c 'mail.mbox: message [0-9]* at offset [0-9]* could not be analysed' err-1)" "$faults" \
	"each is named on standard error with its file and offset"
is "$(grep -c 'message \(42\|48\|54\|60\) .*it did what a worker may not do' err-1)" 4 \
	"the kernel ended those that wanted a file, a socket, a program, the engine"
sed 's/^/# /' err-1
grep -q "\"messages\":$((100 + faults)),.*\"problems\":$faults," records-1
ok $? "the summary counts them"
"$faulty" --lang en --marks ascii --offline mail.mbox 2>/dev/null >table
grep -Eq "^- +- +- +- +$faults " table
ok $? "the table has them as not evaluable"

# The account claims nothing of a message that was not read.
"$faulty" explain --lang en --message 6 --offline mail.mbox >account 2>/dev/null
grep -q 'worker-crashed' account && ! grep -q 'SHA-256 as received' account
ok $? "the account says so, too"
"$faulty" explain --message-id fault-crash@shop.example --offline mail.mbox >account 2>err
grep -q 'message 6 at offset' err
ok $? "chosen by its Message-ID it is named"

# Faults with live DNS: the worker holds cases that wait while one of them ends it.
. "$src/tests/shell/servers.sh"
port=$(free_port)
start_python mortal "$port" 1000000
mailbox crash spin socket >live.mbox
"$faulty" -j 2 -f jsonl --resolver "127.0.0.1@$port" -e live.dns live.mbox >live 2>/dev/null
"$faulty" -j 1 -f jsonl --offline -e live.dns live.mbox >replay 2>/dev/null
cmp -s live replay
ok $? "live equals offline with faults, too"
is "$(grep -c '"lacking":\[{' live)" 0 "no answer is lost with a worker"

# Senders of a survey are examined by such processes, too.
{
	echo address,name
	for number in $(seq 1 40); do
		echo "news@shop$number.example,$number"
		case $number in
		5) echo "fault-crash@shop.example,x" ;;
		10) echo "fault-forge@shop.example,x" ;;
		15) echo "fault-question@shop.example,x" ;;
		20) echo "fault-file@shop.example,x" ;;
		esac
	done
} >senders.csv
"$kantei" survey -f jsonl --offline senders.csv >plain
for jobs in 1 4; do
	"$faulty" survey -j "$jobs" -f jsonl --progress never --offline senders.csv >"senders-$jobs" 2>"err-$jobs"
	is "$?" 1 "a survey with -j $jobs goes on, and has status 1"
	grep '^{"row".*"survey-not-examined"' "senders-$jobs" | cut -d, -f1,2 | tr '\n' ' ' >seen
	is "$(cat seen)" '{"row":6,"sender":"fault-crash@shop.example" {"row":12,"sender":"fault-forge@shop.example" '\
'{"row":18,"sender":"fault-question@shop.example" {"row":24,"sender":"fault-file@shop.example" ' "each fault has a sender of whom that is said"
	grep -v -e '"row":\(6\|12\|18\|24\),' -e '"summary"' plain >wanted
	grep -v -e '"row":\(6\|12\|18\|24\),' -e '"summary"' "senders-$jobs" | cmp wanted -
	ok $? "the lines of the others are byte for byte those of a run without faults"
	is "$(tail -1 "senders-$jobs" | jq -c '[.summary.total.unknown, .summary.problems]')" "[44,4]" "nothing is known of them, and they are counted"
done
cmp -s senders-1 senders-4 && cmp -s err-1 err-4
ok $? "as are all of them, and the remarks, whatever -j"
"$python" "$src/tests/shell/validate.py" "$src/src/report/survey.schema.json" senders-1 >valid
ok $? "they are as the schema says"
is "$(grep -c '^kantei: senders.csv: sender [0-9]* could not be analysed: its worker crashed ' err-1)" 4 "each is named"

# A worker that is killed from outside: no message is to blame.
mkfifo fifo
"$kantei" -j 1 -f jsonl --offline - <fifo >killed 2>err &
engine=$!
exec 9>fifo
cat "$src/samples/ministries.mbox" >&9
sleep 1
kill -9 "$(ps -o pid= --ppid "$engine" | head -1 | tr -d ' ')"
cat "$src/samples/ministries.mbox" >&9
exec 9>&-
wait "$engine"
is "$? $(cat err)" "0 " "a worker that is killed from outside is replaced, without a word"
is "$(grep -c '"source"' killed)" 144 "and every message has its record"
done_testing
