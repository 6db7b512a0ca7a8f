#!/bin/sh
# One worker or sixteen: the same bytes, of the samples, the test mailboxes and everything published.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

# same ARGUMENT…: the report is the same with any number of workers.
same()
{
	"$kantei" "$@" --offline -j 1 >"$tap_dir/one" 2>"$tap_dir/one.err"
	one=$?
	"$kantei" "$@" --offline -j 16 >"$tap_dir/sixteen" 2>"$tap_dir/sixteen.err"
	is "$?" "$one" "$* ($(wc -c <"$tap_dir/one" | tr -d ' ') octets)"
	cmp "$tap_dir/one" "$tap_dir/sixteen" && cmp "$tap_dir/one.err" "$tap_dir/sixteen.err"
	ok $? "  is the same with -j 1 and -j 16"
}

ministries="--ca-file samples/ca.pem -e samples/ministries.dns samples/ministries.mbox"
incident="--ca-file samples/ca.pem -e samples/incident.dns samples/incident"
mailboxes="-e tests/data/mailboxes/news.dns tests/data/mailboxes"
id=$(grep -a -i -m 1 '^Message-ID: <' samples/ministries.mbox | tr -d '<>\r' | cut -d' ' -f2)
# shellcheck disable=SC2086
{
	same -f jsonl $ministries
	same -l --lang ja --color always $ministries
	same --by domain $ministries
	same explain --message-id "$id" -f jsonl $ministries
	same explain --lang ja $incident
	same -f html $incident
	same -f jsonl --basis recorded $mailboxes
}
same -f jsonl tests/corpora tests/fuzz/corpus
grep -q '"worker-' "$tap_dir/one"
is "$?" 1 "no published message ends a worker"
test "$(grep -c '"source"' "$tap_dir/one")" -gt 400
ok $? "(there are $(grep -c '"source"' "$tap_dir/one"))"

# What they ask of the DNS is what a worker may ask.
. "$src/tests/shell/servers.sh"
port=$(free_port)
start_python mortal "$port" 1000000
"$kantei" -j 2 -f jsonl --resolver "127.0.0.1@$port" tests/corpora tests/fuzz/corpus >"$tap_dir/live" 2>"$tap_dir/err"
grep '"worker-' "$tap_dir/live" | cut -c1-200
is "$(grep -c '"worker-' "$tap_dir/live") $(grep -c '"source"' "$tap_dir/live")" "0 $(grep -c '"source"' "$tap_dir/one")" \
	"with live DNS no message ends a worker either"

# Every charset that is known is read in a worker, which may open nothing for it.
names=$(sed -n '/^static const char \*const names/,/};/p' src/message/converters.c | grep -o '"[A-Z0-9-]*"' | tr -d '"')
for name in $names; do
	printf 'From: a@example.jp\nSubject: =?%s?Q?=A4=A2?=\nMessage-ID: <%s@example.jp>\n\nx\n' "$name" "$name" \
		>"$tap_dir/$name.eml"
done
"$kantei" -j 1 -f jsonl --offline "$tap_dir"/*.eml >"$tap_dir/charsets" 2>"$tap_dir/err"
is "$? $(cat "$tap_dir/err")" "0 " "messages in $(echo "$names" | wc -w | tr -d ' ') charsets"
is "$(grep -c '"subject":"=?' "$tap_dir/charsets")" 0 "each is decoded"
done_testing
