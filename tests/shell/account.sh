#!/bin/sh
# The account of one message: custody, headers only, and that all of it is in the record too.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

explain()
{
	"$kantei" explain -q --lang en --marks oxdash --offline -e samples/incident.dns --ca-file samples/ca.pem "$@"
}

explain samples/incident/genuine.eml >"$tap_dir/one"
is "$? $(sed -n '2p;3q' "$tap_dir/one" | wc -l)" "0 1" "one .eml just works"
is "$(sed -n '2,11p' "$tap_dir/one" | grep -c '^ *[A-Z]\|^Account')" 10 "it begins with a summary of ten lines"
sum=$(sha256sum <samples/incident/genuine.eml | cut -d' ' -f1)
is "$(grep -c "$sum" "$tap_dir/one")" 2 "the input's hash, of the file and of the message as stored"
crlf=$(sed 's/$/\r/' samples/incident/genuine.eml | sha256sum | cut -d' ' -f1)
grep -q "SHA-256 as received  *$crlf" "$tap_dir/one"
ok $? "the hash of the message as SMTP carried it"
explain -o "$tap_dir/two" samples/incident/genuine.eml
cmp -s "$tap_dir/one" "$tap_dir/two"
ok $? "where the report goes is no part of it"

# The header alone.
sed '/^$/,$d' samples/incident/genuine.eml >"$tap_dir/header.eml"
explain --headers-only "$tap_dir/header.eml" >"$tap_dir/header"
is "$(sed -n '3,6p' "$tap_dir/header" | cut -c3-24 | sed 's/ *$//')" "S/MIME × none
SPF    ○ pass
DKIM   – none
DMARC  ○ pass" "--headers-only: what the header can tell, and no more"
grep -q 'Header signature  *valid' "$tap_dir/header"
ok $? "--headers-only: the header signature is checked"
explain "$tap_dir/header.eml" | grep -q 'Body hash  *mismatch'
ok $? "without it, a body that is not there is another body"
sed 's/^Subject: /Subject: X/' "$tap_dir/header.eml" >"$tap_dir/altered.eml"
explain --headers-only "$tap_dir/altered.eml" | grep -q 'DKIM   × fail'
ok $? "--headers-only: an altered header still fails"

# A file that changes while it is read.
cp samples/incident/genuine.eml "$tap_dir/live.eml"
mkfifo "$tap_dir/pipe"
explain "$tap_dir/live.eml" "$tap_dir/pipe" >"$tap_dir/changed" 2>"$tap_dir/said" &
{
	sleep 1
	echo >>"$tap_dir/live.eml"
	cat samples/incident/key-gone.eml
} >"$tap_dir/pipe"
wait $!
is "$?" 1 "an input that changed gives status 1"
grep -q 'input file was changed' "$tap_dir/said"
ok $? "and is told"
is "$(grep -c 'SHA-256 after  *[0-9a-f]\{64\}' "$tap_dir/changed")" 1 "with both hashes"

# All of it in the record.
explain -f jsonl samples/incident samples/ministries.mbox >"$tap_dir/jsonl"
"$python" "$src/tests/shell/validate.py" src/report/record.schema.json "$tap_dir/jsonl" >"$tap_dir/valid"
ok $? "the records of accounts hold to the schema"
sed 's/^/# /' "$tap_dir/valid" | head
"$python" - "$tap_dir/jsonl" >"$tap_dir/places" <<'EOF'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    if "source" not in record:
        continue
    source = record["source"]
    with open(source["path"], "rb") as file:
        file.seek(source["offset"])
        octets = file.read(source["length"])
    for hop in record["hops"]:
        place = hop["where"]
        if not octets[place["offset"]:][:9].lower() == b"received:":
            print(source["path"], "a hop that is no Received line")
    if not record["clocks"] or not record["statements"]:
        print(source["path"], "no clocks or no statements")
EOF
is "$(cat "$tap_dir/places")" "" "places are those of the bytes"
done_testing
