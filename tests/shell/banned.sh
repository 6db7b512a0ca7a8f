#!/bin/sh
# Functions that the code must not call (STYLE.md, rules of thumb).
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

# absent PATTERN NAME FILE…: no line of the files calls it; comments do not count.
absent()
{
	pattern=$1
	name=$2
	shift 2
	sed 's,/\*.*\*/,,; s,^[[:space:]]*\*.*,,; s,"[^"]*",,g' "$@" |
		grep -En "(^|[^_[:alnum:]>.])($pattern)[[:space:]]*\(" >"$tap_dir/found"
	ok "$((1 - $?))" "$name"
	sed 's/^/# /' "$tap_dir/found"
}

all=$(find src -name '*.[ch]')
outside=$(find src -name '*.[ch]' ! -path 'src/cli/*')
# Round-trip times and deadlines of questions need a clock; they never reach a verdict. How long a worker
# may take is measured by its own processor time.
clockless=$(find src -name '*.[ch]' ! -path 'src/cli/*' ! -path 'src/dns/live*' ! -path src/engine/watch.c \
	! -path src/engine/member.c)

# shellcheck disable=SC2086
{
	absent 'strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|atoll|gmtime|localtime|alloca' \
		"no function without bounds or with static buffers" $all
	absent 'isalpha|isdigit|isalnum|isspace|isupper|islower|isprint|iscntrl|isxdigit|tolower|toupper' \
		"no ctype on char: g_ascii_ has them" $all
	absent 'time|clock_gettime|gettimeofday|g_get_real_time|g_get_monotonic_time|g_date_time_new_now_utc' \
		"the clock is read in cli/, by the live resolver and for the workers only" $clockless
	absent 'getenv|g_getenv|exit|abort|printf|puts|fprintf|g_print|g_printerr' \
		"only cli/ prints, exits and reads the environment" $outside
}
# shellcheck disable=SC2086
grep -nE '^[[:space:]]*goto ' $all >"$tap_dir/goto"
ok "$((1 - $?))" "no goto"
printf 'x = sprintf(b, "y");\n' >"$tap_dir/bad.c"
(absent 'sprintf' "(checked below)" "$tap_dir/bad.c") >"$tap_dir/out"
grep -q '^not ok' "$tap_dir/out"
ok $? "a banned call would be caught"
done_testing
