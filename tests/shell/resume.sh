#!/bin/sh
# --resume: a run that was killed goes on, wherever that was, and its report is that of a run that was not.
. "${top_srcdir:?}/tests/shell/tap.sh"
mkdir "$tap_dir/work"
cd "$tap_dir/work" || exit 1
export LC_ALL=C.UTF-8
sample=$src/samples/ministries

# run ARGUMENT…: status in $status, what it says in ../err.
run()
{
	"$kantei" --offline -e "$sample.dns" --ca-file "$src/samples/ca.pem" "$@" 2>"$tap_dir/err"
	status=$?
}

# says TEXT: standard error has it.
says()
{
	grep -qF -- "$1" "$tap_dir/err"
	ok $? "it says '$1'"
	head -3 "$tap_dir/err" | sed 's/^/# /'
}

# paths REPORT: path and index of its records, in order
paths()
{
	sed -n 's/^{"schema":1,"source":{"path":"\([^"]*\)","index":\([0-9]*\),.*/\1#\2/p' "$1"
}

# The mail: an mbox, a Maildir and a folder of files.
cat "$sample.mbox" "$sample.mbox" >mail.mbox
mkdir -p box/cur box/new box/tmp folder
number=0
for file in "$src"/samples/incident/*.eml; do
	number=$((number + 1))
	cp "$file" "box/new/16367$number.host"
	cp "$file" folder
done
run -f jsonl -o whole mail.mbox box folder
is "$status$(ls whole*)" "0whole" "an undisturbed run leaves its report and nothing else"

# --- a hundred kills; fewer where CI has done them already
points=${KANTEI_KILLS:-80}
# kill.py kills the run when FILE.partial is so long, or so long after its start, seeded; until it ends by itself.
"$python" "$src/tests/shell/kills.py" "$points" jsonl "$kantei" --offline -e "$sample.dns" --ca-file "$src/samples/ca.pem" \
	-j 2 -q -f jsonl -o killed mail.mbox box folder >kills 2>&1
is "$(tail -1 kills)" "$points killed, 0 failed" "a run is killed at $points points"
sed 's/^/# /' kills | tail -5
cmp whole killed
ok $? "and its report is in the end that of a run that was not"
is "$(ls killed*)" killed "with nothing beside it"
for format in csv sqlite; do
	run -f "$format" -o "whole.$format" mail.mbox box
	"$python" "$src/tests/shell/kills.py" "$((points / 8))" "$format" "$kantei" --offline -e "$sample.dns" --ca-file "$src/samples/ca.pem" \
		-j 2 -q -f "$format" -o "killed.$format" mail.mbox box >kills 2>&1
	is "$(tail -1 kills)" "$((points / 8)) killed, 0 failed" "$format: killed at $((points / 8)) points"
	sed 's/^/# /' kills | tail -5
	cmp "whole.$format" "killed.$format"
	ok $? "$format: the report is that of a run that was not"
	is "$(ls killed."$format"*)" "killed.$format" "$format: with nothing beside it"
done

# --- a torn last record
# tear RECORDS OCTETS: a killed run's report of so many records and so many octets of the next
tear()
{
	head -n "$(($1 + 1))" whole >torn.partial
	sed -n "$(($1 + 2))p" whole | head -c "$2" >>torn.partial
}

for octets in 1 500; do
	rm -f torn torn.*
	tear 40 "$octets"
	run --resume -f jsonl -o torn mail.mbox box folder
	is "$status" 0 "a last record of which $octets octets are there"
	cmp whole torn
	ok $? "is made anew"
done
says "40 message(s) are recorded; the run goes on"
rm -f torn
head -c 200 whole >torn.partial
run --resume -f jsonl -o torn mail.mbox box folder
cmp whole torn
ok $? "a header that is torn is made anew"
tear 40 0
run -f jsonl -o torn mail.mbox box folder
cmp whole torn
ok $? "without --resume all is made anew"
says "an unfinished report is thrown away"

# --- the mail, the options or the evidence are others
# lines FILE: how many it has, though it may not be there yet
lines()
{
	if [ -e "$1" ]; then
		wc -l <"$1"
	else
		echo 0
	fi
}

# begin MAILBOX…: a report of an interrupted run, with its state, of which the first records are there
begin()
{
	rm -f part part.*
	run -f jsonl -o part "$@"
	mv part part.whole
	# The state as a run has it that is at work.
	mkfifo hold
	"$kantei" --offline -e "$sample.dns" --ca-file "$src/samples/ca.pem" -q -f jsonl -o part "$@" hold 2>/dev/null &
	pid=$!
	tries=0
	until { [ "$(lines part.state)" -eq 2 ] && [ "$(lines part.partial)" -gt 100 ]; } || [ "$tries" -gt 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	rm hold
	sed -i '1s/,"hold"\]/]/' part.state
	head -n 101 part.partial >part.partial.cut
	mv part.partial.cut part.partial
	rm -f part.whole
}

begin mail.mbox
is "$(wc -l <part.state | tr -d ' ')" 2 "the state has the mbox"
cp part.state saved.state
cp part.partial saved.partial
again()
{
	cp saved.state part.state
	cp saved.partial part.partial
	rm -f part
	cp "$tap_dir/mail.mbox" mail.mbox
}
cp -p mail.mbox "$tap_dir/mail.mbox"
run -f jsonl -o whole.mbox mail.mbox

# Its time is the one that the state has.
touch -r "$tap_dir/mail.mbox" mail.mbox
run --resume -f jsonl -o part mail.mbox
is "$status" 0 "an mbox that is as it was"
cmp part whole.mbox
ok $? "is gone on with"

again
touch mail.mbox
run --resume --verify-input -f jsonl -o part mail.mbox
cmp part whole.mbox
ok $? "one that was touched, too, and with --verify-input"

again
printf 'X' | dd of=mail.mbox bs=1 seek=100 conv=notrunc 2>/dev/null
run --resume -f jsonl -o part mail.mbox
is "$status$(ls part*)" "1part.partial
part.state" "one that was altered at its head is refused"
says "mail.mbox has changed since: it begins otherwise; start anew without --resume"

again
head -c 200000 "$tap_dir/mail.mbox" >mail.mbox
run --resume -f jsonl -o part mail.mbox
is "$status" 1 "one that is shorter is refused"
says "mail.mbox has changed since: it is shorter"

again
printf 'X' | dd of=mail.mbox bs=1 seek=160000 conv=notrunc 2>/dev/null
run --resume -f jsonl -o part mail.mbox
is "$status" 1 "one that was altered in the middle, when it was changed, is refused"
says "is not the one that is recorded; start anew without --resume"

again
run --resume -f jsonl --dmarc 7489 -o part mail.mbox
is "$status" 1 "other options are refused"
says "option dmarc 7489, there 9989"
run --resume -f jsonl --by sender -o part mail.mbox
says "how it counts"
run --resume -f jsonl --shard 1/2 -o part mail.mbox
says "or its shard"
run --resume -f csv -o part mail.mbox
says "another --format"
run --resume -f jsonl -o part mail.mbox box
says "other mailboxes"
cat "$sample.dns" "$src/samples/incident.dns" >other.dns
run --resume -f jsonl -e other.dns -o part mail.mbox
says "other evidence"
cmp -s part.partial saved.partial
ok $? "and what is there stays there"
echo mine >part.state
run -f jsonl -o part mail.mbox
is "$status$(cat part.state)" "1mine" "a file of that name that is none of kantei's is left alone"
says "part.state is in the way"
rm -f part.*
echo mine >part.partial
run -f jsonl -o part mail.mbox
is "$status$(cat part.partial)" "1mine" "likewise"
rm -f part.*
cp "$tap_dir/mail.mbox" mail.mbox

# --- one run at a time
mkfifo hold
"$kantei" --offline -q -f jsonl -o locked mail.mbox hold 2>/dev/null &
pid=$!
tries=0
until [ -s locked.partial ] || [ "$tries" -gt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
run -f jsonl -o locked mail.mbox
is "$status" 1 "two runs on one report at once are refused"
says "locked.state: another run is at work on this report"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
run -f jsonl -o locked mail.mbox
is "$status$(ls locked*)" "0locked" "a run that was killed is in nobody's way"

# --- interrupted
begin_interrupted()
{
	"$kantei" --offline -e "$sample.dns" --ca-file "$src/samples/ca.pem" "$@" mail.mbox hold 2>"$tap_dir/err" &
	pid=$!
	tries=0
	until [ "$(grep -c '"source"' "$report.partial" 2>/dev/null || true)" -ge 143 ] || [ "$tries" -gt 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	kill -INT "$pid"
	exec 9>hold
	exec 9>&-
	wait "$pid"
	status=$?
}

for format in jsonl csv; do
	report=stopped.$format
	begin_interrupted -f "$format" -o "$report"
	is "$status$(grep -c 'with --resume goes on' "$tap_dir/err")" 11 "$format: an interrupt says how to go on"
	ok "$([ -s "$report" ] && [ -e "$report.state" ]; echo $?)" "$format: with what is done in its place"
	rm hold
	cp "$src/samples/incident/genuine.eml" hold
	run --resume -f "$format" -o "$report" mail.mbox hold
	run -f "$format" -o all mail.mbox hold
	cmp all "$report"
	ok $? "$format: and it goes on"
	is "$(ls "$report"*)" "$report" "$format: with nothing left"
	rm hold
	mkfifo hold
done

# --- mail that grew
run -f jsonl -o grown mail.mbox box
cp grown before
run --resume -f jsonl -o grown mail.mbox box
cmp before grown
ok $? "a finished report that nothing is to be added to stays as it is"
cat "$sample.mbox" >>mail.mbox
mv box/new/163671.host box/cur/163671.host:2,S
cp "$src/samples/incident/genuine.eml" box/new/16360.host
run --resume -f jsonl -o grown mail.mbox box
is "$status" 0 "mail came"
records=$(paths before | wc -l)
sed -n "2,$((records + 1))p" before >records
sed -n "2,$((records + 1))p" grown | cmp records -
ok $? "the old records stay"
is "$(paths grown | sed "1,${records}d" | sed -n '1p;72,$p')" "mail.mbox#145
mail.mbox#216
box/new/16360.host#1" "only new messages are analysed, and not one that was read since"
run -f jsonl -o fresh mail.mbox box
is "$(tail -1 grown | jq -c .summary.table)" "$(tail -1 fresh | jq -c .summary.table)" "the summary is of all"
head -c 100000 mail.mbox >less
cp less mail.mbox
run --resume -f jsonl -o grown mail.mbox box
is "$status" 1 "an mbox that lacks what is recorded is refused"
says "mail.mbox has changed since: "
is "$(ls grown*)" grown "and the report stays alone"
run -f jsonl -o left box
cp left before
rm box/new/16360.host
run --resume -f jsonl -o left box
says "1 message(s) that are recorded are not there any more, and stay recorded"
cmp before left
ok $? "which they do"

run --resume -f csv -o whole.csv box
is "$status" 1 "a finished CSV file cannot be added to"
says "is finished, and only -f jsonl can be added to then"

for bad in "-f text -o x" "-f html -o x" "-f jsonl"; do
	# shellcheck disable=SC2086
	run --resume $bad box
	is "$status" 2 "--resume $bad"
done
run --resume -f jsonl -o x - </dev/null
is "$status" 2 "--resume and standard input"
run --verify-input -f jsonl -o x box
is "$status" 2 "--verify-input without --resume"
run --resume -f jsonl -o /dev/null box
is "$status" 1 "--resume and a device"
done_testing
