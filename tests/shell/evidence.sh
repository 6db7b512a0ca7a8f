#!/bin/sh
# kantei evidence: answers listed; files of shards as one; zone files, passive DNS and dig's output in
# and out. Whatever these files say does nothing to a terminal, and nothing is lost in silence.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/servers.sh"
cd "$tap_dir" || exit 1
ln -s "$src/samples" "$src/tests" .
data=tests/data/evidence
sample=samples/ministries.dns

# evidence WANTED-STATUS WANTED-REMARKS NAME ARGUMENT…: kantei evidence into out, remarks in err.
evidence()
{
	wanted=$1
	remarks=$2
	name=$3
	shift 3
	"$kantei" evidence "$@" >out 2>err
	is "$? $(cat err)" "$wanted $remarks" "$name"
}

# same A B NAME: the same octets.
same()
{
	cmp "$1" "$2" 2>&1 | sed 's/^/# /'
	cmp -s "$1" "$2"
	ok $? "$3"
}

# golden NAME: what is in out is what tests/data/evidence/NAME holds.
golden()
{
	if [ -n "${KANTEI_GOLDEN:-}" ]; then
		cp out "$src/$data/$1"
	fi
	is "$(cat out)" "$(cat "$data/$1")" "$1"
}

by_hand="kantei: $data/several.dns:1: 8 groups have no crc, as in a file written by hand: nothing proves that they are as \
they were received"

# list
evidence 0 "$by_hand" "a list" list --lang en $data/several.dns
golden list.en
evidence 0 "$by_hand" "in Japanese" list --lang ja $data/several.dns
golden list.ja
evidence 0 "" "JSON Lines" list -q -f jsonl $data/several.dns
golden list.jsonl
"$kantei" evidence list -f jsonl -o sample.jsonl $sample samples/incident.dns
"$python" - "$src/src/report/evidence.schema.json" out sample.jsonl >valid <<'EOF'
import json, jsonschema, sys
schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft7Validator.check_schema(schema)
count = 0
for name in sys.argv[2:]:
    for line in open(name, encoding="utf-8"):
        value = json.loads(line)
        count += 1
        for error in jsonschema.Draft7Validator(schema).iter_errors(value):
            print(name, line[:80], error.message)
        if list(value) != list(schema["properties"]):
            print("members in another order", line[:80])
print("read" if count > 800 else "too few: %d" % count)
EOF
is "$(cat valid)" read "as the schema says"
is "$(grep -c . sample.jsonl)" "$(cat $sample samples/incident.dns | grep -c '^;q ')" "every answer of two files"

# chosen WANTED OPTION…: the questions that are listed, in short.
chosen()
{
	wanted=$1
	shift
	"$kantei" evidence list -q --lang en "$@" $data/several.dns >out
	is "$(sed -n 's/^\([^ ]*\)\. \([A-Z]*\): \([A-Z]*\), .*/\1 \2 \3/p' out | tr '\n' ',')" "$wanted" "list $*"
}
chosen "_dmarc.kouhou.example TXT NXDOMAIN,kouhou.example MX NODATA,kouhou.example TXT TIMEOUT,kouhou.example TXT \
NOERROR,kouhou.example TXT NOERROR,kouhou.example TXT SERVFAIL,mail.kouhou.example A NOERROR," --name Kouhou.Example.
chosen "_dmarc.kouhou.example TXT NXDOMAIN,mail.kouhou.example A NOERROR," --name .kouhou.example
chosen "_dmarc.kouhou.example TXT NXDOMAIN," --name '_dmarc.*'
chosen "by-hand.example TXT NOERROR,mail.kouhou.example A NOERROR," --name hand.example --name 'by-?and*' --name mail.kouhou.example
chosen "mail.kouhou.example A NOERROR," --type a
chosen "kouhou.example MX NODATA,kouhou.example TXT TIMEOUT,kouhou.example TXT SERVFAIL," --status nodata --status SERVFAIL \
	--status TIMEOUT
chosen "kouhou.example TXT NOERROR,kouhou.example TXT SERVFAIL," --since 2021-12-13
chosen "_dmarc.kouhou.example TXT NXDOMAIN,kouhou.example TXT NOERROR," --since 2021-12-12T18:31:01+09:00 --until 2021-12-14 --type TXT --name kouhou.example
chosen "_dmarc.kouhou.example TXT NXDOMAIN,kouhou.example MX NODATA,kouhou.example TXT TIMEOUT,kouhou.example TXT \
NOERROR,mail.kouhou.example A NOERROR," --until 2021-12-12

# merge
evidence 0 "$by_hand
kantei: 1 question(s) have different answers. All are kept; the last one counts, which is the newest that is no \
failure. The first is kouhou.example. TXT" "merge" merge $data/several.dns
golden merged.dns
sed -n 's/^;q kouhou.example. TXT \([A-Z]*\) .* at=\([^ ]*\).*/\1 \2/p' out >order
is "$(cat order)" "TIMEOUT 2021-12-12T09:30:20.000Z
SERVFAIL 2021-12-15T00:00:00.000Z
NOERROR 2021-12-12T09:31:00.000Z
NOERROR 2021-12-14T00:00:00.000Z" "failures first, then by date"

# The sample's evidence in shards that share a part, as a split run writes it, and the run at once.
"$python" - $sample <<'EOF'
import random, sys
text = open(sys.argv[1], encoding="utf-8").read()
head, *groups = text.split("\n;q ")
groups = [";q " + group.rstrip("\n") + "\n" for group in groups]
random.Random(1).shuffle(groups)
for number in range(3):
    with open("shard%d.dns" % number, "w", encoding="utf-8") as file:
        file.write(head + "\n" + "".join(g for i, g in enumerate(groups) if i % 3 == number or i % 50 == 0))
EOF
evidence 0 "" "the run at once" merge -o whole.dns $sample
shared=$(($(cat shard?.dns | grep -c '^;q ') - $(grep -c '^;q ' $sample)))
evidence 0 "kantei: $shared answer(s) were there more than once, and are kept once" "its shards" merge -o united.dns \
	shard0.dns shard1.dns shard2.dns
same united.dns whole.dns "have the same octets"
for order in "2 1 0" "1 0 2" "1 2 0 1"; do
	files=
	for number in $order; do
		files="$files shard$number.dns"
	done
	# shellcheck disable=SC2086
	"$kantei" evidence merge -q $files >out
	same out whole.dns "in the order $order too"
done
"$kantei" evidence merge -q shard2.dns united.dns whole.dns >out
same out whole.dns "merged again, it stays as it is"

# report EVIDENCE FILE: the records of a run over the sample; what the evidence file is, is left out.
report()
{
	"$kantei" -q -f jsonl --offline -e "$1" --ca-file samples/ca.pem samples/ministries.mbox |
		sed '1d; $d' >"$2"
}
report $sample run.jsonl
is "$(grep -c . run.jsonl)" 72 "a run on the sample's evidence"
report united.dns again.jsonl
same again.jsonl run.jsonl "says the same on what was merged"

# export and import again
evidence 0 "" "export as evidence" export -o out.dns $sample
same out.dns whole.dns "is all of it"
evidence 0 "" "export as a zone file" export -f zone -o out.zone $sample
evidence 0 "" "import of that" import -f zone -o back.dns out.zone
same back.dns whole.dns "gives the same octets"
report back.dns again.jsonl
same again.jsonl run.jsonl "and a run the same records"
{ printf 'example. 300 IN SOA a.example. b.example. 1 2 3 4 5\n'; cat out.zone; } >checked.zone
ldns-read-zone checked.zone >ldns 2>&1
is "$? $(grep -c . ldns)" "0 $(($(grep -vc '^;' $sample) + 1))" "ldns reads the zone file too"
evidence 0 "$by_hand" "a zone file of several answers" export -f zone $data/several.dns
golden several.zone
cp out several.zone
evidence 1 "kantei: several.zone:4: 1 record(s) or answer(s) from here on have no date; --taken TIME says when they \
were asked" "what has no date there" import -f zone several.zone
evidence 0 "" "has one by --taken" import -f zone --taken 2021-12-12 several.zone
grep -q '^;q by-hand.example. TXT NOERROR n=1 at=2021-12-12T00:00:00.000Z ' out
ok $? "which is that"

evidence 0 "kantei: 516 answer(s) have no records, which passive DNS cannot say, and are not exported" \
	"export as passive DNS" export -f cof -o out.cof $sample
evidence 0 "" "import of that" import -f cof -o back.dns out.cof
"$python" - "$kantei" $sample back.dns >difference <<'EOF'
import json, subprocess, sys
def answers(name):
    out = subprocess.run([sys.argv[1], "evidence", "list", "-q", "-f", "jsonl", "--status", "NOERROR", name],
                         check=True, capture_output=True, text=True).stdout
    return {(a["name"], a["type"]): (a["at"][:19], sorted((r["name"], r["type"], r["data"]) for r in a["records"]))
            for a in map(json.loads, out.splitlines())}
wanted, got = answers(sys.argv[2]), answers(sys.argv[3])
for question, answer in wanted.items():
    if got.get(question) != answer:
        print(question, answer, got.get(question))
print("compared" if len(wanted) > 300 else "too few")
EOF
is "$(cat difference)" compared "has every answer with records, of the same second"
evidence 0 "$by_hand
kantei: 4 answer(s) have no records, which passive DNS cannot say, and are not exported
kantei: 1 record(s) have no date, which passive DNS wants, and are not exported" "several answers" export -f cof \
	--name example $data/several.dns
golden several.cof

# RFC 8427: every answer, and all that is known of it, in and out again.
for evidence in $sample samples/incident.dns; do
	evidence 0 "" "export as JSON" export -f json -o out.json "$evidence"
	evidence 0 "" "import of that" import -f json -o back.dns out.json
	"$kantei" evidence merge -q -o merged.dns "$evidence"
	same back.dns merged.dns "gives back the octets of $evidence"
	"$python" - out.json >seen <<'EOF'
import datetime, json, sys
import dns.rdata, dns.rdatatype
pairs = [json.loads(line) for line in open(sys.argv[1], encoding="ascii")]
records = 0
for pair in pairs:
    asked, answer = pair["queryMessage"], pair.get("responseMessage")
    if answer is None:
        continue
    datetime.datetime.strptime(answer["dateString"], "%Y-%m-%dT%H:%M:%S.%fZ")
    if (asked["QNAME"], asked["QTYPE"], len(answer["answerRRs"])) != (answer["QNAME"], answer["QTYPE"], answer["ANCOUNT"]):
        print(asked, answer)
    for record in answer["answerRRs"]:
        wire = bytes.fromhex(record["RDATAHEX"])
        data = dns.rdata.from_wire(record["CLASS"], record["TYPE"], wire, 0, len(wire))
        if dns.rdatatype.to_text(record["TYPE"]) != record["TYPEname"] or len(wire) != record["RDLENGTH"]:
            print(record)
        member = record.get("rdata" + record["TYPEname"])
        text = b"".join(data.strings).decode("latin-1") if record["TYPEname"] == "TXT" else data.to_text()
        if member is not None and member != text:
            print(member, "is", text)
        records += member is not None
print("compared" if records > 20 else "too few: %d" % records)
EOF
	is "$(cat seen)" compared "what dnspython reads in it"
done
cat >odd.dns <<'EOF'
;kantei-evidence 1
;q a\046b.example. TXT NOERROR n=2 at=2021-12-12T00:00:00.500Z ms=7 via=192.0.2.53@53/tcp sec=ad tries=2
a\046b.example. 5 CNAME c.example.
c.example. 5 TXT "one \"" "" "\255\000two"
;q a.example. AAAA NOERROR n=1 at=2021-12-12 sec=secure
a.example. 5 AAAA ::ffff:192.0.2.1
;q a.example. MX RCODE16 n=0 at=2021-12-12 sec=? ede=22 cd=NXDOMAIN
;q a.example. SOA NOERROR n=1 at=2021-12-12 sec=bogus
a.example. 5 SOA ns.example. h\046m.example. 1 2 3 4 4294967295
;q b.example. TXT NETERR n=0 at=2021-12-12 ms=5000
;q . NS NOERROR n=1 at=2021-12-12
. 5 NS ns.example.
EOF
"$kantei" evidence export -q -f json odd.dns >odd.json
evidence 0 "" "odd answers, out and back" import -f json odd.json
sed 's/ crc=.*//' out >got
is "$(cat got)" ';kantei-evidence 1
;q . NS NOERROR n=1 at=2021-12-12T00:00:00.000Z ms=0 via=json sec=?
.	5	IN	NS	ns.example.
;q a.example. AAAA NOERROR n=1 at=2021-12-12T00:00:00.000Z ms=0 via=json sec=secure
a.example.	5	IN	AAAA	::ffff:192.0.2.1
;q a.example. MX RCODE16 n=0 ede=22 cd=NXDOMAIN at=2021-12-12T00:00:00.000Z ms=0 via=json sec=?
;q a.example. SOA NOERROR n=1 at=2021-12-12T00:00:00.000Z ms=0 via=json sec=bogus
a.example.	5	IN	SOA	ns.example. h\046m.example. 1 2 3 4 4294967295
;q a\046b.example. TXT NOERROR n=2 tries=2 at=2021-12-12T00:00:00.500Z ms=7 via=192.0.2.53@53/tcp sec=ad
a\046b.example.	5	IN	CNAME	c.example.
c.example.	5	IN	TXT	"one \"" "" "\255\000two"
;q b.example. TXT NETERR n=0 at=2021-12-12T00:00:00.000Z ms=5000 via=json sec=?' "nothing of them is lost"
{ printf '\036' && sed -n 1p odd.json; } >sequence.json
evidence 0 "" "a JSON text sequence" import -f json sequence.json
is "$(grep -c '^;q' out)" 1 "is read"

# As other programs write it.
cat >foreign.json <<'EOF'
{"QR":1,"RCODE":0,"AD":1,"QNAME":"Example.COM","QTYPE":1,"QCLASS":1,"dateSeconds":1408504748.657783,"answerRRs":[{"NAME":"example.com.","TYPEname":"A","CLASS":1,"TTL":3600,"rrSet":[{"RDATAHEX":"C0000201"},{"rdataA":"192.0.170.1"}]},{"NAME":"other.example.","TYPE":1,"TTL":1,"RDATAHEX":"C0000263"}]}
{"queryMessage":{"QR":0,"QNAMEHEX":"076578616D706C6503636F6D00","QTYPEname":"TXT"},"responseMessage":{"RCODE":3,"dateString":"2021-12-12T00:00:00+09:00","authorityRRs":[{"NAME":"com","TYPE":6,"TTL":900,"RDATAHEX":"00000000000100000002000000030000000400000384"}]}}
{"queryMessage":{"QR":0,"QNAME":"silent.example","QTYPE":16,"dateSeconds":1}}
{"QR":0,"QNAME":"question.example","QTYPE":16}
{"QR":1,"RCODE":0,"QNAME":"ch.example","QTYPE":16,"QCLASS":3}
{"QR":1,"RCODE":0,"QNAME":"any.example","QTYPE":255}
EOF
evidence 0 "kantei: foreign.json: 3 record(s) or answer(s) of types or classes that are never asked are passed over" \
	"what others write" import -f json foreign.json
is "$(sed 's/ crc=.*//' out)" ";kantei-evidence 1
;q example.com. A NOERROR n=2 at=2014-08-20T03:19:08.658Z ms=0 via=json sec=ad
example.com.	3600	IN	A	192.0.2.1
example.com.	3600	IN	A	192.0.170.1
;q example.com. TXT NXDOMAIN n=0 soa=900 at=2021-12-11T15:00:00.000Z ms=0 via=json sec=?
;q silent.example. TXT TIMEOUT n=0 at=1970-01-01T00:00:01.000Z ms=0 via=json sec=?" "is read as it is meant"
cat >bad.json <<'EOF'
{"QR":1,"RCODE":0,"QNAME":"a..example","QTYPE":16}
{"QR":1,"QNAME":"a.example","QTYPE":16}
{"QR":1,"RCODE":0,"QNAME":"a.example","QTYPE":1,"answerRRs":[{"NAME":"a.example","TYPE":1,"RDATAHEX":"C00002"}]}
{"QR":1,"RCODE":0,"QNAME":"a.example","QTYPE":1,"answerRRs":[{"NAME":"a.example","TYPE":1,"RDATAHEX":"C000020"}]}
[]
{"QR":1,"RCODE":0,"QNAME":"a.example","QTYPE":1}
{"QR":1,"RCODE":2,"QNAME":"b.example","QTYPE":1,"dateSeconds":1}
EOF
evidence 1 "kantei: bad.json:1: the question's name or type is not there or cannot be read
kantei: bad.json:2: an answer without a response code
kantei: bad.json:3: the records are no answer to the question
kantei: bad.json:4: a record's name, type or data cannot be read
kantei: bad.json:5: JSON, but no object
kantei: bad.json:6: 1 record(s) or answer(s) from here on have no date; --taken TIME says when they were asked" \
	"bad JSON" import -f json bad.json
is "$(grep -c '^;q b.example. A SERVFAIL' out)" 1 "the good answer of it"
for format in zone cof json evidence; do
	"$kantei" evidence export -q -f $format --name tokei.example --type TXT --status NOERROR $sample >out
	is "$(grep -c 'v=spf1' out) $(grep -c 'mx.tokei' out)" "2 0" "export -f $format chooses"
done

# dig
evidence 0 "" "the output of dig" import -f dig $data/dig.txt
golden dig.dns
"$kantei" evidence import -f dig - <$data/dig.txt | cmp -s - out
ok $? "on standard input too"
port=$(free_port)
zone_of $sample >zone
start_nsd "$tap_dir/zone" "$port"
ok $? "NSD serves the sample's zone"
for question in "tokei.example TXT" "_dmarc.tokei.example TXT" "tokei.example MX" "tokei.example AAAA" \
	"k2021._domainkey.mailhaishin.example TXT"; do
	# shellcheck disable=SC2086
	TZ=Asia/Tokyo dig @127.0.0.1 -p "$port" $question
	# shellcheck disable=SC2086
	dig @127.0.0.1 -p "$port" +tcp +multiline +dnssec $question
done >dig.out
evidence 0 "" "what dig really prints" import -f dig -o dig.dns dig.out
is "$(grep -c '^;q ' dig.dns) $(grep -c "via=127.0.0.1@$port/tcp" dig.dns)" "10 5" "every answer of it, and how it came"
"$python" - "$kantei" dig.dns $sample >difference <<'EOF'
import json, subprocess, sys
def answers(name):
    out = subprocess.run([sys.argv[1], "evidence", "list", "-q", "-f", "jsonl", name], check=True, capture_output=True,
                         text=True).stdout
    return [((a["name"], a["type"]), (a["status"], sorted((r["type"], r["data"]) for r in a["records"])))
            for a in map(json.loads, out.splitlines())]
recorded = dict(answers(sys.argv[3]))
for question, answer in answers(sys.argv[2]):
    if question in recorded and recorded[question] != answer:
        print(question, answer, recorded[question])
print("compared")
EOF
is "$(cat difference)" compared "says what the sample's evidence says"
stop_servers

# Other people's zone files and passive DNS
evidence 0 "kantei: $data/kouhou.zone: 1 record(s) or answer(s) of types or classes that are never asked are passed over" \
	"a zone file" import -f zone --taken 2021-12-12T09:30:00Z $data/kouhou.zone
golden zone.dns
cp out zone.dns
ldns-read-zone $data/kouhou.zone >kouhou.ldns
"$kantei" evidence import -q -f zone --taken 2021-12-12T09:30:00Z -o ldns.dns kouhou.ldns
"$kantei" evidence list -q -f jsonl zone.dns | sed 's/,"path".*//' >a
"$kantei" evidence list -q -f jsonl ldns.dns | sed 's/,"path".*//' >b
sort a >a.sorted
sort b >b.sorted
# ldns gives a record without TTL that of $TTL, and so do we.
same a.sorted b.sorted "read as ldns reads it"
sed 's/^[$]ORIGIN kouhou.*//' $data/kouhou.zone >relative.zone
"$kantei" evidence import -q -f zone --taken 2021-12-12T09:30:00Z --origin kouhou.example. relative.zone >out
same out zone.dns "--origin"
evidence 0 "kantei: $data/passive.cof: 1 record(s) or answer(s) of types or classes that are never asked are passed over" \
	"passive DNS" import -f cof $data/passive.cof
golden cof.dns

# What cannot be read is named with file and line, and the rest is read.
cat >bad.zone <<'EOF'
$ORIGIN a.example.
$INCLUDE /etc/passwd
@ 300 IN TXT "good"
x IN A 300.1.1.1
EOF
evidence 1 "kantei: bad.zone:2: \$INCLUDE is refused: no other file is read
kantei: bad.zone:4: the record's data cannot be read" "a bad zone file" import -f zone --taken 2021-12-12 bad.zone
is "$(grep -c '^;q a.example. TXT' out)" 1 "the good record of it"
cat >bad.cof <<'EOF'
{"rrname":"a.example","rrtype":"A","rdata":"192.0.2.1"}
{"rrname":"a.example","rrtype":"A","rdata":"192.0.2.x","time_first":1,"time_last":2}
{"rrname":"a.example","rrtype":"A","rdata":"192.0.2.1","time_first":3,"time_last":2}
{"rrname":"a..example","rrtype":"A","rdata":"192.0.2.1","time_first":1,"time_last":2}
{"rrname":"a.example","rrtype":"A","rdata":["192.0.2.1",3],"time_first":1,"time_last":2}
{"rrtype":"A"}
no JSON

{"rrname":"b.example","rrtype":"A","rdata":"192.0.2.2","time_first":1,"time_last":2}
EOF
evidence 1 "kantei: bad.cof:2: the record's data cannot be read
kantei: bad.cof:3: it was seen last before it was seen first
kantei: bad.cof:4: the name is none
kantei: bad.cof:5: rdata is no text, nor an array of texts
kantei: bad.cof:6: no passive DNS: rrname and rrtype are not there as texts
kantei: bad.cof:7: no JSON: column 2: '[' or '{' expected near 'no'
kantei: bad.cof:1: 1 record(s) or answer(s) from here on have no date; --taken TIME says when they were asked" \
	"bad passive DNS" import -f cof bad.cof
is "$(sed -n 's/^;q \([^ ]*\) .* at=\([^ ]*\).*/\1 \2/p' out)" "b.example. 1970-01-01T00:00:02.000Z" "the good record of it"
printf '%s\n' ';kantei-evidence 1' ';q a.example. A NXDOMAIN n=0 at=2021-12-12 crc=00000000' \
	';q b.example. A NXDOMAIN n=0 at=2021-12-12' >bad.dns
for command in list merge export; do
	"$kantei" evidence $command bad.dns >out 2>err
	is "$? $(grep -c b.example out) $(head -1 err)" "1 1 kantei: bad.dns:2: left out: its crc is wrong, the group is \
damaged or was edited by hand (whoever edits it takes crc= out)" "$command: a damaged group is a problem"
done
evidence 1 "kantei: missing.dns: cannot be opened: No such file or directory" "a file that is not there" merge \
	missing.dns whole.dns
same out whole.dns "does not keep the others"
"$kantei" evidence merge samples/ministries.mbox >out 2>err
is "$? $(grep -c 'this is no evidence file' err)" "1 1" "a mailbox is no evidence"
for format in zone dig cof json; do
	"$kantei" evidence import -f $format --taken 2021-12-12 missing samples samples/ministries.mbox >out 2>err
	is "$? $(sed -n 1,2p err) $(cat out)" "1 kantei: missing: No such file or directory
kantei: samples: Is a directory ;kantei-evidence 1" "import -f $format: what is no file of that kind"
done

# Hostile ones.
"$python" - <<'EOF'
evil = "\x1b[2J\x9b31m\u202e\x7f"
open("evil.zone", "w", encoding="utf-8").write(
    '%s IN A 192.0.2.1\n@ TXT "%s"\nb TYPE%s x\n$ORIGIN %s\n;q %s TXT NXDOMAIN n=0 via=%s at=2021-12-12\n' % ((evil,) * 6)
    + "\0\0 A 192.0.2.1\n" + "a TXT (\n" * 100000)
import json
open("evil.cof", "w", encoding="utf-8").write(json.dumps(
    {"rrname": evil, "rrtype": "TXT", "rdata": evil, "time_first": 1, "time_last": 2}, ensure_ascii=False) + "\n" + json.dumps(
    {"rrname": "a", "rrtype": evil, "rdata": [evil], "time_first": 1, "time_last": 2}, ensure_ascii=False) + "\n[" * 1000000)
open("evil.json", "w", encoding="utf-8").write(json.dumps(
    {"QR": 1, "RCODE": 0, "QNAME": "x.example", "QTYPE": 16, "answerRRs": [{"NAME": "x.example", "TYPE": 16, "rdataTXT": evil}],
     "via": evil}, ensure_ascii=False) + "\n" + json.dumps({"QR": 1, "RCODE": 0, "QNAME": evil, "QTYPE": 16}) + "\n" + json.dumps(
    {"queryMessage": {"QNAME": "y.example", "QTYPE": 16}, "kanteiEvidence": {"via": evil, "outcome": evil, "security": evil}})
    + "\n[" * 1000000)
open("evil.dig", "w", encoding="utf-8").write(
    ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: %s\n;; flags: %s; QUERY: 1, ANSWER: 1\n;; QUESTION SECTION:\n"
    ";%s.x.\tIN\tTXT\n;; ANSWER SECTION:\n%s.x. 1 IN TXT \"%s\"\n;; SERVER: %s#53(x) (%s)\n" % ((evil,) * 7))
open("evil.dns", "w", encoding="utf-8").write(
    ";kantei-evidence 1\n;q a%s.example. TXT NOERROR n=1 at=2021-12-12 via=%s\na%s.example. 5 TXT \"%s\"\n"
    ";q b.example. TXT NOERROR n=1 at=2021-12-12\r\nb.example. 5 TXT \"x\" ; %s\r\n" % ((evil,) * 5))
EOF
# controls FILE: control and bidirectional characters in it.
controls()
{
	"$python" - "$1" <<'EOF'
import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8", newline="").read()
print(" ".join(sorted({"U+%04X" % ord(c) for c in text
                       if c not in "\n\t" and (unicodedata.category(c) == "Cc" or c in "\u202e\u2066")})))
EOF
}
is "$(controls evil.dns)" "U+000D U+001B U+007F U+009B U+202E" "a hostile file"
for command in "import -f zone --origin x" "import -f cof" "import -f json" "import -f dig"; do
	kind=${command#import -f }
	# shellcheck disable=SC2086
	"$kantei" evidence $command --taken 2021-12-12 "evil.${kind%% *}" >out 2>err
	is "$(grep -c '^;q ' out | sed 's/[1-9]/some/') $(controls out)$(controls err)" "some " "$command: does nothing to a terminal"
	"$kantei" evidence list out >again 2>err
	is "$? $(controls again)$(controls err)" "0 " "nor does its list"
done
for command in list "list -f jsonl" merge export "export -f zone" "export -f cof" "export -f json"; do
	# shellcheck disable=SC2086
	"$kantei" evidence $command evil.dns >out 2>err
	is "$? $(grep -c 'b.example' out | sed 's/[1-9]/some/') $(controls out)$(controls err)" "0 some " "$command: nor evidence"
done
"$kantei" evidence merge -q evil.dns >out
"$kantei" evidence merge -q out >again
same again out "what was made safe stays as it is"
is "$(grep -c 'crc=' out)" 0 "and has no crc that it did not have"

# -o
cp whole.dns kept.dns
evidence 1 "kantei: the report would overwrite what it is made from; -o names another file" "-o of an input" merge -o kept.dns \
	shard1.dns kept.dns
same kept.dns whole.dns "leaves it as it is"
mkfifo fifo
"$kantei" evidence merge -o kept.dns fifo whole.dns 2>err &
pid=$!
exec 9>fifo
sleep 0.5
kill -TERM "$pid"
exec 9>&-
wait "$pid"
is "$? $(cat err) $(find . -name '.kantei-*')" \
	"1 kantei: interrupted: the output is not whole, and takes the place of no file " "an interrupt writes nothing"
same kept.dns whole.dns "and leaves what was there"
# Others may write at the same time: a list is of whole groups.
"$python" - "$kantei" >locked <<'EOF'
import fcntl, subprocess, sys
with open("whole.dns") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    process = subprocess.Popen([sys.argv[1], "evidence", "list", "whole.dns"], stdout=subprocess.DEVNULL)
    try:
        process.wait(1)
        print("did not wait")
    except subprocess.TimeoutExpired:
        fcntl.flock(file, fcntl.LOCK_UN)
        print(process.wait(60))
EOF
is "$(cat locked)" 0 "waits for whoever holds the lock"

# The command line.
# usage TEXT ARGUMENT…: status 2, and that text.
usage()
{
	text=$1
	shift
	"$kantei" "$@" >out 2>err
	is "$? $(cat err)" "2 kantei: $text" "usage: $*"
}
usage "behind 'evidence' stands list, merge, export or import; a mailbox of that name is ./evidence" evidence
usage "behind 'evidence' stands list, merge, export or import; a mailbox of that name is ./evidence" evidence show x
usage "no evidence file was given; try 'kantei --help'" evidence list
usage "one evidence file is exported; 'kantei evidence merge' makes one of several; try 'kantei --help'" evidence export a b
usage "-f zone, cof, json or dig says what is imported" evidence import $data/dig.txt
usage "--format does not take 'zone'" evidence list -f zone x
usage "--format does not take 'dig'" evidence export -f dig x
usage "--format does not take 'evidence'" evidence import -f evidence x
usage "--format does not take 'cof'" -f cof samples/ministries.mbox
usage "--type does not take 'ANY'" evidence list --type ANY x
usage "--status does not take 'FINE'" evidence list --status FINE x
usage "--since does not take 'today'" evidence list --since today x
usage "--taken does not take 'today'" evidence import -f dig --taken today x
usage "--origin does not take 'a..b'" evidence import -f zone --origin a..b x
usage "'kantei evidence merge' does not take --name" evidence merge --name a x
usage "'kantei evidence list' does not take --offline" evidence list --offline x
usage "'kantei' does not take --taken" --taken 2021-12-12 samples/ministries.mbox
cp samples/incident/genuine.eml evidence
"$kantei" --lang en --offline ./evidence >out
grep -q '^Total: 1' out
ok $? "a mailbox called evidence, written ./evidence"
if [ -w /dev/full ]; then
	"$kantei" evidence merge whole.dns >/dev/full 2>err
	is "$?" 1 "a full disk"
fi
done_testing
