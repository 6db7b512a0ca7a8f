#!/bin/sh
# Holds every #include to the table of STYLE.md: which room may know which, and which library.
. "${top_srcdir:?}/tests/shell/tap.sh"

# room: the patterns that it may include. "auth" sees of dns only the evidence.
rooms='
base: base/*
mailbox: base/* mailbox/*
message: base/* message/*
dns: base/* dns/*
auth: base/* message/* dns/evidence.h auth/*
analysis: base/* message/* auth/* analysis/*
survey: base/* auth/* analysis/* survey/*
report: base/* auth/* analysis/* survey/* message/facts.h report/* src/report/*.inc
engine: planted_faults.h base/* mailbox/* message/* dns/* auth/* analysis/* survey/* engine/*
cli: base/* mailbox/* message/* dns/* auth/* analysis/* survey/* engine/* report/* cli/*
main.c: cli/cli.h
'

# header of a library: the files that may include it. libspf2's own headers need two of the
# network's, which have no socket in them.
libraries='
gmime/*: src/message/*
spf2/*: src/auth/spf_engine.c
openssl/*: src/auth/* src/base/digest.c
libpsl.h: src/auth/org_domain.c
idn2.h: src/base/domain_name.c
unicode/*: src/message/lookalike.c
jansson.h: src/report/*
libxml/*: src/report/html_writer.c
sqlite3.h: src/report/database.c
zlib.h: src/dns/*
ares.h: src/dns/live*
archive*.h: src/mailbox/unpack.c
sys/socket.h: src/dns/live* src/engine/channel.c src/mailbox/unpacker.c
seccomp.h: src/engine/sandbox_calls.c
iconv.h: src/message/*
netinet/*: src/dns/live* src/auth/spf_engine.c
netdb.h: src/dns/live* src/auth/spf_engine.c
poll.h: src/dns/live* src/engine/engine* src/mailbox/unpacker.c
locale.h: src/cli/* src/mailbox/unpacker_process.c
signal.h: src/cli/* src/base/child.c src/mailbox/unpacker.c src/engine/member.c
'

# matches TEXT PATTERN…
matches()
{
	text=$1
	shift
	for pattern in "$@"; do
		# shellcheck disable=SC2254
		case $text in
		$pattern) return 0 ;;
		esac
	done
	return 1
}

# allowed FILE HEADER: by the table of libraries. One "header: files" a line.
newline='
'
allowed()
{
	for line in $libraries; do
		IFS=' '
		# shellcheck disable=SC2086
		if matches "$2" ${line%%:*} && ! matches "$1" ${line#*: }; then
			return 1
		fi
		IFS=$newline
	done
	return 0
}

set -f
cd "$src" || exit 1
bad=0
count=0
find src -name '*.[ch]' -exec grep -HEo '^#[[:space:]]*include ["<][^">]*' {} + | LC_ALL=C sort >"$tap_dir/includes"
while IFS= read -r include; do
	file=${include%%:*}
	header=${include#*[\"<]}
	room=${file#src/}
	room=${room%%/*}
	count=$((count + 1))
	case $include in
	*include\ \"*)
		of_room=${rooms#*"$newline$room: "}
		# shellcheck disable=SC2086
		matches "$header" ${of_room%%"$newline"*}
		;;
	*)
		IFS=$newline
		allowed "$file" "$header"
		;;
	esac || {
		printf '# %s includes %s\n' "$file" "$header"
		bad=$((bad + 1))
	}
	IFS=' '
done <"$tap_dir/includes"
set +f
ok "$bad" "every #include is one that its room may have"
test "$count" -gt 100
ok $? "the includes were read ($count)"

# The rule must be able to fail.
matches dns/live.h base/* dns/evidence.h
test $? -eq 1
ok $? "an evaluator that includes dns/live.h would be caught"
IFS=$newline
allowed src/auth/dkim.c sys/socket.h
test $? -eq 1
ok $? "and one that has a socket"
allowed src/dns/live.c sys/socket.h
ok $? "which live DNS may have"
done_testing
