#!/bin/sh
# -f arf: reports of what fails, and of nothing else, that another project's parser takes apart again into
# their fields and the octets of the message.
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

for what in ministries incident hostile; do
	results "$what" -f arf >"$tap_dir/$what.arf"
	results "$what" -f arf | cmp - "$tap_dir/$what.arf"
	ok $? "$what: the same bytes again"
	results "$what" -f jsonl >"$tap_dir/$what.jsonl"
	"$python" - "$tap_dir/$what" >"$tap_dir/seen" <<'EOF'
import email, email.header, email.utils, json, re, sys
import authres

records = [json.loads(line) for line in open(sys.argv[1] + ".jsonl", encoding="utf-8")][1:-1]
mbox = open(sys.argv[1] + ".arf", "rb").read()
reports = [re.sub(rb"(?m)^>(>*From )", rb"\1", text.partition(b"\n")[2]) for text in re.split(rb"(?m)\A(?=From )|(?<=\n\n)(?=From )", mbox) if text]
FAILURES = "fail", "softfail", "policy", "permerror"
failed = lambda record, method: record["marks"][method] == "no" and record[method]["result"] in FAILURES
wanted = [r for r in records if any(failed(r, method) for method in ("dmarc", "dkim", "spf"))]
if len(reports) != len(wanted) or not reports:
    print(len(reports), "reports,", len(wanted), "failures")
for text, record in zip(reports, wanted):
    name = record["source"]["path"], record["source"]["index"]
    report = email.message_from_bytes(text)
    if report.defects or report.get_content_type() != "multipart/report" or report.get_param("report-type") != "feedback-report":
        print(name, report.defects, report["Content-Type"])
    first, second, third = report.get_payload()
    types = [part.get_content_type() for part in (first, second, third)]
    if types != ["text/plain", "message/feedback-report", "message/rfc822"]:
        print(name, types)
    fields = second.get_payload(0)
    signatures = [s for s in record["dkim"]["signatures"] if not s["google"]]
    if failed(record, "dmarc"):
        failure, domain, method = "dmarc", record["dmarc"]["domain"], "dmarc"
    elif failed(record, "dkim"):
        failure = "revoked" if signatures[0]["key"] == "revoked" else \
            "bodyhash" if signatures[0]["body_hash"] == "mismatch" else "signature"
        domain, method = signatures[0]["domain"], "dkim"
    else:
        failure, domain, method = "spf", record["spf"]["domain"], "spf"
    for field, value in (("Feedback-Type", "auth-failure"), ("Version", "1"), ("Auth-Failure", failure),
                         ("Source-IP", record["envelope"]["client_ip"]), ("Reported-Domain", domain)):
        if fields.get_all(field) != ([value] if value else None):
            print(name, field, fields.get_all(field), value)
    if len(fields.keys()) != len(set(fields.keys())) or fields.defects or fields.get_payload().strip():
        print(name, fields.keys(), fields.defects, fields.get_payload())
    if (method == "dmarc") != ("Identity-Alignment" in fields) or method == "dkim" and not {"DKIM-Domain", "DKIM-Selector"} <= set(fields.keys()):
        print(name, fields.keys())
    header = authres.core.AuthenticationResultsHeader.parse(
        authres.all_features(), "Authentication-Results: " + re.sub(r"\s+", " ", fields["Authentication-Results"]))
    if [r.method for r in header.results] != [method] or header.results[0].result == "pass":
        print(name, header)
    sender = record["envelope"]["mail_from"]
    if sender is not None and fields["Original-Mail-From"] != "<%s>" % sender:
        print(name, fields["Original-Mail-From"], sender)
    for date in report["Date"], fields["Arrival-Date"]:
        if email.utils.parsedate_to_datetime(date).strftime("%Y-%m-%dT%H:%M:%SZ") != record["message"]["received"][:20]:
            print(name, date, record["message"]["received"])
    subject = str(email.header.make_header(email.header.decode_header(report["Subject"])))
    plain = record["message"]["subject"] or "(no subject)"
    if subject != plain and (plain.isprintable() or "\\x0D\\x0A" not in subject):
        print(name, repr(subject), repr(plain))
    if report.keys() != ["From", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type"]:
        print(name, report.keys())
    boundary = b"--" + report.get_boundary().encode()
    parts = re.split(rb"\n" + boundary + rb"(?:--)?\n", text)
    octets = parts[3].partition(b"\n\n")[2] if len(parts) == 5 else None
    with open(record["source"]["path"], "rb") as file:
        file.seek(record["source"]["offset"])
        stored = file.read(record["source"]["length"])
    if record["source"]["unquoted"] == "as-stored" and octets != stored:
        print(name, len(parts), "the message is not the one that is stored")
    encoding = third["Content-Transfer-Encoding"]
    if encoding not in ("7bit", "8bit", "binary") or encoding == "7bit" and not stored.isascii():
        print(name, encoding)
EOF
	is "$(cat "$tap_dir/seen")" "" "$what: read by Python's email, they say what the records say"
	"$kantei" -q -f jsonl --offline "$tap_dir/$what.arf" 2>/dev/null | tail -1 >"$tap_dir/summary"
	is "$(grep -o '"messages":[0-9]*' "$tap_dir/summary")" "\"messages\":$(grep -c '^From postmaster@' "$tap_dir/$what.arf")" \
		"$what: kantei reads as many from the mbox"
done

results incident -f arf --message 3 --now 2026-01-02T03:04:05Z >"$tap_dir/one.eml"
is "$(head -2 "$tap_dir/one.eml")" "From: kantei <postmaster@mx.reader.example>
Date: Fri, 2 Jan 2026 03:04:05 +0000" "--message gives one report, --now its date"
results incident -f arf --message 2 >"$tap_dir/none.eml"
is "$? $(wc -c <"$tap_dir/none.eml")" "0 0" "there is no report of what does not fail"
results incident -f arf --headers-only --message 3 >"$tap_dir/header.eml"
"$python" - "$tap_dir/header.eml" samples/incident/exact-domain-spoof.eml >"$tap_dir/seen" <<'EOF'
import email, sys
report, stored = (email.message_from_binary_file(open(name, "rb")) for name in sys.argv[1:])
third = report.get_payload(2)
print(third.get_content_type(), email.message_from_string(third.get_payload()).items() == stored.items())
EOF
is "$(cat "$tap_dir/seen")" "text/rfc822-headers True" "--headers-only gives the header only"
results incident -f arf --message 99 >"$tap_dir/none.eml"
is "$?" 1 "a message that is not there"
results incident -f jsonl >"$tap_dir/saved.jsonl"
"$kantei" table -f arf "$tap_dir/saved.jsonl" 2>"$tap_dir/err"
is "$? $(cat "$tap_dir/err")" "2 kantei: --format does not take 'arf'" "saved results do not have the message"
done_testing
