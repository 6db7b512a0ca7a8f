#!/bin/sh
# bootstrap on a system that it cannot install on, and without a command that it knows.
. "${top_srcdir:?}/tests/shell/tap.sh"

printf 'ID=fedora\nID_LIKE="rhel"\n' >"$tap_dir/os-release"
for command in demo check; do
	KANTEI_OS_RELEASE=$tap_dir/os-release "$src/bootstrap" "$command" >"$tap_dir/out" 2>"$tap_dir/err"
	is "$?" 1 "$command stops on another system"
	for line in 'dnf install' 'pacman -S' 'brew install' './bootstrap && ./configure && make'; do
		grep -qF "$line" "$tap_dir/err"
		ok $? "and says: $line"
	done
done
"$src/bootstrap" no-such-command >"$tap_dir/out" 2>"$tap_dir/err"
is "$?" 2 "a command that is none"
grep -q '^usage: ' "$tap_dir/err"
ok $? "shows those that are"
done_testing
