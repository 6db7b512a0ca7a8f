#!/bin/sh
# -f authres: the fields are read by another project's parser and by kantei itself, say what the records say,
# and hold whatever the mail says.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/inputs.sh"
cd "$src" || exit 1

# results WHAT OPTION…
results()
{
	what=$1
	shift
	with_mail "$what" "$kantei" -q --offline --ca-file samples/ca.pem --authserv-id mx.reader.example "$@" 2>/dev/null
}

sets="ministries incident hostile headers lacking"
[ -d tests/corpora/spoof ] && sets="$sets spoofs"
for what in $sets; do
	results "$what" -f authres >"$tap_dir/$what.authres"
	results "$what" -f jsonl >"$tap_dir/$what.jsonl"
	"$kantei" table -q -f authres --authserv-id mx.reader.example "$tap_dir/$what.jsonl" 2>/dev/null |
		cmp - "$tap_dir/$what.authres"
	ok $? "$what: saved results give the same fields"
	"$python" - "$tap_dir/$what" >"$tap_dir/seen" <<'EOF'
import email, email.policy, json, sys
import authres

records = [json.loads(line) for line in open(sys.argv[1] + ".jsonl", encoding="utf-8")][1:-1]
raw = open(sys.argv[1] + ".authres", "rb").read()
text = raw.decode("ascii")
fields = []
for line in text.split("\n")[:-1]:
    if len(line) > 998 or any(c != "\t" and not " " <= c <= "~" for c in line) or not line.strip():
        print("line", repr(line))
    if line[:1] == "\t":
        fields[-1] += "\n" + line
    else:
        fields.append(line)
if len(fields) != len(records):
    print(len(fields), "fields,", len(records), "records")
context = authres.all_features()
unknown = {"dkim": "neutral", "smime": "neutral", "dmarc": "temperror"}
WORDS = "none pass fail softfail neutral policy temperror permerror".split()


def word(method, verdict):
    result = verdict["result"]
    return unknown.get(method, result) if not verdict["final"] and result == "none" else result


for field, record in zip(fields, records):
    name = record["message"]["message_id"]
    parsed = email.message_from_string(field + "\nX-Next: there\n\nbody\n", policy=email.policy.compat32)
    if parsed.keys() != ["Authentication-Results", "X-Next"] or parsed.defects:
        print(name, "keys", parsed.keys())
    try:
        header = authres.core.AuthenticationResultsHeader.parse(context, field.replace("\n\t", " "))
    except Exception as error:
        print(name, repr(error), field)
        continue
    got = [(r.method, r.result) for r in header.results]
    signatures = [s for s in record["dkim"]["signatures"] if not s["google"]]
    wanted = [("spf", word("spf", record["spf"]))]
    wanted += [("dkim", word("dkim", s)) for s in signatures] or [("dkim", word("dkim", record["dkim"]))]
    wanted.append(("dmarc", word("dmarc", record["dmarc"])))
    if record["arc"]["sets"] and record["arc"]["final"]:
        wanted.append(("arc", record["arc"]["result"]))
    wanted.append(("smime", word("smime", record["smime"])))
    if header.authserv_id != "mx.reader.example" or got != wanted or any(result not in WORDS for _, result in got):
        print(name, got, wanted)
    for signature, result in zip(signatures, [r for r in header.results if r.method == "dkim"]):
        properties = {p.name: p.value for p in result.properties}
        for property_, member in ("d", "domain"), ("s", "selector"), ("b", "b"):
            if properties.get(property_) != (signature[member] or None):
                print(name, property_, properties.get(property_), signature[member])
    properties = {(r.method, p.type + "." + p.name): p.value for r in header.results for p in r.properties}
    sender, author = record["envelope"]["mail_from"], record["dmarc"]["domain"]
    if sender and sender.isascii() and '"' not in sender and properties.get(("spf", "smtp.mailfrom")) != sender:
        print(name, properties, sender)
    if author and properties.get(("dmarc", "header.from")) != author:
        print(name, properties, author)
EOF
	is "$(cat "$tap_dir/seen")" "" "$what: read by python3-authres, they say what the records say"
done

# By kantei itself, on top of each message.
mkdir "$tap_dir/marked"
"$python" - "$tap_dir" <<'EOF'
import json, sys
folder = sys.argv[1]
for what in "incident", "hostile":
    records = [json.loads(line) for line in open("%s/%s.jsonl" % (folder, what), encoding="utf-8")][1:-1]
    fields = open("%s/%s.authres" % (folder, what)).read().replace("\nAuthentication-Results:", "\n\0Authentication-Results:")
    for number, (record, field) in enumerate(zip(records, fields.split("\0"))):
        source = record["source"]
        octets = open(source["path"], "rb").read()[source["offset"]:source["offset"] + source["length"]]
        open("%s/marked/%s-%02d.eml" % (folder, what, number), "wb").write(field.encode() + octets)
EOF
"$kantei" -q -f jsonl --offline -e samples/incident.dns --ca-file samples/ca.pem --authserv-id mx.reader.example \
	"$tap_dir/marked" >"$tap_dir/marked.jsonl"
"$python" - "$tap_dir" >"$tap_dir/seen" <<'EOF'
import json, sys
folder = sys.argv[1]
read = lambda name: [json.loads(line) for line in open("%s/%s.jsonl" % (folder, name), encoding="utf-8")][1:-1]
written, seen = read("hostile") + read("incident"), read("marked")
if len(written) != len(seen):
    print(len(written), len(seen))
for before, after in zip(written, seen):
    if before["message"]["message_id"] != after["message"]["message_id"] or after["recorded"]["by"] != "mx.reader.example":
        print(before["message"], after["message"], after["recorded"])
    for method in "spf", "dkim", "dmarc", "smime":
        verdict = before[method]
        word = verdict["result"] if verdict["final"] or method == "spf" else None
        if word and after["recorded"][method] != word:
            print(after["source"]["path"], method, after["recorded"][method], word)
EOF
is "$(cat "$tap_dir/seen")" "" "kantei reads them on top of the messages"

results incident -f authres --lang ja --marks words | cmp - "$tap_dir/incident.authres"
ok $? "the same in every language"
"$kantei" -q -f authres --offline samples/incident/genuine.eml | head -1 >"$tap_dir/nobody"
is "$(cat "$tap_dir/nobody")" "Authentication-Results: kantei.invalid;" "nobody signs without --authserv-id"
"$kantei" -q -f authres --offline --authserv-id 'a b"; spf=pass' samples/incident/genuine.eml | head -1 >"$tap_dir/nobody"
is "$(cat "$tap_dir/nobody")" 'Authentication-Results: "a b\"; spf=pass";' "a name that is none is quoted"
done_testing
