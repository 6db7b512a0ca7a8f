#!/bin/sh
# Mail in archives and compressed files has the verdicts of the same mail outside, at a place where it can be found.
. "${top_srcdir:?}/tests/shell/tap.sh"

evidence="--offline -e $src/samples/ministries.dns --ca-file $src/samples/ca.pem"

# records ARGUMENT…: into $tap_dir/records; what is said into $tap_dir/err.
records()
{
	# shellcheck disable=SC2086
	"$kantei" -q -f jsonl $evidence "$@" >"$tap_dir/records" 2>"$tap_dir/err"
}

# verdicts ARGUMENT…: what the records say of the messages, without where they were.
verdicts()
{
	records "$@" || sed 's/^/# /' "$tap_dir/err"
	jq -c 'select(.source) | [.message.message_id, .marks,
		(.smime, .spf, .dkim, .dmarc, .arc | .result, .reason), .message.subject, .message.from]' "$tap_dir/records"
}

# subjects: of the records, in their order.
subjects()
{
	jq -r 'select(.source) | .message.subject' "$tap_dir/records"
}

"$python" "$src/tests/shell/archives.py" "$src/samples/ministries.mbox" "$tap_dir"
ok $? "the sample is written as archives"
wanted=$(verdicts "$src/samples/ministries.mbox")
is "$(printf '%s\n' "$wanted" | wc -l | tr -d ' ')" 72 "72 messages"

# --- every kind, and the octets at the place that each record gives
unzip_member='import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))'
while read -r name member extract; do
	is "$(verdicts "$tap_dir/$name")" "$wanted" "$name"
	is "$(jq -r 'select(.source) | .source.path' "$tap_dir/records" | sort -u)" "$tap_dir/$name!$member" "$name: the place"
	is "$(jq -r 'select(.source) | .source.archive' "$tap_dir/records" | sort -u)" "$tap_dir/$name" "$name: the archive"
	(cd "$tap_dir" && eval "$extract") >"$tap_dir/member"
	"$python" - "$tap_dir/records" "$tap_dir/member" <<'EOF'
import hashlib, json, sys
octets = open(sys.argv[2], "rb").read()
sources = [json.loads(line).get("source") for line in open(sys.argv[1])]
sources = [source for source in sources if source]
for source in sources:
    at = source["offset"]
    assert hashlib.sha256(octets[at:at + source["length"]]).hexdigest() == source["sha256"], source
assert len(sources) == 72
EOF
	ok $? "$name: the octets at each place have the digest of the record"
	cp "$tap_dir/records" "$tap_dir/first"
	for jobs in 1 4; do
		records -j "$jobs" "$tap_dir/$name"
		cmp -s "$tap_dir/records" "$tap_dir/first"
		ok $? "$name: the same with -j $jobs"
	done
done <<EOF
mail.mbox.gz mail.mbox gzip -dc mail.mbox.gz
mail.mbox.bz2 mail.mbox bzip2 -dc mail.mbox.bz2
mail.mbox.xz mail.mbox xz -dc mail.mbox.xz
mail.mbox.zst mail.mbox zstd -qdc mail.mbox.zst
mail.zip in/mail.mbox "$python" -c '$unzip_member' mail.zip in/mail.mbox
mail.tar in/mail.mbox tar -xOf mail.tar in/mail.mbox
mail.tar.gz in/mail.mbox tar -xzOf mail.tar.gz in/mail.mbox
nested.tar in/mail.mbox.gz!mail.mbox tar -xOf nested.tar in/mail.mbox.gz | gzip -dc
nested.zip in/mail.tar.xz!mail.mbox "$python" -c '$unzip_member' nested.zip in/mail.tar.xz | tar -xJO mail.mbox
EOF

records "$tap_dir/mail.tar.gz"
# shellcheck disable=SC2086
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" "$tap_dir/records" >"$tap_dir/out" 2>&1
ok $? "the records are valid"
is "$(verdicts - <"$tap_dir/nested.tar")" "$wanted" "an archive on standard input"
is "$(jq -r 'select(.source) | .source.path' "$tap_dir/records" | sort -u)" "-!in/mail.mbox.gz!mail.mbox" "its place"
is "$(verdicts - <"$tap_dir/mail.mbox.xz")" "$wanted" "a compressed file on standard input"
is "$(verdicts "$tap_dir/folder")" "$wanted" "a folder with a compressed mailbox, and a document that is a zip"
is "$(verdicts --kind mbox "$tap_dir/mail.mbox.gz")" "$wanted" "--kind is that of the mailbox within"

records "$tap_dir/maildir.tar.gz"
is "$(jq -r 'select(.source) | .source | "\(.kind) \(.flags)"' "$tap_dir/records" | sort | uniq -c | tr -s ' ')" \
	" 72 maildir FS" "a Maildir in a tar, without what was not delivered"

# --- what is broken or hostile
records "$tap_dir/cut.mbox.gz" "$src/samples/ministries.mbox"
is $? 1 "a truncated file is an error"
is "$(grep -c "cut.mbox.gz!cut.mbox: cannot be read at offset [0-9]*: truncated" "$tap_dir/err")" 1 "it is named, with the offset"
grep -q "the message at offset [0-9]* and what follows is lost" "$tap_dir/err"
ok $? "and the message"
test "$(grep -c '"path":"[^"]*cut.mbox"' "$tap_dir/records")" -ge 10
ok $? "what lies before is read"
is "$(grep -c '"path":"[^"]*ministries.mbox"' "$tap_dir/records")" 72 "the other mailbox is read"

LC_ALL=C records "$tap_dir/names.tar"
is $? 0 "names that lead elsewhere are names"
is "$(subjects | tr '\n' ,)" "above,absolute,control,no UTF-8,first,second," "links, devices and hidden files are passed over"
is "$(grep -c archive-member-repeated "$tap_dir/records")" 1 "a second file of the same name has a finding"
grep -q 'b\\\\xFF.eml' "$tap_dir/records"
ok $? "a name that is no UTF-8 is escaped"
"$kantei" --lang en "$tap_dir/names.tar" --offline >"$tap_dir/out" 2>&1
"$kantei" explain --lang en "$tap_dir/names.tar" --offline >>"$tap_dir/out" 2>&1
is "$(LC_ALL=C tr -d '\n\t -~\200-\377' <"$tap_dir/out" | wc -c | tr -d ' ')" 0 "control characters do not reach the terminal"

records "$tap_dir/secret.zip"
is $? 1 "an encrypted file is an error"
is "$(cat "$tap_dir/err")" "kantei: $tap_dir/secret.zip!secret.eml: is encrypted, and was not read" "it is named"
is "$(subjects)" open "the other one is read"

records "$tap_dir/bomb.zip"
is $? 1 "a bomb is an error"
grep -q "bomb.zip!bomb.eml: cannot be read at offset [0-9]*: far more comes out" "$tap_dir/err"
ok $? "it is named, with the offset"
is "$(subjects)" after "what lies behind it is read"

# 200 MB in a file of some hundred kB: nothing is held but a message.
# shellcheck disable=SC2086,SC3045
(ulimit -v 1000000 2>/dev/null || exit 1; "$kantei" -j 1 -q -f jsonl $evidence "$tap_dir/large.mbox.gz" 2>"$tap_dir/err") >"$tap_dir/records"
limited=$?
if grep -q AddressSanitizer "$tap_dir/err"; then
	limited=0
	records "$tap_dir/large.mbox.gz"
fi
is "$limited" 0 "200 MB come out in a GB of addresses"
is "$(subjects | sort | uniq -c | tr -s ' ')" " 100 large" "all of its messages"

# --- parts of the mail, and a run that goes on: an archive belongs to one part, and is read again
set -- "$tap_dir/mail.mbox.gz" "$src/samples/ministries.mbox" "$tap_dir/nested.tar" "$tap_dir/mail.zip"
records "$@"
grep '"source"' "$tap_dir/records" >"$tap_dir/whole"
for part in 1 2 3 4; do
	records --shard "$part/4" "$@"
	grep '"source"' "$tap_dir/records"
done >"$tap_dir/parts"
cmp -s "$tap_dir/whole" "$tap_dir/parts"
ok $? "four shards one behind the other have every record once"
records -o "$tap_dir/report" "$@"
cp "$tap_dir/report" "$tap_dir/undisturbed"
head -n 100 "$tap_dir/undisturbed" >"$tap_dir/report.partial"
rm "$tap_dir/report"
records --resume -o "$tap_dir/report" "$@"
is "$? $(cat "$tap_dir/err")" "0 " "--resume goes on in the midst of archives"
cmp -s "$tap_dir/report" "$tap_dir/undisturbed"
ok $? "the report is that of an undisturbed run"

# --- around it
# shellcheck disable=SC2086
"$kantei" explain -f jsonl --message 3 $evidence "$tap_dir/nested.tar" >"$tap_dir/records" 2>"$tap_dir/err"
digest=$(sha256sum "$tap_dir/nested.tar" | cut -d' ' -f1)
is "$(jq -c 'select(.summary) | .summary.inputs[] | [.path, .sha256_before, .sha256_after]' "$tap_dir/records")" \
	"[\"$tap_dir/nested.tar\",\"$digest\",\"$digest\"]" \
	"the chain of custody is of the archive"
before=$(sha256sum <"$tap_dir/mail.zip")
records -o "$tap_dir/mail.zip" "$tap_dir/mail.zip"
is $? 1 "the report does not overwrite the archive"
is "$(sha256sum <"$tap_dir/mail.zip")" "$before" "it is what it was"
done_testing
