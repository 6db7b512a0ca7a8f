#!/bin/sh
# A resolver that dies while a run is at work, or was never there: nothing rests on its silence, and the run
# ends in good time. The program is the one of workers.sh, which loses its patience after 4 s.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/servers.sh"
impatient=${top_builddir:?}/tests/kantei-faults
mailbox=$src/samples/ministries.mbox

# run NAME PORT ARGUMENT…: output in NAME, remarks in NAME.err, evidence in NAME.dns.
run()
{
	name=$1
	port=$2
	shift 2
	"$impatient" -f jsonl --horizon 36500 --dns-timeout 1 --resolver "127.0.0.1@$port" \
		-e "$tap_dir/$name.dns" "$@" "$mailbox" >"$tap_dir/$name" 2>"$tap_dir/$name.err"
	status=$?
	sed 's/^/# /' "$tap_dir/$name.err"
}

# count PATTERN NAME: lines of the file that have it.
count()
{
	grep -c -- "$1" "$tap_dir/$2" 2>/dev/null
}

# What a resolver says that knows no name, as long as it lives.
port=$(free_port)
start_python mortal "$port" 1000000
ok $? "a resolver that lives"
run whole "$port"
is "$status $(count '"source"' whole)" "0 72" "all messages are done"

port=$(free_port)
start_python mortal "$port" 60
ok $? "a resolver that dies after sixty answers"
start=$(date +%s)
run died "$port" -j 2
took=$(($(date +%s) - start))
is "$status" 1 "the run has status 1"
grep -q "no DNS server answers any more" "$tap_dir/died.err"
ok $? "it says why"
grep -q "died.dns" "$tap_dir/died.err"
ok $? "and what there is to go on with"
test "$took" -lt 60
ok $? "it does not wait for ever ($took s)"
is "$(count ' TIMEOUT ' died.dns)$(count ' NETERR ' died.dns)" 00 "the evidence holds no silence"
is "$(count '"interrupted":true' died)" 1 "the summary says that it was cut off"
done=$(count '"source"' died)
test "$done" -lt 72
ok $? "not all messages are done ($done)"
sed -n "2,$((done + 1))p" "$tap_dir/whole" | cut -d, -f1-40 >"$tap_dir/wanted"
sed -n "2,$((done + 1))p" "$tap_dir/died" | cut -d, -f1-40 >"$tap_dir/got"
cmp -s "$tap_dir/wanted" "$tap_dir/got"
ok $? "those that are have the records of a whole run"
is "$(count temperror died)" 0 "and no temperror"

port=$(free_port)
start_python mortal "$port" 1000000
cp "$tap_dir/died.dns" "$tap_dir/again.dns"
run again "$port"
is "$status $(count '"source"' again)" "0 72" "another run goes on from its evidence"
sort "$tap_dir/again.dns" | grep '^;q ' | cut -d' ' -f2,3 | uniq -d >"$tap_dir/twice"
is "$(cat "$tap_dir/twice")" "" "and asks nothing twice"

port=$(free_port)
start_python mortal "$port" 60 2
run paused "$port"
is "$status $(count '"source"' paused)" "0 72" "a resolver that comes back in time only holds the run up"
grep -q dies "$tap_dir/mortal.log"
ok $? "(it was away)"
is "$(count ' TIMEOUT ' paused.dns)" 0 "its silence is not in the evidence"

# Nobody was ever there: what is under way has its time-outs, and no more is begun.
for i in 1 2 3 4 5 6 7 8 9 10; do
	sed "s/\.example/.x$i.example/g" "$mailbox"
done >"$tap_dir/many.mbox"
mailbox=$tap_dir/many.mbox
run never "$(free_port)" -j 1
is "$status" 1 "no resolver at all: status 1"
done=$(count '"source"' never)
test "$done" -lt 100
ok $? "few messages are done, with temperror ($done of 720)"
port=$(free_port)
start_python silent "$port"
run silent "$port" -j 1
is "$status" 1 "a resolver that never says a word: status 1"
done=$(count '"source"' silent)
test "$done" -lt 100
ok $? "few messages are done ($done of 720)"

# The same of what senders publish.
# survey NAME PORT: likewise, of three hundred senders.
head -301 "$src/samples/companies.csv" >"$tap_dir/senders.csv"
survey()
{
	"$impatient" survey -f jsonl --dns-timeout 1 --resolver "127.0.0.1@$2" -e "$tap_dir/$1.dns" \
		"$tap_dir/senders.csv" >"$tap_dir/$1" 2>"$tap_dir/$1.err"
	status=$?
	sed 's/^/# /' "$tap_dir/$1.err"
}
port=$(free_port)
start_python mortal "$port" 300
survey cut "$port"
is "$status $(count ' TIMEOUT ' cut.dns)$(count ' NETERR ' cut.dns)" "1 00" "a survey ends, too, and no silence is kept"
done=$(count '"row"' cut)
test "$done" -lt 300 && tail -1 "$tap_dir/cut" | grep -q '"senders":'"$done"',.*"interrupted":true'
ok $? "what was done is counted, and it is said that it was cut off ($done of 300)"
grep -q "no DNS server answers any more: stopped when $done senders were done" "$tap_dir/cut.err"
ok $? "and why"
port=$(free_port)
start_python mortal "$port" 1000000
survey cut "$port"
is "$status $(count '"row"' cut) $(tail -1 "$tap_dir/cut" | grep -c '"neither":300,"unknown":0')" "0 300 1" "another run goes on from its evidence"
grep '^;q ' "$tap_dir/cut.dns" | cut -d' ' -f2,3 | sort | uniq -d >"$tap_dir/twice"
is "$(cat "$tap_dir/twice")" "" "and asks nothing twice"
survey lost "$(free_port)"
done=$(count '"row"' lost)
test "$status" -eq 1 -a "$done" -lt 200
ok $? "no resolver at all: few senders are done ($done of 300)"
is "$(tail -1 "$tap_dir/lost" | grep -o '"neither":[0-9]*' | head -1)" '"neither":0' "and none of them publishes nothing"
done_testing
