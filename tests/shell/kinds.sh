#!/bin/sh
# Every kind of mailbox gives the same verdicts of the same messages.
. "${top_srcdir:?}/tests/shell/tap.sh"

evidence="--offline -e $src/samples/ministries.dns --ca-file $src/samples/ca.pem"

# verdicts ARGUMENT…: what the records say of the messages, without where they were.
verdicts()
{
	# shellcheck disable=SC2086
	"$kantei" -q -f jsonl $evidence "$@" >"$tap_dir/records" 2>"$tap_dir/err" || {
		sed 's/^/# /' "$tap_dir/err"
		return 1
	}
	"$python" - "$tap_dir/records" <<'EOF'
import json, sys
rows = []
for line in open(sys.argv[1]):
    record = json.loads(line)
    if "source" not in record:
        continue
    rows.append((record["message"]["message_id"], record["marks"],
                 [record[m]["result"] + "/" + record[m]["reason"] for m in ("smime", "spf", "dkim", "dmarc", "arc")],
                 record["message"]["subject"], record["message"]["from"], record["message"]["received"]))
for row in sorted(rows, key=str):
    print(json.dumps(row, ensure_ascii=False))
EOF
}

"$python" "$src/tests/shell/kinds.py" "$src/samples/ministries.mbox" "$tap_dir"
ok $? "the sample is written as every kind of mailbox"
wanted=$(verdicts "$src/samples/ministries.mbox")
is "$(printf '%s\n' "$wanted" | wc -l | tr -d ' ')" 72 "72 messages"

for kind in mboxrd-lf mboxrd-crlf mboxcl2-lf thunderbird takeout maildir maildir-crlf maildirpp \
	folder emlx; do
	is "$(verdicts "$tap_dir/$kind")" "$wanted" "$kind"
done
# An mboxo quotes "From " but not ">From ": of messages that hold the latter the octets are lost.
is "$(wc -l <"$tap_dir/ambiguous" | tr -d ' ')" 3 "three messages that an mboxo cannot keep"
is "$(verdicts "$tap_dir/mboxo-lf" | grep -vFf "$tap_dir/ambiguous")" \
	"$(printf '%s\n' "$wanted" | grep -vFf "$tap_dir/ambiguous")" "mboxo-lf, of the others"
is "$(grep -c '"code":"store-quoting-undone"' "$tap_dir/records")" 2 \
	"two signatures verify because its quoting is undone"
is "$(verdicts - <"$src/samples/ministries.mbox")" "$wanted" "an mbox on standard input"
first=$(find "$tap_dir/folder" -name '*.eml' | LC_ALL=C sort | head -1)
is "$(verdicts - <"$first")" "$(verdicts "$first")" "a message on standard input"
is "$(verdicts "$first" | wc -l | tr -d ' ')" 1 "a message in a file"
is "$(verdicts "$tap_dir/folder" "$tap_dir/maildir" | sort -u)" "$(printf '%s\n' "$wanted" | sort -u)" \
	"two mailboxes in one run"

# A message that Thunderbird marked as deleted is still read, and said to be so.
# shellcheck disable=SC2086
"$kantei" -f jsonl $evidence "$tap_dir/thunderbird" >"$tap_dir/records"
is "$(grep -c '"expunged":true' "$tap_dir/records")" 1 "one is marked expunged"
grep -q '"code":"store-expunged"' "$tap_dir/records"
ok $? "with a finding"

# Every offset points at the message: its octets have the digest that the record gives.
for kind in mboxrd-crlf thunderbird emlx; do
	# shellcheck disable=SC2086
	"$kantei" -f jsonl $evidence "$tap_dir/$kind" >"$tap_dir/records"
	"$python" - "$tap_dir/records" <<'EOF'
import hashlib, json, sys
bad = 0
for line in open(sys.argv[1]):
    source = json.loads(line).get("source")
    if source:
        octets = open(source["path"], "rb").read()[source["offset"]:source["offset"] + source["length"]]
        bad += hashlib.sha256(octets).hexdigest() != source["sha256"]
sys.exit(bad > 0)
EOF
	ok $? "offsets and digests of $kind"
done

# Only ARC's signature of the message tells what it was before the mbox quoted it.
record=$("$kantei" -f jsonl --offline -e "$src/tests/data/arc/quoted.dns" "$src/tests/data/arc/quoted.mbox")
printf '%s\n' "$record" | grep -q '"arc":{"result":"pass".*"unquoted":"mboxrd"\|"unquoted":"mboxrd".*"arc":{"result":"pass"'
ok $? "an ARC chain alone has the quoting undone"
done_testing
