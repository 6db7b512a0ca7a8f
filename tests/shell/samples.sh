#!/bin/sh
# The samples are what samples/make-samples.py makes, and dkimpy, pyspf and openssl agree with what they
# are meant to be.
. "${top_srcdir:?}/tests/shell/tap.sh"

/usr/bin/env PYTHONDONTWRITEBYTECODE=1 "$python" "$src/samples/make-samples.py" --check >"$tap_dir/out" 2>&1
ok $? "made again, the samples are the same; other programs agree with them"
sed 's/^/# /' "$tap_dir/out" | tail -20

"$python" "$src/tests/corpora/spoof/make.py" --check >"$tap_dir/out" 2>&1
ok $? "the messages of the spoofing tricks are what their make.py makes"
sed 's/^/# /' "$tap_dir/out" | tail -20
done_testing
