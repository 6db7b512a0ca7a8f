#!/bin/sh
# Every finding is in kantei-findings(7), which is made from the sources: with its severity and sentence.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1
page=man/kantei-findings.7

"$python" man/findings.py src >"$tap_dir/page"
ok $? "the findings of the sources can be read"
diff -u "$page" "$tap_dir/page" >"$tap_dir/difference"
ok $? "the page is what the sources say (make findings)"
sed 's/^/# /' "$tap_dir/difference" | head -20

sed -n 's/^\.It Cm \([a-z0-9-]*\) Pq .*/\1/p' "$page" | LC_ALL=C sort >"$tap_dir/codes"
test "$(wc -l <"$tap_dir/codes")" -gt 130
ok $? "the page has the codes ($(wc -l <"$tap_dir/codes"))"
is "$(LC_ALL=C uniq -d "$tap_dir/codes")" "" "no code is told of in two rooms"

# Another way to the codes than the one that makes the page: the calls.
cat src/*/*.c | tr -s '\n\t ' '   ' | grep -oE 'findings_add(_at)?\([^"()]*"[a-z0-9-]+"' |
	sed 's/.*"\(.*\)"/\1/' | LC_ALL=C sort -u >"$tap_dir/called"
test "$(wc -l <"$tap_dir/called")" -gt 80
ok $? "calls are read ($(wc -l <"$tap_dir/called"))"
is "$(LC_ALL=C comm -13 "$tap_dir/codes" "$tap_dir/called")" "" "every code that is called is in the page"
grep -v '^#' tests/corpora/spoof/expected.tsv | cut -f5 | tr ' ' '\n' | sed 's/=.*//' | LC_ALL=C sort -u >"$tap_dir/spoof"
is "$(LC_ALL=C comm -13 "$tap_dir/codes" "$tap_dir/spoof")" "" "so is every code of the spoofing tricks"

# And what comes out.
for what in "tests/corpora/spoof/spoof.dns tests/corpora" "samples/incident.dns samples tests/data"; do
	# shellcheck disable=SC2086
	"$kantei" -q -f jsonl --offline -e $what >>"$tap_dir/records" 2>/dev/null
done
"$python" - "$page" "$tap_dir/records" >"$tap_dir/bad" <<'EOF'
import json, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
known = {}
for code, severities, body in re.findall(r"^\.It Cm (\S+) Pq (.*)\n((?:[^.].*\n)+)", page, re.M):
    text = " ".join(body.split()).replace(r"\&", "").replace(r"\e", "\\")
    known[code] = (severities.split(" or "), text)
seen = set()
for line in open(sys.argv[2], encoding="utf-8"):
    for finding in json.loads(line).get("findings", []):
        code = finding["code"]
        seen.add(code)
        if code not in known or finding["severity"] not in known[code][0] or finding["text"] not in known[code][1]:
            print(code, finding["severity"], finding["text"])
if len(seen) < 95:
    print("only %d findings were seen" % len(seen))
EOF
ok $? "the records are read"
is "$(LC_ALL=C sort -u "$tap_dir/bad")" "" "what is told in the records is in the page"

mkdir -p "$tap_dir/src"
cp -R src/message src/auth src/analysis src/mailbox src/engine src/survey "$tap_dir/src"
chmod -R u+w "$tap_dir/src"
cat >"$tap_dir/src/message/new.c" <<'EOF'
	findings_add(f, "new-trick", SEVERITY_ALERT,
		N_("It is "
		   "new."), NULL);
EOF
"$python" man/findings.py "$tap_dir/src" | diff "$page" - | grep -q '^> \.It Cm new-trick Pq alert'
ok $? "a finding that is not in the page would be caught"
echo 'findings_add(f, code, SEVERITY_ALERT, text, NULL);' >"$tap_dir/src/message/new.c"
"$python" man/findings.py "$tap_dir/src" >/dev/null 2>&1
test $? -eq 1
ok $? "so would one that cannot be read"
done_testing
