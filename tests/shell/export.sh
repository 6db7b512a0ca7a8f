#!/bin/sh
# kantei export: the octets of the chosen messages and no others, hashes that sha256sum checks, names that mail
# has no say in, and nothing overwritten.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/inputs.sh"
ln -s "$src/samples" "$src/tests" "$tap_dir"
cd "$tap_dir" || exit 1

# on WHAT COMMAND OPTION…
on()
{
	what=$1
	command=$2
	shift 2
	with_mail "$what" "$kantei" "$command" -q --offline --ca-file samples/ca.pem "$@" 2>err
}

for what in ministries incident hostile mailboxes; do
	on "$what" explain -f jsonl >"$what".jsonl
	on "$what" export -o "$what"-received
	on "$what" export --form stored -o "$what"-stored
	on "$what" export --as mbox -o "$what"-mbox
	for form in received stored mbox; do
		(cd "$what-$form" && sha256sum --strict --quiet -c SHA256SUMS && wc -l <SHA256SUMS) >sums 2>&1
		case $form in
		mbox) files=1 ;;
		*) files=$(grep -c '^{"schema"' "$what.jsonl") ;;
		esac
		is "$(cat sums)" "$((files + 1))" "$what, $form: sha256sum agrees"
	done
	"$python" - "$what" >seen <<'EOF'
import csv, hashlib, json, mailbox, os, re, sys
what = sys.argv[1]
records = [json.loads(line) for line in open(what + ".jsonl", encoding="utf-8")][1:-1]
for form in "received", "stored", "mbox":
    with open("%s-%s/MANIFEST.csv" % (what, form), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    if len(rows) != len(records):
        print(form, len(rows), "rows", len(records), "records")
    names = sorted(set(os.listdir("%s-%s" % (what, form))) - {"MANIFEST.csv", "SHA256SUMS"})
    if names != sorted({row["file"] for row in rows}) or \
            not all(re.fullmatch(r"[0-9]{6}-[0-9a-f]{16}\.eml|messages\.mbox", name) for name in names):
        print(form, names)
    for row, record in zip(rows, records):
        source = record["source"]
        wanted = source["sha256"] if form == "stored" else record["received_form"]["sha256"]
        if (row["sha256"], row["stored_sha256"], int(row["index"]), int(row["offset"])) != \
                (wanted, source["sha256"], source["index"], source["offset"]):
            print(form, source["path"], row)
        if form == "mbox":
            continue
        octets = open("%s-%s/%s" % (what, form, row["file"]), "rb").read()
        if hashlib.sha256(octets).hexdigest() != wanted or len(octets) != int(row["length"]) or row["sha256"][:16] not in row["file"]:
            print(form, row["file"])
        if form == "stored":
            with open(source["path"], "rb") as file:
                file.seek(source["offset"])
                if file.read(source["length"]) != octets:
                    print("not the octets of", source["path"], source["offset"])
# mboxrd, read by its definition.
octets = open("%s-mbox/messages.mbox" % what, "rb").read()
parts = [part.partition(b"\n")[2][:-1] for part in re.split(rb"(?m)\A(?=From )|(?<=\n\n)(?=From )", octets) if part]
digest = lambda part: hashlib.sha256(re.sub(rb"(?m)^>(>*From )", rb"\1", part)).hexdigest()
for part, record in zip(parts, records):
    if record["received_form"]["sha256"] not in (digest(part), digest(part[:-1])):
        print("the mbox holds another message than", record["source"])
if len(parts) != len(records):
    print("the mbox holds", len(parts), "messages")
if len(mailbox.mbox("%s-mbox/messages.mbox" % what)) != len(records):
    print("Python sees another number of messages in the mbox")
EOF
	is "$(cat seen)" "" "$what: octets, hashes and names"
done

# What was exported as it was received is judged as what it was exported from.
for what in ministries incident; do
	case $what in
	ministries) "$kantei" -q -f jsonl --offline --ca-file samples/ca.pem -e samples/ministries.dns "$what"-received ;;
	*) "$kantei" -q -f jsonl --offline --ca-file samples/ca.pem -e samples/incident.dns "$what"-received ;;
	esac >again.jsonl 2>err
	marks='select(.marks) | [.message.message_id, .marks, .dkim.reason, .spf.reason, .smime.reason] | tostring'
	jq -r "$marks" "$what".jsonl >verdicts
	jq -r "$marks" again.jsonl | cmp - verdicts && test -s verdicts
	ok $? "$what: the same verdicts on what was exported"
done

# chosen NAME FILTER OPTION…: what jq chooses is what is exported.
chosen()
{
	name=$1
	filter=$2
	shift 2
	rm -rf chosen
	on incident export --form stored -o chosen "$@"
	is "$? $(grep -v MANIFEST chosen/SHA256SUMS | cut -c1-64)" \
		"0 $(jq -r "select(.source) | select($filter) | .source.sha256" incident.jsonl)" "$name"
}
chosen "--where spf=x" '.marks.spf == "no"' --where spf=x
chosen "--where of several" '.marks.spf == "yes" and .marks.dkim == "no" and .dmarc.result == "fail"' \
	--where 'spf=○, dkim=no, dmarc=fail'
chosen "--where twice" '.dkim.result == "policy" or .smime.result == "policy"' --where dkim=policy --where smime=policy
chosen "--where -" '.marks.dkim == "unknown"' --where dkim=-
chosen "--where finding" '[.findings[].code] | index("display-name-has-address")' --where finding=display-name-has-address
chosen "--message" '.source.path == "samples/incident/exact-domain-spoof.eml"' --message 3
chosen "--message-id" '.message.message_id == "<1636336800.77@shoko-bank.example>"' --message-id 1636336800.77@shoko-bank.example
rm -rf chosen
on ministries export -o chosen --where dmarc=bestguesspass
is "$(grep -c eml chosen/SHA256SUMS)" "$(jq -s 'map(select(.dmarc.bestguess)) | length' ministries.jsonl)" "--where dmarc=bestguesspass"

# Nothing is overwritten.
cp -R incident-received before
on incident export -o incident-received
is "$? $(cat err)" "1 kantei: incident-received: it holds an export already; -o names another folder" "an export is not written over"
diff -r before incident-received
ok $? "and stays as it is"
mkdir mine
echo mine >mine/target
for file in incident-received/*.eml; do
	ln -s target "mine/${file#*/}"
	break
done
on incident export -o mine
is "$? $(cat mine/target) $(grep -c 'File exists' err) $(find mine -name SHA256SUMS)" "1 mine 1 " "nor is a file of that name, or where it leads to"
on incident export -o none --where spf=temperror
is "$? $(cat err)" "1 kantei: no message was chosen" "none chosen"
(
	trap '' XFSZ
	ulimit -f 1
	on incident export -o full
)
is "$? $(find full -name SHA256SUMS)" "1 " "without room there is no SHA256SUMS"

# usage TEXT ARGUMENT…
usage()
{
	text=$1
	shift
	"$kantei" "$@" >out 2>err
	is "$? $(cat err)" "2 kantei: $text" "usage: $*"
}
usage "'kantei export' needs -o DIR, the folder to export to" export samples/incident
usage "--where does not take 'spf=good'" export -o dir --where spf=good samples/incident
usage "--where does not take 'arc=pass'" export -o dir --where dkim=x,arc=pass samples/incident
usage "--form does not take 'nice'" export -o dir --form nice samples/incident
usage "'kantei export' does not take --format" export -o dir -f csv samples/incident
usage "'kantei' does not take --where" --where spf=x samples/incident
usage "no mailbox was given; try 'kantei --help'" export -o dir
done_testing
