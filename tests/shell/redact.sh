#!/bin/sh
# --redact: nothing of who wrote to whom of what is left in any format; masks are consistent; hashes and verdicts
# are what they were.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/inputs.sh"
cd "$tap_dir" || exit 1
ln -s "$src/samples" "$src/tests" .
redact=$src/tests/shell/redact.py
"$python" "$redact" plant .

# reports NAME ARGUMENT…: every format of the mail that is named, redacted, in files called NAME.*
reports()
{
	name=$1
	shift
	rm -f "$name".out.*
	number=0
	for options in "-l --lang en" "-l --lang ja --marks double" "-l --by sender" "-l --by domain" "-l --by list --basis recorded" \
		"--checklist" "-f html" "-f html --lang ja --checklist" "-f jsonl" "-f jsonl --by sender" "-f csv" "-f csv-tables --by sender" \
		"-f authres --authserv-id mx.example"; do
		number=$((number + 1))
		# shellcheck disable=SC2086
		"$kantei" --redact $options --offline --ca-file samples/ca.pem "$@" >"$name.out.$number" 2>"$name.out.err"
	done
	"$kantei" --redact -f sqlite -o "$name.out.sqlite" --offline --ca-file samples/ca.pem "$@" 2>>"$name.out.err"
	for options in "--lang en" "--lang ja --checklist" "-f html" "-f jsonl" "-f csv"; do
		number=$((number + 1))
		# shellcheck disable=SC2086
		"$kantei" explain --redact $options --offline --ca-file samples/ca.pem "$@" >"$name.out.$number" 2>>"$name.out.err"
	done
	echo >>"$name.out.err"
}

reports planted -e planted.dns planted.mbox
is "$("$python" "$redact" seen planted.secrets planted.out.[0-9]* planted.out.sqlite)" "" "of a mailbox with a secret in every place none is seen"
"$kantei" explain -q --offline -e planted.dns planted.mbox >plain
"$kantei" -q -f jsonl --offline -e planted.dns planted.mbox >>plain
is "$(grep -o 'zq[a-z]*' plain | sort -u | wc -l | sed 's/^[34][0-9]$/many/')" many "which are there without it"
# Answers that SPF macros ask for by the sender: of the include one that matches, by the chain to it.
for _ in 1 2 3 4 5 6; do
	"$kantei" -q -f jsonl --offline -e planted.dns --client-ip 203.0.113.9 planted.mbox | "$python" -c '
import json, sys
for record in map(json.loads, sys.stdin):
    for q in record.get("lacking", []):
        print(q["name"], q["type"])' | sort -u | grep zq >lacking
	sed -n 's/^\(.*\) A$/;q \1. A NXDOMAIN n=0 at=2024-05-01/p
		s/^\(.*[.]i[.]shop[.]example\) TXT$/;q \1. TXT NOERROR n=1 at=2024-05-01\n\1. 5 TXT "v=spf1 ip4:203.0.113.9 -all"/p' \
		lacking >>planted.dns
done
is "$(grep -c '^;q .*zq' planted.dns)" 3 "SPF macros ask for names with the sender in them"
"$kantei" -q -f jsonl --offline -e planted.dns --client-ip 203.0.113.9 planted.mbox | grep -q '"chain":\["[^]]*zq'
ok $? "which stand in the chain to the term"
"$kantei" -q -f jsonl --offline -e planted.dns --client-ip 198.51.100.9 planted.mbox | grep -q '"explanation":"mail of zq'
ok $? "and in what the domain explains"
reports answered -e planted.dns --client-ip 203.0.113.9 planted.mbox
reports answered2 -e planted.dns --client-ip 198.51.100.9 planted.mbox
reports answered3 -e planted.dns --client-ip 203.0.113.9 --mail-from zqoption@shop.example --helo zqhelooption planted.mbox
is "$("$python" "$redact" seen planted.secrets answered*.out.[0-9]* answered*.out.sqlite)" "" "nor in their answers, nor of options"

# All other mail that there is, in one run a format. Its evidence is about different names.
"$kantei" evidence merge -o all.dns planted.dns samples/incident.dns samples/ministries.dns tests/data/mailboxes/news.dns \
	tests/data/formats/hostile.dns
ok $? "the evidence of all mail"
set -- samples/incident samples/ministries.mbox tests/data/mailboxes tests/corpora/smime tests/data/formats/hostile.mbox
for mail in "$@"; do
	"$python" "$redact" secrets "$mail" >mail.secrets
	test "$(wc -l <mail.secrets)" -ge 3
	ok $? "$mail: has $(wc -l <mail.secrets | tr -d ' ') addresses, subjects and lines"
	cat mail.secrets >>all.secrets
done
reports all -e all.dns "$@"
"$python" "$redact" seen all.secrets all.out.[0-9]* all.out.sqlite >leaks
is "$(head -5 leaks)" "" "none of them is seen"

# What stays, and what is the same everywhere.
run()
{
	"$kantei" "$@" -q -f jsonl --offline -e samples/incident.dns --ca-file samples/ca.pem samples/incident
}
run >plain.jsonl
run --redact >masked.jsonl
run --redact -j 3 | cmp -s - masked.jsonl
ok $? "the same octets with any number of workers"
head -c 32 /dev/zero >key
printf 'another key of octets' >other
printf 'short' >short
run --redact-key key >keyed.jsonl
run --redact-key other >other.jsonl
"$kantei" explain --redact -q -f jsonl --offline -e samples/incident.dns --ca-file samples/ca.pem samples/incident >account.jsonl
for results in masked keyed account; do
	is "$("$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" $results.jsonl)" "all lines hold" "the schema: $results"
done
"$python" - >got <<'EOF'
import json
load = lambda name: [json.loads(line) for line in open(name + ".jsonl", encoding="utf-8")]
plain, masked, keyed, other, account = (load(name) for name in ("plain", "masked", "keyed", "other", "account"))
masks = {}
for a, b, c, d, e in zip(plain[1:-1], masked[1:-1], keyed[1:-1], other[1:-1], account[1:-1]):
    for m in b, c, d, e:
        if {k: m["source"][k] for k in a["source"] if k != "from_line"} != {k: a["source"][k] for k in a["source"] if k != "from_line"}:
            print("source", m["source"])
        if m["marks"] != a["marks"]:
            print("verdicts", m["source"])
        for method in "spf", "dkim", "dmarc", "smime", "arc":
            if (m[method]["result"], m[method]["reason"]) != (a[method]["result"], a[method]["reason"]):
                print(method, m[method])
        if [s["body_digest_found"] for s in m["dkim"]["signatures"]] != [s["body_digest_found"] for s in a["dkim"]["signatures"]]:
            print("digests")
        if m["message"]["author_domain"] != a["message"]["author_domain"]:
            print("domain")
    if b["message"]["author"] != e["message"]["author"] or b["message"]["subject"] != e["message"]["subject"]:
        print("an account masks otherwise")
    for name in "author", "subject", "message_id":
        was, masks_now = a["message"][name], (b["message"][name], c["message"][name], d["message"][name])
        if masks.setdefault((name, was), masks_now) != masks_now:
            print("another mask of", was)
        if len(set(masks_now)) != 3:
            print("a key makes no difference", masks_now)
if len({m for m in masks.values()}) != len(masks):
    print("two texts, one mask")
options = [[o for o in r[0]["run"]["options"] if o.startswith("redact")] for r in (plain, masked, keyed)]
if options != [[], ["redact=yes"], ["redact=key"]]:
    print(options)
if account[0]["run"]["command"] != ["kantei", "[redacted]"]:
    print(account[0]["run"]["command"])
print("compared", len(masks) > 10)
EOF
is "$(cat got)" "compared True" "hashes, verdicts and domains are kept, and a text has one mask"
sentence="Redacted: addresses, subjects and text of the mail are masked; hashes are those of the octets as they are."
for options in "" "explain" "explain -f html" "-f html" "--checklist"; do
	# shellcheck disable=SC2086
	"$kantei" $options --redact -q --lang en --offline -e samples/incident.dns samples/incident | tr -s ' \n' ' ' | grep -q "$sentence"
	ok $? "the report says so: $options"
done
"$kantei" -q --lang en --offline -e samples/incident.dns samples/incident | grep -q "^Redacted"
is "$?" 1 "and says it of no other"

refused() # WANTED ARGUMENT…
{
	wanted=$1
	shift
	"$kantei" "$@" samples/incident >out 2>err
	is "$? $(cat err out)" "2 kantei: $wanted" "refused: $*"
}
# What messages have in common, and a worker keeps, is masked once for each: the same certificate has one mask.
for jobs in 1 4; do
	"$kantei" -j "$jobs" -q -f jsonl --redact --offline -e samples/ministries.dns --ca-file samples/ca.pem \
		samples/ministries.mbox samples/ministries.mbox >"common-$jobs"
done
cmp -s common-1 common-4
ok $? "redacted is the same with -j 1 and -j 4"
is "$(jq -r 'select(.source) | .smime.signers[] | select(.path | length > 0) | .subject == .path[0].subject' common-1 |
	sort | uniq -c | tr -s ' ' | sed 's/ [0-9][0-9]* true/ all true/')" " all true" "a signer and the first of its chain have one mask"

refused "--redact does not go with -f arf, which holds the message itself" --redact -f arf --authserv-id mx.example
refused "--redact does not go with --dump, which holds the message itself" explain --redact-key key --dump -
refused "--redact does not go with --roster, which names addresses" --redact --roster samples/ministries.csv
refused "'kantei export' does not take --redact" export --redact -o folder
refused "'kantei table' does not take --redact" table --redact
refused "--redact-key: short has fewer than 16 octets" --redact-key short
"$kantei" --redact-key nothing samples/incident 2>/dev/null
is "$?" 2 "a key that is not there"
done_testing
