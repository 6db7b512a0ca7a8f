#!/bin/sh
# The sample mailbox prints Table 1, in both languages, and every record is as the schema says.
. "${top_srcdir:?}/tests/shell/tap.sh"

ministries()
{
	"$kantei" --offline -e "$src/samples/ministries.dns" --ca-file "$src/samples/ca.pem" "$@" \
		"$src/samples/ministries.mbox"
}

# The rows behind the title.
table()
{
	sed -n "/^$1/,/^\$/p" | sed '1d; /^$/d'
}

rows='×      ○   ○    ×     30    41.7%
×      ○   ×    ×     21    29.2%
○      ○   ×    ×     12    16.7%
×      ○   ○    ○      6     8.3%
×      ○   ×    ○      1     1.4%
×      ×   ○    ×      1     1.4%
×      ×   ×    ×      1     1.4%'

ministries --lang ja >"$tap_dir/ja" 2>"$tap_dir/err"
is "$?" 0 "the sample is analysed"
is "$(cat "$tap_dir/err")" "" "with nothing to remark"
is "$(table 表1 <"$tap_dir/ja")" "S/MIME SPF DKIM DMARC 該当数 割合
$rows" "Table 1 in Japanese"

ministries --lang en --marks oxdash >"$tap_dir/en"
is "$(table 'Table 1' <"$tap_dir/en" | sed 's/ \{2,\}/ /g')" \
	"S/MIME SPF DKIM DMARC Count Share
$(printf '%s' "$rows" | sed 's/ \{2,\}/ /g')" "Table 1 in English"

LC_ALL=C ministries >"$tap_dir/c"
is "$(table 'Table 1' <"$tap_dir/c" | sed 1d | sed 's/ \{2,\}/ /g')" \
	"$(printf '%s' "$rows" | sed 's/ \{2,\}/ /g; s/×/x/g; s/○/o/g')" "ASCII where the locale has no more"
LC_ALL=C grep -q '[^ -~]' "$tap_dir/c"
is "$?" 0 "(the subjects in the lists stay Japanese)"

is "$(sed -n '/^SPF・DKIM・DMARC/,/^$/p' "$tap_dir/ja" | grep -c 'spf=pass dkim=pass dmarc=pass')" 6 \
	"six pass all but S/MIME"
is "$(sed -n '/^SPFの/,/^$/p' "$tap_dir/ja" | grep -o 'spf=.*dmarc=[a-z]*')" \
	"$(printf 'spf=none dkim=pass dmarc=bestguesspass\nspf=permerror dkim=none dmarc=fail')" \
	"two whose SPF is missing or wrong, with their raw results"

ministries -f jsonl >"$tap_dir/jsonl"
"$kantei" -f jsonl --offline -e "$src/samples/incident.dns" --ca-file "$src/samples/ca.pem" \
	"$src/samples/incident" >"$tap_dir/incident.jsonl"
is "$?" 0 "the incident folder is analysed"
"$kantei" explain -f jsonl --offline -e "$src/samples/incident.dns" --ca-file "$src/samples/ca.pem" \
	"$src/samples/incident" >"$tap_dir/explained.jsonl"
is "$?" 0 "and explained"
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" \
	"$tap_dir/jsonl" "$tap_dir/incident.jsonl" "$tap_dir/explained.jsonl" >"$tap_dir/valid" 2>&1
ok $? "every record is as the schema says"
sed 's/^/# /' "$tap_dir/valid" | head -20

is "$("$python" - "$tap_dir/jsonl" <<'EOF'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
results = lines[-1]["summary"]["results"]["dmarc"]
wrong = sum(results.get(word, 0) for word in ("fail", "permerror", "bestguesspass"))
print(results["pass"], wrong, results["none"], len(lines))
EOF
)" "7 27 38 74" "DMARC: 7 pass, 27 fail, permerror or bestguesspass, 38 none"
grep -q '"lacking":\[{' "$tap_dir/jsonl"
is "$?" 1 "the evidence lacks no answer"

ministries -f jsonl >"$tap_dir/again"
cmp -s "$tap_dir/jsonl" "$tap_dir/again"
ok $? "the same input gives the same bytes"
LC_ALL=C ministries --lang ja -f jsonl >"$tap_dir/again"
cmp -s "$tap_dir/jsonl" "$tap_dir/again"
ok $? "whatever the locale and the language"

for unit in sender domain list; do
	ministries --by "$unit" --lang ja >"$tap_dir/by"
	grep -qx '合計: 72' "$tap_dir/by"
	ok $? "72 units by $unit"
done
done_testing
