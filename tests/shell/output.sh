#!/bin/sh
# Where the report goes: a file takes its place whole or not at all, anything else is written directly.
. "${top_srcdir:?}/tests/shell/tap.sh"

genuine=$src/samples/incident/genuine.eml
mkdir "$tap_dir/work"
cd "$tap_dir/work" || exit 1

# run ARGUMENT…: status in $status, output in ../out and ../err.
run()
{
	"$kantei" --offline "$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null
	status=$?
}

# whole FILE NAME: it holds a report from begin to end, and nothing is left beside it.
whole()
{
	[ "$(sed -n 's/^{"\(run\|schema\|summary\)".*/\1/p' "$1" | uniq | tr '\n' ' ')" = "run schema summary " ]
	ok $? "$2"
	is "$(find . -name '.kantei-*')" "" "nothing is left beside it"
}

# says TEXT: standard error has it.
says()
{
	grep -qF -- "$1" "$tap_dir/err"
	ok $? "it says '$1'"
	head -3 "$tap_dir/err" | sed 's/^/# /'
}

# start ARGUMENT…: a run that has written its first records and waits for more of its mailbox, until end.
start()
{
	rm -f "$tap_dir/fifo"
	mkfifo "$tap_dir/fifo"
	"$kantei" --offline -f jsonl "$@" - <"$tap_dir/fifo" >"$tap_dir/out" 2>"$tap_dir/err" &
	pid=$!
	exec 9>"$tap_dir/fifo"
	# More than it reads at a time.
	for _ in 1 2 3 4 5 6; do
		cat "$src/samples/ministries.mbox"
	done >&9
	tries=0
	until [ -n "$(find . -name '.kantei-*' -exec grep -l '"source"' {} +)" ] || [ "$tries" -gt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

end()
{
	exec 9>&-
	wait "$pid"
	status=$?
}

(umask 027 && "$kantei" --offline -f jsonl -o new "$genuine")
is "$? $(stat -c %a new)" "0 640" "a new file has the mode that the umask leaves"
whole new "and the whole report"

echo old >report
chmod 604 report
start -o report
is "$(cat report)" "old" "while it runs, the old file is there"
end
is "$status $(stat -c %a report)" "0 604" "then the new one, with its mode"
whole report "and the whole report"

ln -s report link
run -f jsonl -o link "$genuine"
is "$status $(readlink link)" "0 report" "a link stays one"
whole report "and leads to the report"
mkdir below
ln -s below/none dangling
run -f jsonl -o dangling "$genuine"
is "$status $(readlink dangling)" "0 below/none" "a link to nothing stays one"
whole below/none "and leads to the report"
ln -s circle circle
run -o circle "$genuine"
is "$status" 1 "a link to itself"
says "circle: the report cannot be written: "

echo old >report
start -o report
kill -TERM "$pid"
sleep 0.2
end
is "$status" 1 "an interrupted run"
whole report "what is done is kept"
grep -q '"interrupted":true' report
ok $? "and says so"

# The limit stands for a disk that is full: a write beyond it fails.
echo old >report
(
	trap '' XFSZ
	ulimit -f 8
	"$kantei" explain --lang en --offline -o report "$src/samples/ministries.mbox" >"$tap_dir/out" 2>"$tap_dir/err"
)
is "$? $(cat report)" "1 old" "a report that grows too large leaves the old file"
says "report: the report cannot be written: "
is "$(find . -name '.kantei-*')" "" "and nothing beside it"

mkdir gone
start -o gone/report
rm -r gone
end
is "$status" 1 "a folder that is gone in the end"
says "gone/report: the report cannot be put there, and is lost: "

mkdir taken
start -o taken/report
mkdir taken/report
end
is "$status" 1 "a place that is taken in the end"
says "taken/report: the report cannot be put there, and stays taken/.kantei-"
mv taken/.kantei-* taken/kept
whole taken/kept "the report is where it says"

if [ "$(id -u)" -ne 0 ]; then
	echo old >fixed
	chmod 444 fixed
	run -o fixed "$genuine"
	is "$status $(cat fixed)" "1 old" "a file that may not be written is not replaced"
	mkdir closed
	chmod 555 closed
	run -o closed/report "$genuine"
	is "$status" 1 "a folder that may not be written"
	says "closed/report: the report cannot be written: "
fi

# What is no regular file has no place to take.
echo first >both
"$kantei" --offline -f jsonl -o /dev/stdout "$genuine" >>both
is "$? $(head -1 both)" "0 first" "-o /dev/stdout appends where standard output does"
sed 1d both >rest
whole rest "the whole report"
"$kantei" --offline -f jsonl -o /dev/stdout "$genuine" | cat >piped
whole piped "-o /dev/stdout into a pipe"
"$kantei" --offline -f jsonl -o /dev/fd/3 "$genuine" 3>third
whole third "-o /dev/fd/3"
mkfifo pipe
cat pipe >piped &
reader=$!
run -f jsonl -o pipe "$genuine"
wait "$reader"
is "$status" 0 "-o FIFO"
whole piped "the whole report"
[ -p pipe ]
ok $? "it stays a FIFO"
if [ -w /dev/full ]; then
	run -o /dev/full "$genuine"
	is "$status" 1 "-o /dev/full"
	says "/dev/full: the report cannot be written: No space left on device"
fi
run -o below "$genuine"
is "$status" 1 "-o FOLDER"
says "below: the report cannot be written: "

# An interrupt while the reader of the report makes it wait loses nothing of it.
mkfifo slow
"$kantei" --offline -f jsonl -o slow "$src/samples/ministries.mbox" 2>"$tap_dir/err" &
pid=$!
exec 8<slow
sleep 0.5
kill -TERM "$pid"
sleep 0.2
cat <&8 >piped
exec 8<&-
wait "$pid"
is "$?" 1 "interrupted while it waits for its reader"
grep -q '^kantei: interrupted: stopped when [0-9]* messages were done' "$tap_dir/err"
ok $? "it says so"
whole piped "what was done is written"
grep -q '"interrupted":true' piped
ok $? "and says so"

# keeps FILE ARGUMENT…: -o FILE is refused, and FILE stays as it is.
keeps()
{
	kept=$1
	shift
	cp "$kept" "$tap_dir/before"
	run -o "$kept" "$@"
	is "$status $(wc -c <"$tap_dir/out" | tr -d ' ')" "1 0" "-o $kept with $*"
	cmp -s "$kept" "$tap_dir/before"
	ok $? "it is as it was"
	says "the report would overwrite what it is made from"
}

cp "$src/samples/ca.pem" ca.pem
cp "$src/samples/incident.dns" incident.dns
mkdir -p roots mail/inner
ln -s ../ca.pem roots/one.pem
cp ca.pem roots/two.pem
cp "$genuine" mail/inner/one.eml
ln mail/inner/one.eml other-name.eml
ln -s mail/inner/one.eml link.eml
keeps ca.pem --ca-file ca.pem "$genuine"
keeps ca.pem --ca-path roots "$genuine"
keeps roots/two.pem --ca-path roots "$genuine"
keeps ca.pem --crl-file ca.pem "$genuine"
keeps incident.dns -e incident.dns "$genuine"
keeps other-name.eml mail/inner/one.eml
keeps link.eml mail/inner/one.eml
keeps mail/inner/one.eml mail
keeps link.eml mail
keeps mail/inner/one.eml mail/inner
printf '// ===BEGIN ICANN DOMAINS===\nexample\n// ===END ICANN DOMAINS===\n' >psl
keeps psl --psl psl "$genuine"
run -o mail/report mail
is "$status $(grep -c '^Total: 1' mail/report)" "0 1" "a new report in the folder that is read is no part of it"
done_testing
