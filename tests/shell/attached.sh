#!/bin/sh
# --attached: messages that others carry are messages of their own, with the verdicts that the same octets have in a
# file, right behind what carries them, in every format; whoever sent the carrier is not believed.
. "${top_srcdir:?}/tests/shell/tap.sh"
help=$src/tests/shell/attached.py
ln -s "$src/samples" "$src/tests" "$tap_dir"
cd "$tap_dir" || exit 1
export LC_ALL=C.UTF-8
"$python" "$help" make

# with PROGRAM-OPTION…: on the evidence of the sample; what it says in err
with()
{
	"$kantei" "$@" --offline -e samples/incident.dns --ca-file samples/ca.pem 2>err
}

# --- which there are, where, and what is said of them
with -f jsonl --attached mail.mbox >all
is "$?" 0 "a mailbox with a journal report, a forward, a digest, a bounce"
"$python" "$help" places all >seen
is "$(cat seen)" "1: - - x-x-
1:2 - - xooo
2: - - x-x-
2:2 - - x-x-
2:2.2 2 - xoox
2:2.3 2 base64 xoxx
2:3 - base64 xooo
2:4 - quoted-printable xooo
3: - - xooo
4: - - x-x-
4:1 - - xooo
4:2 - - xoox
5: - - x-x-
5:3 - - xooo
6: - - x-x-
6:2 - - xoxo" "each stands behind what carries it, by the number of its part"
is "$("$python" "$help" octets all mail.mbox)" "" "its octets are those of the mailbox at its offset; its carrier has the digest that it names"
"$python" "$src/tests/shell/validate.py" "$src/src/report/record.schema.json" all >valid
ok $? "the records are as the schema says"
sed 's/^/# /' valid | head -5
with -f jsonl genuine.eml >alone
for part in 3 4; do
	sed '/"index":2,/!d' all >second
	is "$("$python" "$help" same second "$part" alone)" "" "part $part: all that is said of its octets is what is said of them in a file of their own"
done
with -f jsonl mail.mbox >plain
is "$(grep -c '^{"schema"' plain)" 6 "without the option it is six messages"
grep -v '"kind":"attached"' all | sed '1d; $d' >carriers
sed '1d; $d' plain | cmp - carriers
ok $? "whose records are the same with it, octet by octet"
grep -q '"options":\["attached=yes",' all && ! grep -q attached= plain
ok $? "the header of the run has the option"
with -f jsonl --attached crlf.eml >crlf
with -f jsonl genuine-crlf.eml >alone
is "$("$python" "$help" same crlf 2 alone)" "" "CR and LF of the carrier are those of what it carries"

# --- the mailbox's quoting is undone in them, but not in what was encoded
"$kantei" -f jsonl --offline -e tests/data/mailboxes/news.dns --attached quoted.mbox >quoted 2>err
is "$(sed -n 's/.*"part":"\([0-9]\)".*"unquoted":"\([a-z-]*\)".*"marks":.*"dkim":"\([a-z]*\)".*/\1 \2 \3/p' quoted)" "2 mboxrd yes
3 as-stored yes" "a signature over a line \"From \" holds"

# --- any number of workers, every format
for format in text jsonl csv csv-tables html authres arf; do
	with -q -j 1 -f "$format" --attached mail.mbox big.mbox box >one
	with -q -j 4 -f "$format" --attached mail.mbox big.mbox box >four
	cmp one four && [ -s one ]
	ok $? "$format: -j 4 gives the octets of -j 1"
done
is "$(with -q -f csv --attached mail.mbox | sed -n 's/.*,\([a-z]*\|[0-9.]*\)\r\{0,1\}$/\1/p' | tr '\n' ' ')" \
	"part  2  2 2.2 2.3 3 4   1 2  3  2 " "CSV has a column of parts, the last one"
with -q -f csv mail.mbox | head -1 | grep -q ',part'
is "$?" 1 "which is not there without the option"
with -q -f sqlite -o base.sqlite --attached mail.mbox
is "$("$python" -c 'import sqlite3
for position, part in sqlite3.connect("base.sqlite").execute("SELECT position, part FROM messages ORDER BY id"):
    print("%d:%s" % (position, part or ""), end=" ")' 2>&1)" \
	"1: 1:2 2: 2:2 2:2.2 2:2.3 2:3 2:4 3: 4: 4:1 4:2 5: 5:3 6: 6:2 " \
	"SQLite has one, too"
with -q -l --lang en --attached mail.mbox >text
is "$(grep -c '\[[0-9]:[0-9.]*\] ' text)" 10 "the list has their places"
grep -q '^  mail.mbox#2:3  ' text
ok $? "so have the lists below the tables"
grep -q '^Total: 16$' text
ok $? "and the tables count them"
with -q -f html --lang en --attached mail.mbox | grep -q '<summary>\[2:2.2\] '
ok $? "and the page"

# --- saved results
for options in "-f jsonl" "-f csv" "-l --lang en"; do
	# shellcheck disable=SC2086
	with -q $options --attached mail.mbox >direct
	# shellcheck disable=SC2086
	"$kantei" table -q $options all >saved 2>err
	cmp direct saved
	ok $? "table $options: the same of saved results"
done
with -q -f jsonl --attached --dmarc 7489 --horizon 0 mail.mbox >other
"$kantei" diff --lang en all other >difference 2>err
grep -q '^mail.mbox#2:2.3  ' difference
ok $? "diff names their places"
"$kantei" diff -f jsonl all other >difference
"$python" "$src/tests/shell/validate.py" "$src/src/report/diff.schema.json" difference >valid
ok $? "as its schema says"
"$kantei" diff --exit-code -q all all >/dev/null
ok $? "each is its own partner"

# --- the choice of a message
chosen()
{
	with "$@" -f jsonl --attached mail.mbox | "$python" "$help" places /dev/stdin | cut -d' ' -f1 | tr '\n' ' '
}
is "$(chosen explain --message 2)" "2: 2:2 2:2.2 2:2.3 2:3 2:4 " "--message N: with all that is attached"
is "$(chosen explain --message 2:2.3)" "2:2.3 " "--message N:PART: that one alone"
is "$(chosen explain --message-id 1636331400.77@shoko-bank.example)" "1:2 2:3 2:4 3: 4:1 5:3 " "--message-id: wherever it is"
is "$(chosen explain --message 2 --message-id inner@archive.example)" "2:2 " "both"
with explain --attached --message 3:2 mail.mbox >out
is "$?$(cat err)" "1kantei: no message was chosen" "a part that is not there"
for bad in 0 -1 x 3: 3:x 3:0 3:1. :1 3:1:1 99999999999999999999; do
	with explain --attached --message="$bad" mail.mbox >out
	is "$?" 2 "--message=$bad"
done
with explain --message 3:2 mail.mbox >out
is "$?" 2 "a part without --attached"
with --attached --headers-only mail.mbox >out
is "$?" 2 "--headers-only has no attachments"
"$kantei" table --attached all >out 2>&1
is "$?" 2 "saved results are what they are"

# --- the account
with explain --lang en --attached --message 2:2.3 mail.mbox >account
for line in 'File  *mail.mbox, #2:2.3 (attached)' 'Attached to  *2:2$' 'offset + octets  *[0-9]* + [0-9]* (base64)' \
	'attached-decoded' 'attached-message' 'That the attached message ever was on its way by itself'; do
	grep -q -e "$line" account
	ok $? "it says: $line"
done
with explain --lang ja --attached --message 2:2.3 mail.mbox >account
grep -qE 'Attached|attached message' account
is "$?" 1 "and all of it in Japanese"

# --- whoever sent the carrier is not believed
with -f jsonl --attached --border mx.yamabuki.example --authserv-id mx.yamabuki.example mail.mbox >all
grep -q 'SPF of 9 attached message(s) passes by Received lines that whoever sent' err
ok $? "what passes by its own Received lines is remarked"
is "$(grep '"part"' all | grep '"index":6,' | grep -o '"attached-[a-z-]*","severity":"[a-z]*"')" '"attached-message","severity":"notice"
"attached-envelope-claimed","severity":"warning"' "a forged one carries the findings"
with explain --lang en --attached --message 6:2 --border mx.yamabuki.example mail.mbox >account
grep -q 'Author  *info@shoko-bank.example: its domain passes by an envelope that is only claimed' account
ok $? "its summary says that the envelope is only claimed"
sed -n '/^ *Likely/,/^ *Only claimed/p' account | grep -q 'received\|allowed\|author'
is "$?" 1 "nothing of it is likely"
for text in 'that its author is info@shoko-bank.example; what ties it to' 'says that mx.yamabuki.example received it from 192.0.2.70' \
	'which the attached message names, was allowed to send'; do
	sed -n '/^ *Only claimed/,$p' account | tr -s ' \n' '  ' | grep -q "$text"
	ok $? "only claimed: …$text…"
done
grep -E '^ +(\*| )\+ [0-9]' account
is "$?" 1 "none of its lines is surely the receiver's"
with explain --lang en --attached --message 1:2 mail.mbox >account
grep -q 'Author  *info@shoko-bank.example: its domain is authenticated' account
ok $? "one whose signature holds is authenticated"
with -q -f jsonl --attached --client-ip 203.0.113.5 --helo h.example --mail-from a@b.example mail.mbox >given
is "$(grep -c '"client_ip":"203.0.113.5"' given)$(grep '"kind":"attached"' given | grep -c -e 203.0.113.5 -e h.example -e a@b.example)" 60 \
	"the envelope that is given is the carrier's alone"

# --- a failure report says that its message was attached
with -q -f arf --attached --message 2:2.3 --now 2026-01-02T03:04:05Z mail.mbox >report
is "$(grep -c '^It was attached to another message, whose sender can have written all of it.$' report)$(grep -c '^Subject: ' report)" 12 "one failure report"

# --- export
# names FOLDER: what its files are called before their digests
names()
{
	(cd "$1" && printf '%s\n' ./*.eml) | sed 's/-.*//' | tr '\n' ' '
}

rm -f out
with export -q -o out --form stored --attached mail.mbox
is "$?" 0 "all are exported"
(cd out && sha256sum --strict --quiet -c SHA256SUMS)
ok $? "with their hashes"
is "$(names out)" \
	"./000001 ./000001.2 ./000002 ./000002.2 ./000002.2.2 ./000002.2.3 ./000002.3 ./000002.4 ./000003 ./000004 ./000004.1 ./000004.2 ./000005 ./000005.3 ./000006 ./000006.2 " \
	"under their numbers"
for part in 000001.2 000002.3 000003 000004.1 000005.3; do
	cmp genuine.eml out/"$part"-*.eml
	ok $? "$part: the octets that were attached"
done
cmp samples/incident/smime-other-signer.eml out/000002.2.3-*.eml
ok $? "likewise of one in another"
is "$(sed -n 's/.*,\([a-z]*\|[0-9.]*\)\r\{0,1\}$/\1/p' out/MANIFEST.csv | tr '\n' ' ')" "part  2  2 2.2 2.3 3 4   1 2  3  2 " "the manifest has their parts"
with export -q -o chosen --form stored --attached --message 2:2.3 --message-id none mail.mbox
is "$?" 1 "none is chosen"
with export -q -o claimed --attached --where finding=attached-envelope-claimed,dkim=x mail.mbox
is "$(names claimed)" "./000002.2.3 ./000006.2 " "--where chooses among them"
with explain -q --dump dump --attached --message 2 mail.mbox >out.txt
is "$(cd dump && printf '%s\n' ./*-header.txt | sed 's,^./,,; s/-header.txt//' | tr '\n' ' ')" \
	"message2.2.2-signature1 message2.2.2-signature2 message2.3-signature1 message2.4-signature1 " "--dump names them, too"

# --- redacted
for format in jsonl csv html text; do
	with -q --redact -l -f "$format" --attached mail.mbox >masked
	is "$(grep -cE 'システム点検|info@shoko-bank' masked)" 0 "$format: nothing of them is left in what is redacted"
done

# --- limits
# told FILE: the findings on its stored message, and how many are attached
told()
{
	with -f jsonl --attached "$1" >limits
	status=$?
	sed -n 2p limits | grep -o '"attached-[a-z-]*"' | tr '\n' ' '
	sed -n 2p limits | sed -n 's/.*"code":"attached-[^}]*"detail":"\([0-9]*\)".*/\1/p' | tr '\n' ' '
	echo "$status $(grep -c '"kind":"attached"' limits)"
}
is "$(told many.eml)" '"attached-too-many" 3 0 1000' "1,003 messages: three are left out, and it is said"
is "$(told deep.eml)" '"attached-too-deep" 1 0 10' "500 one in another"
is "$(told bomb.eml)" '"attached-too-deep" 1 0 10' "base64 in base64"
is "$(told unknown.eml)" '"attached-encoding-unknown" 1 0 0' "an encoding that nobody knows"
is "$(told open.eml)" "0 1" "no closing boundary"
grep -q '"attached-open"' limits
ok $? "is said of what may have been longer"

# --- resume: a run that was killed, also between a message and those that it carries
with -f jsonl -o whole --attached big.mbox box mail.mbox
points=$((${KANTEI_KILLS:-80} / 4))
"$python" "$src/tests/shell/kills.py" "$points" attached "$kantei" --offline -e samples/incident.dns --ca-file samples/ca.pem \
	-j 2 -q -f jsonl --attached -o killed big.mbox box mail.mbox >kills 2>&1
is "$(tail -1 kills)" "$points killed, 0 failed" "a run is killed at $points points"
cmp whole killed
ok $? "and its report is in the end that of a run that was not"
bad=0
records=$(($(wc -l <whole) - 2))
for kept in 1 2 3 4 5 6 7 8 9 10 11 12 13 $((records / 2)) $((records / 2 + 1)) $((records / 2 + 2)) $((records - 1)) "$records"; do
	rm -f torn torn.*
	head -n "$((kept + 1))" whole >torn.partial
	with -q --resume -f jsonl --attached -o torn big.mbox box mail.mbox
	cmp -s whole torn || bad=$((bad + 1))
done
is "$bad" 0 "wherever it is torn"
cat mail.mbox >grown.mbox
with -f jsonl -o grown --attached grown.mbox
cat mail.mbox >>grown.mbox
with --resume -f jsonl -o grown --attached grown.mbox
grep -q '16 message(s) are recorded; the run goes on' err
ok $? "a mailbox that grew: what is recorded stays"
with -f jsonl -o fresh --attached grown.mbox
cmp grown fresh
ok $? "and what came behind it is added"
with -q --resume -f jsonl -o grown grown.mbox
is "$?" 1 "a report with them is none without them"

# --- shards
for part in 1 2 3 4 5; do
	with -q -f jsonl --attached --shard "$part/5" -o "shard-$part" big.mbox box mail.mbox
done
sed '/^{"schema"/!d' shard-[1-5] >parts
sed '/^{"schema"/!d' whole | cmp - parts
ok $? "shards: each is with its carrier, and none is lost or doubled"
"$kantei" table -q -f jsonl shard-[1-5] >merged
cmp whole merged
ok $? "merged they are the whole"

# --- live DNS: carriers and what they carry wait for their answers
. "$src/tests/shell/servers.sh"
port=$(free_port)
start_python mortal "$port" 1000000
"$kantei" -q -j 2 -f jsonl --resolver "127.0.0.1@$port" -e live.dns --attached mail.mbox big.mbox >live 2>err
is "$?" 0 "asked live"
"$kantei" -q -j 1 -f jsonl --offline -e live.dns --attached mail.mbox big.mbox >replay 2>err
cmp live replay && ! grep -q '"lacking":\[{' live
ok $? "the same comes of what was recorded"

# --- workers that fail, and that lie
faulty=${top_builddir:?}/tests/kantei-faults
"$python" - <<'END'
inner = b"From: a@b.example\nSubject: inner\nMessage-ID: <%s@b.example>\n\nx\n"
def mail(name, *parts):
    out.write(b"From a Fri Dec  3 09:00:00 2021\nFrom: a@b.example\nMessage-ID: <%s@b.example>\n"
              b"Content-Type: multipart/digest; boundary=b\n\n%s--b--\n\n"
              % (name, b"".join(b"--b\n\n" + inner % part for part in parts)))
with open("faults.mbox", "wb") as out:
    mail(b"good", b"one", b"fault-crash", b"two")
    mail(b"fault-crash", b"three")
    mail(b"fault-attach", b"four")
    mail(b"also-good", b"fault-attach", b"five")
END
for jobs in 1 3; do
	"$faulty" -j "$jobs" -f jsonl --offline --attached faults.mbox >"faults-$jobs" 2>"err-$jobs"
done
cmp faults-1 faults-3
ok $? "faults: the same whatever -j"
is "$("$python" - <<'END'
import json
for line in open("faults-1"):
    record = json.loads(line)
    if "source" in record:
        print("%d:%s" % (record["source"]["index"], record["source"].get("attached", {}).get("part", "")),
              record["spf"]["reason"] if record["spf"]["reason"].startswith("worker") else "read")
END
)" "1: read
1:1 read
1:2 worker-crashed
1:3 read
2: worker-crashed
3: worker-crashed
4: read
4:1 worker-crashed
4:2 read" "what fails has a record that says so, and nothing attached"
grep -q 'faults.mbox: message 1:2 at offset [0-9]* could not be analysed' err-1
ok $? "it is named by its place"
done_testing
