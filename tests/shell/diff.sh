#!/bin/sh
# kantei diff: which verdicts changed between two runs, and the DNS answer, option or version responsible.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$tap_dir" || exit 1
ln -s "$src/samples" "$src/tests" .

# analyse FILE WHAT OPTION…: the results of that input.
analyse()
{
	file=$1
	what=$2
	shift 2
	case $what in
	ministries) set -- -e samples/ministries.dns "$@" samples/ministries.mbox ;;
	incident) set -- -e samples/incident.dns "$@" samples/incident ;;
	mailboxes) set -- -e tests/data/mailboxes/news.dns "$@" tests/data/mailboxes ;;
	esac
	"$kantei" -q -f jsonl --offline "$@" >"$file" 2>err
}

# compare STATUS NAME OPTION… A B: the JSON Lines into changes, as its schema says.
compare()
{
	wanted=$1
	name=$2
	shift 2
	"$kantei" diff -f jsonl "$@" >changes 2>err
	is "$?" "$wanted" "$name"
	"$python" tests/shell/validate.py "$src/src/report/diff.schema.json" changes >valid 2>&1
	ok $? "$name: as the schema says"
	sed 's/^/# /' valid
}

# causes: "N method kind name" for what made verdicts change, most frequent first.
causes()
{
	"$python" - <<'EOF' | LC_ALL=C sort | uniq -c | sed 's/^ *//'
import json
for line in open("changes", encoding="utf-8"):
    value = json.loads(line)
    if value.get("state") != "changed":
        continue
    for method in value["methods"]:
        assert method["a"] != method["b"]
        assert method["answers"] or method["causes"], value
        for answer in method["answers"]:
            print(method["method"], "dns", answer["name"], answer["type"])
        for cause in method["causes"]:
            print(method["method"], cause["kind"], cause["name"] or "-")
EOF
}

# summary KEY…: that member of the summary in diff.
summary()
{
	"$python" - "$@" <<'EOF'
import json, sys
value = json.loads(open("changes", encoding="utf-8").read().splitlines()[-1])["summary"]
print(*[value["causes"].get(key, value.get(key)) for key in sys.argv[1:]])
EOF
}

ca="--ca-file samples/ca.pem"
version=$("$kantei" --version | sed -n '1s/.* //p')
for what in ministries incident mailboxes; do
	# shellcheck disable=SC2086
	analyse "$what" "$what" $ca
	compare 0 "$what with itself" --exit-code "$what" "$what"
	is "$(summary changed only_a only_b problems) $(wc -l <changes | tr -d ' ')" "0 0 0 0 2" "nothing changed"
done
is "$("$kantei" diff --lang en incident incident)" "Two runs compared
  A: incident (kantei $version, 14 messages)
  B: incident (kantei $version, 14 messages)

What differs between the runs
  nothing that a header names

Messages in both: 14
Messages with a verdict that changed: 0
Only in A: 0
Only in B: 0" "and people are told so"

# A DNS answer.
sed 's/"v=spf1 ip4:192.0.2.70 -all"/"v=spf1 ip4:192.0.2.71 ~all"/; s/ crc=.*//' samples/incident.dns >changed.dns
# shellcheck disable=SC2086
analyse other incident $ca -e changed.dns
compare 3 "another SPF record" --exit-code incident other
is "$(causes)" "3 dmarc dns shoko-bank.example TXT
5 spf dns shoko-bank.example TXT" "is responsible, alone"
is "$(summary changed unexplained dns)" "5 0 8" "and counted"
"$kantei" diff --lang en --marks words incident other >text
is "$?" 0 "without --exit-code there is no status for it"
is "$(sed -n '/exact-domain-spoof/,/^$/p' text)" \
	"samples/incident/exact-domain-spoof.eml#1  info@shoko-bank.example  【重要】口座の確認
  SPF    no fail (term-matched) -> no softfail (term-matched)
    DNS answer shoko-bank.example TXT: NOERROR, 1 record(s), 2021-11-22T06:00:03.860Z -> NOERROR, 1 record(s), \
2021-11-22T06:00:03.860Z
      A: v=spf1 ip4:192.0.2.70 -all
      B: v=spf1 ip4:192.0.2.71 ~all" "the account of one message"
is "$(sed -n '/^Verdicts that/,$p' text)" "Verdicts that changed
  SPF    no fail -> no softfail: 2
  SPF    yes pass -> no softfail: 2
  SPF    yes pass -> ? softfail: 1
  DMARC  yes pass -> no fail: 1
  DMARC  yes pass -> ? fail: 1
  DMARC  yes pass -> yes pass (another reason): 1

What is responsible, alone or with others
  DNS answer: 8

Messages in both: 14
Messages with a verdict that changed: 5
Only in A: 0
Only in B: 0" "and the totals"
"$kantei" diff --lang ja incident other >text
is "$(sed -n '/exact-domain-spoof/,/^$/p' text)" \
	"samples/incident/exact-domain-spoof.eml#1  info@shoko-bank.example  【重要】口座の確認
  SPF    × fail (term-matched) → × softfail (term-matched)
    DNSの応答 shoko-bank.example TXT: NOERROR, レコード1件, 2021-11-22T06:00:03.860Z → NOERROR, レコード1件, \
2021-11-22T06:00:03.860Z
      A: v=spf1 ip4:192.0.2.70 -all
      B: v=spf1 ip4:192.0.2.71 ~all" "the same in Japanese"
grep -vE '^(  [AB]:|samples|  (SPF|DKIM|DMARC|S/MIME) |      |  (  )?DNSの応答|  証拠ファイル)' text | grep '[A-Za-z]\{3,\}' >english
is "$(cat english)" "" "with no English left"

# An answer that is not there.
grep -v '^k._domainkey\|^;q .*_domainkey' samples/incident.dns >fewer.dns
# shellcheck disable=SC2086
analyse other incident $ca -e fewer.dns
compare 0 "evidence without keys" incident other
is "$(causes | sed 's/^[0-9]* //' | sed 's/ [^ ]*_domainkey[^ ]*/ KEY/' | sort -u)" "dkim dns KEY TXT
dmarc dns KEY TXT" "its questions are responsible"
"$kantei" diff --lang en incident other | grep -q 'TXT: NOERROR, 1 record(s), .* → not in the evidence$'
ok $? "and said to be lacking"

# The same answers, taken a year later: marks change, results do not.
sed 's/ at=2021/ at=2022/; s/ crc=.*//' samples/incident.dns >later.dns
# shellcheck disable=SC2086
analyse other incident $ca -e later.dns
compare 0 "the same evidence a year later" incident other
is "$(causes | grep -cv ' dns ') $(summary unexplained)" "0 0" "only the times of answers are responsible"
"$python" - <<'EOF'
import json, sys
changes = [m for line in open("changes", encoding="utf-8") for m in json.loads(line).get("methods", [])]
good = changes and all(m["b"]["mark"] == "unknown" and m["a"]["result"] == m["b"]["result"] and
                       all(x["a"]["digest"] == x["b"]["digest"] for x in m["answers"]) for m in changes)
sys.exit(not good)
EOF
ok $? "and marks alone have changed"

# Options: each is responsible for what it changes, and nothing is left unexplained.
# option NAME METHODS OPTION…: the three inputs with it; METHODS are those that it may and does change.
option()
{
	name=$1
	methods=$2
	shift 2
	: >found
	for what in ministries incident mailboxes; do
		analyse other "$what" "$@"
		"$kantei" diff -f jsonl "$what" other >changes 2>err
		is "$? $(summary unexplained) $(cat err)" "0 0 " "$what: $*"
		causes >>found
	done
	is "$(sed 's/^[0-9]* //; s/ option / /' found | LC_ALL=C sort -u | tr '\n' ' ')" \
		"$(for method in $methods; do printf '%s %s ' "$method" "$name"; done)" "$name changes: $methods"
}
# shellcheck disable=SC2086
{
	option horizon "dkim dmarc spf" $ca --horizon 0
	option at "smime" $ca --at 2040-01-01
	option client-ip "dmarc spf" $ca --client-ip 203.0.113.99
	option mail-from "dmarc spf" $ca --mail-from a@nowhere.example
	option "trust -" "smime" --ca-file tests/corpora/smime/rfc9216/pem/RSA_Certification_Authority_Root_Certificate.crt
}

# Everything at once, and every change has its causes.
analyse other ministries --ca-file tests/corpora/smime/rfc9216/pem/RSA_Certification_Authority_Root_Certificate.crt --dmarc 7489 --at 2040-01-01 -e later.dns \
	--border 198.51.100.0/24
compare 0 "everything at once" ministries other
test "$(summary changed)" -gt 10
ok $? "changes many verdicts ($(summary changed))"
is "$(summary unexplained not-recorded)" "0 0" "and all of it is explained"

# Versions.
sed '1s/"kantei":"[^"]*"/"kantei":"9"/; 1s/OpenSSL [^"]*/OpenSSL 9/; 1s/c-ares [^"]*/c-ares 9/
	s/"spf":{"result":"pass","reason":"[^"]*"/"spf":{"result":"neutral","reason":"x"/
	s/"spf":"yes"/"spf":"no"/' ministries >other
compare 0 "other versions" ministries other
is "$(causes)" "70 spf version -" "kantei's own is responsible; of the libraries none that SPF does not use"

# What must not be.
sed '3s/"spf":{"result":"pass"/"spf":{"result":"fail"/; 3s/"spf":"yes"/"spf":"no"/' ministries >forged
"$kantei" diff --lang en ministries forged >text 2>err
is "$?" 1 "results that were altered"
is "$(sed -n '/#2/,/^$/p' text)" \
	"samples/ministries.mbox#2  info@rinya-hozen.example  【林野保全省メールマガジン】第101号　森林の手入れ
  SPF    ○ pass (term-matched) → × fail (term-matched)
    ALERT: nothing that the verdict rests on differs. One of the results was altered, or kantei is at fault." "are an alert"
grep -q '^kantei: 1 verdict(s) changed though nothing differs' err
ok $? "on standard error too"
sed 's/"digest":"[^"]*",//g' forged >undigested
compare 0 "results that do not say what answers said" ministries undigested
is "$(causes)" "1 spf not-recorded -" "are said not to"

# Messages that moved, and that are in one of the results only.
cp -R samples/incident moved
mv moved/replay.eml moved/again.eml
cp moved/genuine.eml moved/twin.eml
rm moved/forwarded.eml
# shellcheck disable=SC2086
"$kantei" -q -f jsonl --offline -e samples/incident.dns $ca --dmarc 7489 moved >other
compare 3 "another folder" --exit-code incident other
is "$(summary both only_a only_b)" "13 1 1" "finds the same messages"
is "$("$python" - <<'EOF'
import json
for line in open("changes", encoding="utf-8"):
    value = json.loads(line)
    if value.get("state", "changed") != "changed":
        print(value["state"], (value["a"] or value["b"])["path"], len(value["methods"]))
EOF
)" "only-a samples/incident/forwarded.eml 4
only-b moved/twin.eml 4" "and those that have no other"
"$kantei" diff --lang en incident other >text
is "$(sed -n '/^Only in B: 1$/,/^$/p' text | sed -n 1,3p)" "Only in B: 1
  moved/twin.eml#1  info@shoko-bank.example  システム点検のお知らせ
    S/MIME × none SPF ○ pass DKIM ○ pass DMARC ○ pass" "with their verdicts"

# An mbox and the same messages as files: the From_ line gave what is not there any more.
mkdir files
"$python" - <<'EOF'
import re
raw = open("samples/ministries.mbox", "rb").read()
lines = re.split(rb"(?m)^From [^\n]*\d{4}\n", raw)[1:]
for i, message in enumerate(lines, 1):
    open("files/%03d.eml" % i, "wb").write(message[:-1] if message.endswith(b"\n\n") else message)
EOF
# shellcheck disable=SC2086
"$kantei" -q -f jsonl --offline -e samples/ministries.dns $ca files >other
compare 0 "the same messages, stored in another way" ministries other
test "$(summary both)" -gt 60
ok $? "are found ($(summary both))"
is "$(summary unexplained)" 0 "and what changes is explained"

# Pipes, standard input, several runs in one file.
cat incident ministries >both
cat ministries incident | "$kantei" diff -f jsonl --exit-code both - >changes 2>err
is "$? $(cat err) $(summary both)" "0  86" "results behind each other, on standard input"

# Damage.
for damage in 2d 15d '3s/.*/x/' '2s/"schema":1/"schema":2/'; do
	sed "$damage" incident >damaged
	"$kantei" diff -f jsonl --exit-code incident damaged >changes 2>err
	is "$?" 1 "damaged by $damage: status 1"
	grep -q '^kantei: damaged' err
	ok $? "it is named"
	sed 's/^/# /' err
	test "$(summary both)" -ge 12
	ok $? "the rest is compared"
done
"$kantei" diff incident no-such-file >text 2>err
is "$? $(cat err)" "1 kantei: no-such-file: No such file or directory" "a file that is not there"

# The digest of an answer is what its description says.
"$python" - <<'EOF' >bad
import hashlib, json, re
answers = {}
lines = iter(open("samples/ministries.dns", encoding="latin-1").read().splitlines())
for line in lines:
    if not line.startswith(";q "):
        continue
    name, kind, outcome, count = re.match(r";q (\S+)\. (\S+) (\S+) n=(\d+)", line).groups()
    text = outcome + "\n"
    for _ in range(int(count)):
        owner, _, _, rrtype, rdata = next(lines).split("\t")
        if rrtype == "TXT":
            rdata = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', rdata))
            rdata = re.sub(r"\\(\d{3}|.)", lambda m: chr(int(m[1])) if len(m[1]) == 3 else m[1], rdata)
        else:
            rdata = rdata[:-1] if rdata.endswith(".") else rdata
        text += "%s\t%s\t%s\n" % (owner.rstrip("."), rrtype, rdata)
    answers[name, kind] = hashlib.sha256(text.encode("latin-1")).hexdigest()[:32]
seen = 0
for line in open("ministries", encoding="utf-8"):
    for answer in json.loads(line).get("answers", []):
        seen += 1
        if answers[answer["name"], answer["type"]] != answer["digest"]:
            print("another digest:", answer)
if seen < 300:
    print("only", seen)
EOF
is "$(head -3 bad)" "" "another program makes the same digests from the evidence file"

# An interrupt while it reads compares nothing, and leaves the old report.
mkfifo fifo
echo old >report
"$kantei" diff -o report incident fifo >text 2>err &
pid=$!
exec 9>fifo
cat incident >&9
sleep 1
kill -TERM "$pid"
sleep 0.2
exec 9>&-
wait "$pid"
is "$? $(cat err) $(cat report) $(find . -name '.kantei-*')" "1 kantei: interrupted: nothing was compared old " \
	"an interrupted comparison"

# The command line.
for files in "" incident "incident incident incident"; do
	# shellcheck disable=SC2086
	"$kantei" diff $files >text 2>err
	is "$? $(cat err)" "2 kantei: two files of results are compared; try 'kantei --help'" "diff $files"
done
"$kantei" diff --by sender incident incident >text 2>err
is "$? $(cat err)" "2 kantei: 'kantei diff' does not take --by" "what diff does not do"
"$kantei" diff -o incident incident incident >text 2>err
is "$?" 1 "a report does not overwrite what it is made from"
done_testing
