#!/bin/sh
# Mail that attacks the terminal, the reader, or the parser; whatever it says, it is analysed.
. "${top_srcdir:?}/tests/shell/tap.sh"

mkdir "$tap_dir/mail"
cd "$tap_dir/mail" || exit 1
"$python" - <<'EOF'
def write(name, octets):
    open(name, "wb").write(octets)

head = b"Received: from a.example (a.example [192.0.2.1]) by mx.example; Fri, 3 Dec 2021 09:00:00 +0900\n"
escape = b"\x1b]0;owned\x07\x1b[2J\xc2\x9b31m\xe2\x80\xae\x08\x7f"
write("escape.eml", head + b"From: " + escape + b" <a" + escape + b"@example.jp>\nSubject: " + escape +
      b"\nMessage-ID: <" + escape + b">\nReturn-Path: <" + escape + b"@example.jp>\nDKIM-Signature: v=1; d=" + escape +
      b"; s=" + escape + b"; a=" + escape + b"\nAuthentication-Results: " + escape + b"; spf=" + escape + b"\n\nbody\n")
write("escape-encoded.eml", head + b"From: =?utf-8?B?G10wO293bmVkBxtbMko=?= <a@example.jp>\n"
      b"Subject: =?iso-2022-jp?B?G10wO293bmVkBxtbMko=?=\n\n")
write("nul.eml", head + b"From: a@example.jp\0@evil.example\nSubject: a\0b\n\nbo\0dy\n")
write("empty-fields.eml", b"From:\nSubject:\nDate:\nReceived:\nDKIM-Signature:\nAuthentication-Results:\n"
      b"Received-SPF:\nARC-Seal:\nARC-Message-Signature:\nARC-Authentication-Results:\nContent-Type:\nReturn-Path:\n\n")
write("headers-only.eml", b"From: a@example.jp\nSubject: no body")
write("one-line.eml", b"From: a@example.jp")
write("groups.eml", b"From: " + b"a:" * 40000 + b"\n\n")
write("comments.eml", b"From: " + b"(" * 100000 + b"\n\n")
write("words.eml", b"Subject: " + b"=?utf-8?Q?a" * 20000 + b"\nFrom: a@example.jp\n\n")
write("fields.eml", b"From: a@example.jp\n" + b"X-A: b\n" * 50000 + b"\nbody\n")
write("signatures.eml", b"From: a@example.jp\n" + b"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=aa; b=aa\n"
      * 200 + b"\nbody\n")
write("hops.eml", head * 5000 + b"From: a@example.jp\n\nbody\n")
nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(1500))
write("nested.eml", b"From: a@example.jp\n" + nested + b"--\n" * 100000)
write("parts.eml", b"From: a@example.jp\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100000)
write("line.eml", b"From: a@example.jp\n\n" + b"x" * (8 << 20))
write("blanks.eml", b"From: a@example.jp\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s;"
      b" h=from; bh=aa; b=aa\n\n" + b" \t" * (2 << 20) + b"\n" * (2 << 20))
write("header.eml", b"From: a@example.jp\nX: " + b"y" * (4 << 20) + b"\nSubject: behind\n\nbody\n")
write("binary.eml", b"From: a@example.jp\n\n" + bytes(range(256)) * 4096)
EOF

start=$(date +%s)
"$kantei" -l --offline . >"$tap_dir/text" 2>"$tap_dir/err"
is "$?" 0 "hostile mail is analysed"
sed 's/^/# /' "$tap_dir/err" | head -5
"$kantei" explain --offline . >"$tap_dir/explain" 2>>"$tap_dir/err"
is "$?" 0 "and explained"
"$kantei" -f jsonl --offline . >"$tap_dir/jsonl" 2>>"$tap_dir/err"
is "$?" 0 "and recorded"
"$kantei" explain -f jsonl --offline . >"$tap_dir/explained.jsonl" 2>>"$tap_dir/err"
is "$?" 0 "with what changed"
echo "# $(($(date +%s) - start)) s for four runs"
is "$(wc -l <"$tap_dir/jsonl" | tr -d ' ')" "$(($(find . -type f | wc -l) + 2))" "a record for each"
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" \
	"$tap_dir/jsonl" "$tap_dir/explained.jsonl" >"$tap_dir/valid"
ok $? "as the schema says"
sed 's/^/# /' "$tap_dir/valid" | head

# controls FILE: control characters (C0 but line feeds, DEL, C1) and bidirectional controls in it.
controls()
{
	"$python" - "$1" <<'EOF'
import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
bad = sorted({"U+%04X" % ord(c) for c in text
              if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")})
print(" ".join(bad))
EOF
}
for report in text explain jsonl err; do
	is "$(controls "$tap_dir/$report")" "" "no control character reaches the reader of $report"
done

# File names are somebody's text too.
name=$(printf 'a\033[2J.eml')
printf 'From: a@example.jp\n\nx\n' >"$name"
"$kantei" --offline -l "$name" "missing$name" >"$tap_dir/text" 2>"$tap_dir/err"
is "$(controls "$tap_dir/text")$(controls "$tap_dir/err")" "" "nor from a file's name"

# Evidence that other tools wrote may hold types of records that nobody asks for.
cat >types.dns <<'EOF'
;kantei-evidence 1
;q example.jp. TXT NOERROR n=3 at=2021-12-03T00:00:01Z
example.jp. 300 IN TXT "v=spf1 -all"
example.jp. 300 IN RRSIG TXT 13 2 300 20211224000000 20211124000000 1 example.jp. AAAA
example.jp. 300 IN TYPE65400 \# 1 00
EOF
printf 'From: a@example.jp\n\n' >types.eml
"$kantei" explain -q -f jsonl --offline -e types.dns --client-ip 192.0.2.1 --helo a.example --mail-from a@example.jp \
	types.eml >types.jsonl 2>err
is "$? $(grep -c '"spf":{"result":"fail"' types.jsonl)" "0 1" "records of any type in the evidence"
done_testing
