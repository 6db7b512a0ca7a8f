#!/bin/sh
# Every text of the sources has its Japanese, and the Japanese report has no English left in it.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

xgettext --from-code=UTF-8 -kN_ -o "$tap_dir/kantei.pot" src/*/*.c src/*/*.h
ok $? "the texts are extracted"
msgfmt --check-format -o "$tap_dir/ja.mo" po/ja.po
ok $? "ja.po is well-formed"
msgcmp --no-fuzzy-matching po/ja.po "$tap_dir/kantei.pot" 2>"$tap_dir/missing"
ok $? "every text is translated"
sed 's/^/# /' "$tap_dir/missing" | head -40
msgcomm --less-than=2 --no-wrap -o "$tap_dir/alone" po/ja.po "$tap_dir/kantei.pot"
ok $? "texts and translations are compared"
is "$(grep -hs '^msgid "..*"' "$tap_dir/alone")" "" "no translation is of a text that is gone"
msgcat --no-wrap -o "$tap_dir/ja.po" po/ja.po

"$python" - "$tap_dir/ja.po" src/report/explain*.c >"$tap_dir/bad" <<'EOF'
import re, sys, unicodedata
po = open(sys.argv[1], encoding="utf-8").read()
pairs = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', po, re.M))
width = lambda text: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
labels = set()
for name in sys.argv[2:]:
    labels |= set(re.findall(r'explain_(?:line|time|number|verdict)\(\s*out,\s*style,\s*N_\("([^"]*)"\)', open(name).read()))
for english, text in pairs.items():
    if sorted(re.findall(r"{.}", english)) != sorted(re.findall(r"{.}", text)) or english.endswith("\\n") != text.endswith("\\n") \
            or english[:2] == "  " and text[:2] != "  ":
        print("lost a place or a line end:", english)
    if english in labels and width(text) > 22:
        print("label over 22 columns:", text)
if len(pairs) < 400 or len(labels) < 20:
    print("too little was read: %d texts, %d labels" % (len(pairs), len(labels)))
EOF
ok $? "the pairs are read"
is "$(cat "$tap_dir/bad")" "" "places, line ends and widths of labels"

"$kantei" --lang ja --offline -e samples/ministries.dns --ca-file samples/ca.pem samples/ministries.mbox >"$tap_dir/report"
is "$? $(head -1 "$tap_dir/report" | cut -c1-4)" "0 表1" "the Japanese report is there"
sed 's,samples/ministries.mbox#.*,,; s/[a-z]*=[a-z]*//g' "$tap_dir/report" |
	grep -vE '^(○: S/MIME|S/MIME SPF DKIM DMARC 該当数 割合|  (S/MIME|SPF|DKIM|DMARC) )' |
	grep -E '[A-Za-z]{3,}' | grep -vE '^(SPF・DKIM・DMARC|SPFの)' >"$tap_dir/english"
is "$(cat "$tap_dir/english")" "" "no English is left in the tables"
done_testing
