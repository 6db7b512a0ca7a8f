#!/bin/sh
# The report as a page: well-formed, the same numbers as the text, nothing loaded, mail is text.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

ministries()
{
	"$kantei" -q --lang ja --offline -e samples/ministries.dns --ca-file samples/ca.pem "$@" samples/ministries.mbox
}

ministries -f html >"$tap_dir/report.html"
is "$? $(head -c 15 "$tap_dir/report.html")" "0 <!DOCTYPE html>" "-f html"
ministries -f html -o "$tap_dir/again.html"
cmp -s "$tap_dir/report.html" "$tap_dir/again.html"
ok $? "the same bytes again"
"$python" - "$tap_dir/report.html" >"$tap_dir/rows" <<'EOF'
import html.parser, sys


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.rows, self.tables = [], [], 0

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        for name, value in names.items():
            if name.startswith("on") or name == "style" or name in ("src", "srcset", "action") \
                    or name == "href" and not value.startswith("#"):
                print("attribute", name, value)
        if tag not in ("meta", "input"):
            self.open.append(tag)
        if tag == "table":
            self.tables += 1
        if tag == "tr" and self.tables == 1:
            self.rows.append([])

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in ("meta", "input"):
            print("closed at once:", tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            print("not well nested:", tag, self.getpos())

    def handle_data(self, data):
        if self.tables == 1 and "tbody" in self.open and ("td" in self.open or "th" in self.open):
            self.rows[-1].append(data)


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
for row in page.rows:
    if row:
        print(*row)
if page.open:
    print("left open:", page.open)
EOF
is "$(cat "$tap_dir/rows")" "× ○ ○ × 30 41.7%
× ○ × × 21 29.2%
○ ○ × × 12 16.7%
× ○ ○ ○ 6 8.3%
× ○ × ○ 1 1.4%
× × ○ × 1 1.4%
× × × × 1 1.4%" "well nested, no attribute that loads or runs, and Table 1"

cat >"$tap_dir/hostile.eml" <<'EOF'
Received: from a.example (a.example [192.0.2.1]) by mx.example; Fri, 3 Dec 2021 09:00:00 +0900
From: "<img src=x onerror=document.title=1>" <a@example.jp>
Subject: <script>document.title='owned'</script><img src="http://192.0.2.1/x"></td></table><base href="http://192.0.2.1/">
Message-ID: <"><svg/onload=alert(1)>@example.jp>
List-Id: </main></body></html>
DKIM-Signature: v=1; d="><link rel=stylesheet href=//192.0.2.1>; s=<iframe>; a='; b=x

<form action="http://192.0.2.1/">
EOF
"$kantei" explain -q --lang en -f html --offline "$tap_dir/hostile.eml" >"$tap_dir/hostile.html"
ok $? "explain -f html"
mkdir "$tap_dir/browser"
timeout 300 "$python" tests/shell/html.py "$tap_dir/report.html" "$tap_dir/hostile.html" "$tap_dir/browser" >"$tap_dir/seen" 2>&1
is "$? $(cat "$tap_dir/seen")" "0 " "what Chromium sees: filters with and without script, print, phone, no request, mail as text"
timeout 300 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$tap_dir/printer" \
	--print-to-pdf="$tap_dir/report.pdf" "file://$tap_dir/report.html" >/dev/null 2>&1
is "$(head -c 5 "$tap_dir/report.pdf")" "%PDF-" "it prints"
pages=$(grep -ac '/Type */Page$\|/Type */Page[^s]' "$tap_dir/report.pdf")
test "$pages" -ge 3
ok $? "on several pages ($pages)"
done_testing
