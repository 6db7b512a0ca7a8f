#!/bin/sh
# The command line: exit status, messages, what goes where.
. "${top_srcdir:?}/tests/shell/tap.sh"

# run ARGUMENT…: status in $status, output in out and err.
run()
{
	"$kantei" "$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null
	status=$?
}

genuine=$src/samples/incident/genuine.eml

run --version
is "$status" 0 "--version"
for library in kantei OpenSSL GMime libspf2 c-ares libpsl libidn2 ICU jansson GLib; do
	grep -q "$library [0-9]" "$tap_dir/out"
	ok $? "--version names $library"
done

grep -q '^Messages are evaluated by processes confined by: .*seccomp' "$tap_dir/out"
ok $? "--version tells how messages are kept in"

# wrong STATUS TEXT ARGUMENT…: ends with that status and says that on standard error.
wrong()
{
	wanted=$1
	text=$2
	shift 2
	run "$@"
	is "$status $(wc -c <"$tap_dir/out" | tr -d ' ')" "$wanted 0" "status of: $*"
	grep -qF -- "$text" "$tap_dir/err"
	ok $? "it says '$text'"
	head -3 "$tap_dir/err" | sed 's/^/# /'
}

wrong 2 "no mailbox was given"
wrong 2 "--format does not take 'pdf'" -f pdf "$genuine"
wrong 2 "--lang does not take 'fr'" --lang fr "$genuine"
wrong 2 "--now does not take 'yesterday'" --now yesterday "$genuine"
wrong 2 "--client-ip does not take 'mail'" --client-ip mail "$genuine"
wrong 2 "--border does not take 'a b'" --border 'a b' "$genuine"
wrong 2 "go with 'kantei explain'" --message 1 "$genuine"
wrong 2 "no command 'keys'" keys "$genuine"
wrong 2 "Unknown option --frobnicate" --frobnicate "$genuine"
wrong 1 "no-such-evidence" --offline -e no-such-evidence "$genuine"
wrong 1 "this is no evidence file" --offline -e "$src/README" "$genuine"
cp "$genuine" "$tap_dir/mail.eml"
wrong 1 "this is no evidence file" -e "$tap_dir/mail.eml" "$genuine"
cmp -s "$genuine" "$tap_dir/mail.eml"
ok $? "nothing is appended to it"
wrong 1 "no-such-ca" --offline --ca-file no-such-ca "$genuine"

cd "$tap_dir" || exit 1
run --offline no-such-file "$genuine"
is "$status" 1 "a missing file gives status 1"
grep -q no-such-file "$tap_dir/err"
ok $? "it is named"
grep -q '^Total: 1' "$tap_dir/out"
ok $? "the others are done"

cp "$genuine" explain
run --offline ./explain
is "$status" 0 "a mailbox called explain, written ./explain"
run --offline -- explain
is "$status" 0 "or behind --"

run --offline -o report "$genuine"
is "$status $(wc -c <"$tap_dir/out" | tr -d ' ')" "0 0" "-o writes elsewhere"
grep -q '^Total: 1' report
ok $? "and all of it"
cp "$genuine" kept.eml
run --offline -o kept.eml kept.eml
is "$status" 1 "a report does not overwrite its mailbox"
cmp -s "$genuine" kept.eml
ok $? "which is as it was"
run --offline -o /no/such/folder/report "$genuine"
is "$status" 1 "an output that cannot be written"
if [ -w /dev/full ]; then
	"$kantei" --offline "$genuine" >/dev/full 2>"$tap_dir/err"
	is "$?" 1 "a full disk"
fi

# explain chooses messages.
ministries()
{
	"$kantei" explain --lang en --offline -e "$src/samples/ministries.dns" --ca-file "$src/samples/ca.pem" \
		"$@" "$src/samples/ministries.mbox"
}
ministries --message 3 >"$tap_dir/third"
is "$?" 0 "explain --message"
grep -q '#3 (mbox)' "$tap_dir/third"
ok $? "explains the third"
id=$(sed -n 's/^  Message-ID *<\(.*\)>$/\1/p' "$tap_dir/third")
ministries --message-id "$id" | grep -v '^  Command line' >"$tap_dir/by-id"
grep -v '^  Command line' "$tap_dir/third" | cmp -s - "$tap_dir/by-id"
ok $? "explain --message-id finds the same"
ministries --message-id "${id#?}" >"$tap_dir/none" 2>"$tap_dir/err"
is "$?" 1 "a part of an id is none"
ministries --message 99 >"$tap_dir/none" 2>"$tap_dir/err"
is "$?" 1 "a message that is not there"

# Colour only where asked for or on a terminal.
"$kantei" --offline -l "$genuine" >"$tap_dir/plain"
grep -q "$(printf '\033')" "$tap_dir/plain"
is "$?" 1 "no colour in a file"
"$kantei" --offline -l --color always "$genuine" >"$tap_dir/colour"
grep -q "$(printf '\033')" "$tap_dir/colour"
ok $? "colour on request"

# An interrupt ends a run with what is done; the FIFO keeps it waiting for more of its mailbox.
mkfifo "$tap_dir/fifo"
for command in "" explain; do
	# shellcheck disable=SC2086
	"$kantei" $command --offline - <"$tap_dir/fifo" >"$tap_dir/out" 2>"$tap_dir/err" &
	pid=$!
	exec 9>"$tap_dir/fifo"
	cat "$src/samples/ministries.mbox" >&9
	sleep 1
	kill -TERM "$pid"
	sleep 0.2
	exec 9>&-
	wait "$pid"
	is "$?" 1 "${command:-a run}: interrupted it has status 1"
	grep -q '^ *Interrupted' "$tap_dir/out"
	ok $? "and says so at its end"
done
# A value may stand right behind its letter, and what looks like that may be a value.
"$kantei" --offline -j1 -fjsonl "-o$tap_dir/joined" "$src/samples/incident/genuine.eml"
is "$?" 0 "-j1 -fjsonl -oFILE"
"$kantei" --offline -j 2 -f jsonl "$src/samples/incident/genuine.eml" >"$tap_dir/apart"
cmp -s "$tap_dir/joined" "$tap_dir/apart"
ok $? "is the same as with blanks"
(cd "$tap_dir" && "$kantei" --offline -f jsonl -o -j1 "$src/samples/incident/genuine.eml" && cmp -s ./-j1 joined)
ok $? "-o -j1 writes a file of that name"
done_testing
