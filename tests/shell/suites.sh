#!/bin/sh
# The table of all published sets, from what their tests left: cases, agreed, differences that
# tests/corpora/differences.tsv gives a reason for; then every case that does not agree, by name.
# The same stands in tests/suites.txt of the build tree.
. "${top_srcdir:?}/tests/shell/tap.sh"

sets=$src/tests/corpora/sets.tsv
differences=$src/tests/corpora/differences.tsv
tally=$top_builddir/tests/tally
tab=$(printf '\t')

# Rows without comments and empty lines.
rows()
{
	grep -v -e '^#' -e '^$' "$1"
}

tally_of()
{
	printf '%s/%s.tsv' "$tally" "$(printf '%s' "$1" | tr / -)"
}

table()
{
	printf '%-28s %6s %6s %6s\n' set cases agreed known
	rows "$sets" | while IFS=$tab read -r set _ _; do
		[ ! -f "$(tally_of "$set")" ] || head -n 1 "$(tally_of "$set")"
	done | awk -F '\t' '
		{ printf "%-28s %6d %6d %6d%s\n", $1, $2, $3, $4, ($5 > 0 ? "  " $5 " faults" : "") }
		{ cases += $2; agreed += $3; known += $4 }
		END { printf "%-28s %6d %6d %6d\n", "all", cases, agreed, known }'
}

not_agreed()
{
	rows "$sets" | while IFS=$tab read -r set _ _; do
		[ ! -f "$(tally_of "$set")" ] || tail -n +2 "$(tally_of "$set")" |
			awk -F '\t' -v set="$set" '{ printf "%s: %s: %s: the set says %s, kantei %s (%s: %s)\n",
				$1, set, $2, $3, $4, $5, $6 }'
	done
}

rows "$sets" >"$tap_dir/sets"
while IFS=$tab read -r set cases _; do
	IFS=$tab read -r _ counted _ _ faults _ 2>/dev/null <"$(tally_of "$set")" || counted=none
	[ "$counted" = "$cases" ] && [ "$faults" = 0 ]
	ok $? "$set: $cases cases, each agrees or has its reason"
done <"$tap_dir/sets"

cut -f 1 "$tap_dir/sets" | sort >"$tap_dir/known"
rows "$differences" | cut -f 1 | sort -u | comm -23 - "$tap_dir/known" >"$tap_dir/strange"
is "$(cat "$tap_dir/strange")" "" "differences.tsv names no set that is none"

# corners of the README: each test and row that it names is in the program it names. Prints what is not.
sed -nE 's/^\| (SPF|DKIM|DMARC)/\1/p' "$src/tests/corpora/README" >"$tap_dir/corners"
corners()
{
	while IFS='|' read -r corner tests names _; do
		# shellcheck disable=SC2086
		set -- $tests
		source=$src/tests/$1.c
		shift
		for path; do
			grep -qF "g_test_add_func(\"$path\"" "$source" || echo "$corner: $path"
		done
		printf '%s' "$names" | tr ';' '\n' | sed 's/^ *//; s/ *$//' | grep . |
			while read -r name; do
				grep -qF "{ \"$name\"" "$source" || echo "$corner: $name"
			done
	done <"$tap_dir/corners"
}
is "$(corners)" "" "the tests and rows that the README names for each corner are there"
[ "$(wc -l <"$tap_dir/corners")" -ge 40 ]
ok $? "the README's corners are read"

{
	table
	printf '\n'
	not_agreed
} >"$top_builddir/tests/suites.txt"
sed 's/^/# /' "$top_builddir/tests/suites.txt"
done_testing
