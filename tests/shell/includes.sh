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
locale.h: src/cli/* src/mailbox/unpacker.c
signal.h: src/cli/* src/mailbox/unpacker.c src/engine/member.c src/engine/worker.c
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

set -f
cd "$src" || exit 1
bad=0
count=0
for file in $(find src -name '*.[ch]' | LC_ALL=C sort); do
	room=${file#src/}
	room=${room%%/*}
	allowed=$(printf '%s' "$rooms" | sed -n "s/^$room: //p")
	# shellcheck disable=SC2013
	for header in $(sed -n 's/^#[[:space:]]*include "\(.*\)"/\1/p' "$file"); do
		count=$((count + 1))
		# shellcheck disable=SC2086
		matches "$header" $allowed || {
			printf '# %s includes "%s"\n' "$file" "$header"
			bad=$((bad + 1))
		}
	done
	# shellcheck disable=SC2013
	for header in $(sed -n 's/^#[[:space:]]*include <\(.*\)>/\1/p' "$file"); do
		count=$((count + 1))
		while IFS=: read -r library files; do
			# shellcheck disable=SC2086
			if [ -n "$library" ] && matches "$header" $library && ! matches "$file" $files; then
				printf '# %s includes <%s>\n' "$file" "$header"
				bad=$((bad + 1))
			fi
		done <<EOF
$libraries
EOF
	done
done
set +f
ok "$bad" "every #include is one that its room may have"
test "$count" -gt 100
ok $? "the includes were read ($count)"

# The rule must be able to fail.
matches dns/live.h base/* dns/evidence.h
test $? -eq 1
ok $? "an evaluator that includes dns/live.h would be caught"
done_testing
