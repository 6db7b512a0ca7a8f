#!/bin/sh
# A second opinion on the DKIM answers that test-dkim-suite holds kantei to: worked out in Python.
. "${top_srcdir:?}/tests/shell/tap.sh"

second()
{
	"$python" "$src/tests/corpora/dkim/second.py" "$1" 2>&1
}

second "$src/tests/corpora/dkim/answers.tsv" >"$tap_dir/differing"
ok $? "every signature: body hash, header signature and key as answers.tsv has them"
sed 's/^/# /' "$tap_dir/differing"

sed 's/	match	valid	found	/	match	altered	found	/' "$src/tests/corpora/dkim/answers.tsv" >"$tap_dir/wrong.tsv"
second "$tap_dir/wrong.tsv" | grep -q 'match valid found, not match altered found$'
ok $? "a wrong answer would be noticed"
done_testing
