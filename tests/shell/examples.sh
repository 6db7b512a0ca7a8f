#!/bin/sh
# The examples of the manual and of README run, and README shows what the program prints.
. "${top_srcdir:?}/tests/shell/tap.sh"

mkdir -p "$tap_dir/tree/build"
ln -s "$src/samples" "$tap_dir/tree/samples"
ln -s "$kantei" "$tap_dir/tree/build/kantei"
cd "$tap_dir/tree" || exit 1
PATH=$tap_dir/tree/build:$PATH

sed -n 's/^\.Dl \$ //p' "$src/man/kantei.1" >"$tap_dir/commands"
sed -n 's/^    \$ //p' "$src/README" >>"$tap_dir/commands"
count=0
while IFS= read -r command; do
	count=$((count + 1))
	sh -c "$command" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null
	ok $? "$command"
	sed 's/^/# /' "$tap_dir/err"
done <"$tap_dir/commands"
test "$count" -ge 7
ok $? "examples were found ($count)"

# The output in README is that of the command above it.
command=$(sed -n 's/^    \$ //p' "$src/README" | head -1)
sh -c "$command" >"$tap_dir/out"
sed -n '/^    表1/,/^How to read it/p' "$src/README" | sed '$d' | sed 's/^    //' |
	sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$tap_dir/shown"
is "$(cat "$tap_dir/shown")" "$(cat "$tap_dir/out")" "README shows the real output"
done_testing
