#!/bin/sh
# What a run says while it is at work, and how it ends when it is asked to. A FIFO keeps it waiting for more.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$tap_dir" || exit 1
mkfifo fifo

# begin ARGUMENT…: a run in $pid that has read 432 messages, and waits for the end of the last one.
begin()
{
	"$kantei" --offline "$@" - <fifo >out 2>err &
	pid=$!
	exec 9>fifo
	for _ in 1 2 3 4 5 6; do
		cat "$src/samples/ministries.mbox"
	done >&9
	tries=0
	until grep -q '"index":431,' out || [ "$tries" -gt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

begin -f jsonl -q
grep -q '"index":431,' out
ok $? "results leave while more input is waited for"
kill -INT "$pid"
sleep 0.2
exec 9>&-
wait "$pid"
is "$?" 1 "an interrupt ends the run with status 1"
is "$(grep -c '"source"' out)" 432 "what was under way is finished and written"
tail -1 out | grep -q '"interrupted":true'
ok $? "the summary says so"
grep -q 'interrupted: stopped when 432 messages were done' err
ok $? "and standard error how to go on"

. "$src/tests/shell/servers.sh"
port=$(free_port)
start_python silent "$port"
line='^kantei: [0-9]* messages, [0-9.]* MB, [0-9]* messages/s'
"$kantei" -q -f jsonl --resolver "127.0.0.1@$port" --dns-timeout 30 "$src/samples/incident" >out 2>err &
pid=$!
tries=0
until [ -n "$(ps -o pid= --ppid "$pid")" ] || [ "$tries" -gt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
until grep -q " DNS questions" err || [ "$tries" -gt 100 ]; do
	tries=$((tries + 1))
	kill -USR1 "$pid"
	sleep 0.3
done
grep -q "$line.* DNS questions" err
ok $? "SIGUSR1 has it say how far it is"
sed 's/^/# /' err
is "$(grep -vc "$line" err)" 0 "-q has nothing else said"
kill -KILL "$pid"
wait "$pid"

# tests/kantei-faults says every second what kantei says every half minute.
for options in "" -q "--progress never"; do
	# shellcheck disable=SC2086
	"${top_builddir:?}/tests/kantei-faults" $options -f jsonl --resolver "127.0.0.1@$port" --dns-timeout 2 \
		"$src/samples/incident" >out 2>err
	grep -c "$line.* DNS questions" err
done >lines
test "$(sed -n 1p lines)" -gt 0
ok $? "where there is no terminal there are lines now and then"
is "$(sed 1d lines | tr '\n' ' ')" "0 0 " "unless it is to be quiet"
"$kantei" --offline --progress always "$src/samples/ministries.mbox" >out 2>err
is "$(grep -c "$line" err)$(sed -n 's/^kantei: 72 messages,.*/ all/p' err)" "1 all" "--progress always has the last word"
"$kantei" --offline "$src/samples/ministries.mbox" >out 2>err
is "$(cat err)" "" "else a short run says nothing"

begin -f jsonl
workers=$(ps -o pid= --ppid "$pid")
kill -TERM "$pid"
sleep 0.5
kill -TERM "$pid"
wait "$pid"
is "$?" 143 "a second signal ends it at once"
exec 9>&-
sleep 0.5
# shellcheck disable=SC2086
is "$(ps -o stat= -p "$(echo $workers | tr ' ' ,)" | grep -v '^Z')" "" "and its workers with it"

# On a terminal a line is written over and over, and taken away in the end; standard error is one here.
"$python" - "$kantei" "$src/samples/ministries.mbox" <<'EOF' >terminal
import os, pty, subprocess, sys, time
kantei, mailbox = sys.argv[1:]
for option in "auto", "never":
    ours, theirs = pty.openpty()
    run = subprocess.Popen([kantei, "--offline", "--progress", option, "-"], stdin=subprocess.PIPE,
                           stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    run.stdin.write(open(mailbox, "rb").read())
    run.stdin.flush()
    time.sleep(2)
    run.stdin.close()
    said = b""
    while True:
        try:
            got = os.read(ours, 65536)
        except OSError:
            break
        if not got:
            break
        said += got
    print(option, run.wait(), b" messages, " in said, b"messages/s" in said, said.endswith(b"\r\x1b[K"))
EOF
is "$(cat terminal)" "auto 0 True True True
never 0 False False False" "a terminal shows how far it is, unless --progress never"
"$kantei" --progress sometimes --offline out 2>err
is "$?" 2 "--progress takes auto, always or never"
"$kantei" -j 0x --offline out 2>err
is "$?" 2 "-j takes a number"
done_testing
