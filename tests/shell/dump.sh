#!/bin/sh
# --dump: the commands that an account prints verify its signatures by hand, with openssl(1) alone.
. "${top_srcdir:?}/tests/shell/tap.sh"

# dump FOLDER EVIDENCE ARGUMENT…: the account in $tap_dir/account.
dump()
{
	folder=$1
	evidence=$2
	shift 2
	"$kantei" explain -q --lang en --offline -e "$src/samples/$evidence" --ca-file "$src/samples/ca.pem" \
		--dump "$folder" "$@" >"$tap_dir/account" 2>"$tap_dir/err"
	status=$?
}

# commands PATTERN: the openssl commands of the account that hold it.
commands()
{
	sed -n 's/^ *\(openssl .*\)$/\1/p' "$tap_dir/account" | grep -e "$1"
}

# by_hand FOLDER PATTERN: runs them there; what they say in $tap_dir/said.
by_hand()
{
	commands "$2" >"$tap_dir/commands"
	(cd "$1" && sh -e "$tap_dir/commands") >"$tap_dir/said" 2>&1
}

# --- RSA
dump "$tap_dir/rsa" incident.dns "$src/samples/incident/genuine.eml"
is "$status" 0 "a folder that is not there is made"
is "$(cd "$tap_dir/rsa" && echo *)" \
	"message1-signature1-body.txt message1-signature1-header.txt message1-signature1-key.pem message1-signature1-signature.bin" \
	"the files of a message of one signature"
by_hand "$tap_dir/rsa" "dgst -sha256 -verify"
is "$? $(cat "$tap_dir/said")" "0 Verified OK" "the command printed for RSA succeeds"
by_hand "$tap_dir/rsa" "base64 -A"
is "$? $(cat "$tap_dir/said")" "0 $(sed -n 's/^ *bh= says *//p' "$tap_dir/account")" \
	"the command printed for the body gives bh="
sed 's/^from:/from:x/' "$tap_dir/rsa/message1-signature1-header.txt" >"$tap_dir/changed"
cp "$tap_dir/changed" "$tap_dir/rsa/message1-signature1-header.txt"
by_hand "$tap_dir/rsa" "dgst -sha256 -verify"
is "$?" 1 "and would fail on another header"

# Nothing is replaced, and no link followed.
dump "$tap_dir/rsa" incident.dns "$src/samples/incident/genuine.eml"
is "$status" 1 "files that are there are not replaced"
grep -q 'message1-signature1-header.txt' "$tap_dir/err"
ok $? "the first of them is named"
cmp -s "$tap_dir/changed" "$tap_dir/rsa/message1-signature1-header.txt"
ok $? "and is as it was"
mkdir "$tap_dir/links"
ln -s "$tap_dir/elsewhere" "$tap_dir/links/message1-signature1-header.txt"
dump "$tap_dir/links" incident.dns "$src/samples/incident/genuine.eml"
is "$status" 1 "a link is not followed"
test ! -e "$tap_dir/elsewhere"
ok $? "and nothing is written behind it"

# --- Ed25519, in a mailbox: the first message that has such a signature
number=$("$kantei" -q -f jsonl --offline -e "$src/samples/ministries.dns" "$src/samples/ministries.mbox" |
	"$python" -c '
import json, sys
for line in sys.stdin:
    record = json.loads(line)
    if any(s["algorithm"] == "ed25519-sha256" for s in record.get("dkim", {}).get("signatures", [])):
        print(record["source"]["index"])' | sed -n 1p)
dump "$tap_dir/ed25519" ministries.dns --message "$number" "$src/samples/ministries.mbox"
is "$status" 0 "message $number of the mailbox"
test -f "$tap_dir/ed25519/message$number-signature1-header.txt"
ok $? "whose files have its number"
commands "pkeyutl -verify" >"$tap_dir/verify"
is "$(wc -l <"$tap_dir/verify" | tr -d ' ')" 1 "the account prints a command for Ed25519"
name=$(sed -n 's/.*-in \([^ ]*\)\.sha256 .*/\1/p' "$tap_dir/verify")
by_hand "$tap_dir/ed25519" "$name"
is "$? $(cat "$tap_dir/said")" "0 Signature Verified Successfully" "which succeeds"
printf x >>"$tap_dir/ed25519/$name"
by_hand "$tap_dir/ed25519" "$name"
is "$?" 1 "and would fail on another header"

# --- in the account itself
dump - incident.dns "$src/samples/incident/genuine.eml"
is "$status" 0 "--dump -"
mkdir "$tap_dir/inline"
sed -n '/^openssl /,/^$/p' "$tap_dir/account" >"$tap_dir/script"
(cd "$tap_dir/inline" && sh -e "$tap_dir/script") >"$tap_dir/said" 2>&1
is "$?" 0 "its lines are a script"
grep -q '^.*Verified OK$' "$tap_dir/said"
ok $? "which makes the files and verifies"
cmp -s "$tap_dir/inline/message1-signature1-body.txt" "$tap_dir/rsa/message1-signature1-body.txt"
ok $? "they are the same as in a folder"

# --- in the record
"$kantei" explain -q -f jsonl --offline -e "$src/samples/incident.dns" --dump "$tap_dir/jsonl" \
	"$src/samples/incident/mailing-list.eml" >"$tap_dir/record"
is "$?" 0 "-f jsonl --dump"
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" "$tap_dir/record" >"$tap_dir/valid"
ok $? "the record is as the schema says"
is "$("$python" - "$tap_dir/record" "$tap_dir/jsonl" <<'PYTHON'
import json, os, sys
record = json.loads(open(sys.argv[1]).readlines()[1])
dumps = [s["dump"] for s in record["dkim"]["signatures"]]
names = sorted(d[k] for d in dumps for k in ("header", "body", "signature", "key"))
print(names == sorted(os.listdir(sys.argv[2])), len(names))
PYTHON
)" "True 8" "and names the files of two signatures"

# What a message says chooses no name.
cat >"$tap_dir/hostile.eml" <<'MESSAGE'
DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.com;
 s=../../x; h=from; bh=AAAA; b=AAAA
DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=/etc/passwd;
 s=$(touch pwned); h=from; l=3; bh=AAAA; b=AAAA
DKIM-Signature: nonsense
From: a@example.com

Hello
MESSAGE
dump "$tap_dir/hostile" incident.dns "$tap_dir/hostile.eml"
is "$status $(cd "$tap_dir/hostile" && echo *)" \
	"0 message1-signature1-body.txt message1-signature1-header.txt message1-signature1-signature.bin message1-signature2-body.txt message1-signature2-header.txt message1-signature2-signature.bin" \
	"names are made of numbers"
is "$(wc -c <"$tap_dir/hostile/message1-signature2-body.txt" | tr -d ' ')" 3 "the body goes as far as l="

# --- what does not go together
"$kantei" --offline --dump "$tap_dir/none" "$src/samples/incident/genuine.eml" >"$tap_dir/out" 2>&1
is "$?" 2 "--dump without explain"
"$kantei" explain --offline -f jsonl --dump - "$src/samples/incident/genuine.eml" >"$tap_dir/out" 2>&1
is "$?" 2 "--dump - in a record"
"$kantei" explain --offline --dump /no/such/folder "$src/samples/incident/genuine.eml" >"$tap_dir/out" 2>&1
is "$?" 1 "a folder that cannot be made"
done_testing
