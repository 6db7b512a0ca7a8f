#!/bin/sh
# The manual in English and in Japanese: well-formed both, and the one has what the other has.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1
en=man/kantei.1
ja=man/ja/kantei.1

# The lines of a page that do not change with the language: options, commands, examples, what is written out.
fixed()
{
	sed -n -e '/^\.Bd /,/^\.Ed/p' -e '/^\.It Fl /p' -e '/^\.It Nm /p' -e '/^\.It [0-9]/p' -e '/^\.It \\(/p' -e '/^\.Dl /p' "$1"
}

# The same lines and the headings among them, each heading without its words.
shape()
{
	sed -n -e '/^\.Bd /,/^\.Ed/p' -e '/^\.It Fl /p' -e '/^\.It Nm /p' -e '/^\.It [0-9]/p' -e '/^\.It \\(/p' -e '/^\.Dl /p' \
		-e 's/^\(\.S[hs]\) .*/\1/p' "$1"
}

# What a page names: files, literal text, other pages, and all options. In any order.
names()
{
	sed -n '/^\./p' "$1" | grep -oE '(^\.| )(Pa|Li|Ql|Xr|Ev|Fn) [^ ]+( [0-9])?' | sed 's/^[. ]//' | sort -u
	sed -n '/^\..*Fl /p' "$1" | tr ' ' '\n' | grep -xE -e '-[a-z][-a-z]+' | sort -u
}

for page in "$en" "$ja"; do
	mandoc -T lint -W error "$page" >"$tap_dir/errors" 2>&1
	ok $? "$page: no error"
	sed 's/^/# /' "$tap_dir/errors"
	mandoc -T utf8 "$page" >"$tap_dir/page"
	status=$?
	test "$status" -eq 0 && test "$(wc -l <"$tap_dir/page")" -gt 500
	ok $? "$page: is shown"
	iconv -f UTF-8 -t UTF-8 "$page" >/dev/null
	ok $? "$page: UTF-8"
done
# What mandoc warns of; it knows no headings but the English ones.
is "$(mandoc -T lint -W warning "$en")" "" "$en: no warning"
is "$(mandoc -T lint -W warning "$ja" |
	grep -v -e 'first section is not "NAME"' -e 'description line outside NAME section')" "" "$ja: no warning"

is "$(grep '^\.Dd ' "$ja")" "$(grep '^\.Dd ' "$en")" "the date"
is "$(grep -c '^\.Sh ' "$ja")" "$(grep -c '^\.Sh ' "$en")" "as many sections"
is "$(grep -c '^\.Ss ' "$ja")" "$(grep -c '^\.Ss ' "$en")" "as many sections within them"
is "$(grep '^\.It Fl ' "$ja")" "$(grep '^\.It Fl ' "$en")" "the options, in the same order"
is "$(grep '^\.Dl ' "$ja")" "$(grep '^\.Dl ' "$en")" "the examples"
is "$(fixed "$ja")" "$(fixed "$en")" "all lines that no language changes"
is "$(shape "$ja")" "$(shape "$en")" "these lines in the same sections"
is "$(names "$ja")" "$(names "$en")" "files, literal text, options and pages that are named"
# Cross references lead to headings of the page.
sed -n 's/^\.P[qo] \(see \)\{0,1\}Sx \(.*\)/\2/p' "$ja" | sed 's/ No .*//' | sort -u >"$tap_dir/references"
sed -n 's/^\.S[hs] //p' "$ja" | sort -u | comm -13 - "$tap_dir/references" >"$tap_dir/nowhere"
is "$(cat "$tap_dir/nowhere")" "" "$ja: every reference has its section"
is "$(wc -l <"$tap_dir/references")" "$(grep -oE 'Sx [A-Za-z ]+' "$en" | sort -u | wc -l)" "as many sections are referred to"
# No heading and no paragraph was left in English: a line without Japanese is a macro's, or literal.
is "$(sed -e '/^\.Bd /,/^\.Ed/d' -e '/^\./d' "$ja" | LC_ALL=C grep -n -v '[^ -~]')" "" "$ja: all text is Japanese"
is "$(LC_ALL=C grep '^\.S[hs] ' "$ja" | LC_ALL=C grep -v '[^ -~]' | tr '\n' ' ')" \
	".Ss explain .Ss table .Ss diff .Ss export .Ss survey .Ss evidence " "$ja: headings are Japanese, or commands"

# The page is installed. The targets behind it need nothing to be built.
MAKEFLAGS='' MFLAGS='' make -s -C "$top_builddir" install-dist_jaman1DATA DESTDIR="$tap_dir/there" >"$tap_dir/log" 2>&1
ok $? "make installs it"
sed 's/^/# /' "$tap_dir/log"
find "$tap_dir/there" -path '*/man/ja/man1/kantei.1' -exec cmp {} "$ja" \; >"$tap_dir/log" 2>&1
is "$(find "$tap_dir/there" -type f | sed 's,.*/man/,man/,') $(cat "$tap_dir/log")" "man/ja/man1/kantei.1 " "beside the English page"
done_testing
