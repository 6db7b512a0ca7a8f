#!/bin/sh
# Golden reports of the incident and of the first ministries: records by structure, the others by bytes.
# "make golden" writes them anew; the difference is to be read before it is committed.
. "${top_srcdir:?}/tests/shell/tap.sh"
golden=$src/tests/data/golden
cd "$src" || exit 1

# report NAME ARGUMENT…: what is compared with, or written as, the golden file of that name.
report()
{
	name=$1
	shift
	command=
	case $name in
	*-explain.jsonl) command=explain ;;
	esac
	case $name in
	survey*)
		# The first line of JSON Lines names the version.
		"$kantei" survey --offline -e tests/data/survey/senders.dns "$@" tests/data/survey/senders.csv 2>/dev/null |
			sed '/^{"survey"/d' >"$tap_dir/$name"
		;;
	*.jsonl)
		# The first line names libraries, the last one what else is in the run.
		# shellcheck disable=SC2086
		"$kantei" $command -q -f jsonl --offline --ca-file samples/ca.pem "$@" | sed '1d; $d' >"$tap_dir/$name"
		;;
	*.sql)
		"$kantei" -q -f sqlite -o "$tap_dir/sqlite" --offline --ca-file samples/ca.pem "$@"
		sqlite3 -batch "$tap_dir/sqlite" .dump | grep -v '^INSERT INTO runs' >"$tap_dir/$name"
		;;
	*.arf)
		"$kantei" -q -f arf --authserv-id mx.example --offline --ca-file samples/ca.pem "$@" |
			sed 's,kantei/[0-9.]*$,kantei/VERSION,' >"$tap_dir/$name"
		;;
	*.authres)
		"$kantei" -q -f authres --authserv-id mx.example --offline --ca-file samples/ca.pem "$@" >"$tap_dir/$name"
		;;
	*.html)
		# A line an element. The style and the script are files of their own, and versions are not the report's.
		"$kantei" -q -f html --offline --ca-file samples/ca.pem "$@" | sed 's/></>\n</g' |
			sed -e '/^<style>/,/^<\/style>/d' -e '/^<script>/,/^<\/script>/d' -e '/^<section id="run">/,/^<\/section>/d' \
				-e 's/sha256-[^'"'"']*/sha256-HASH/g' >"$tap_dir/$name"
		;;
	*-tables.csv)
		"$kantei" -q -f csv-tables --offline --ca-file samples/ca.pem "$@" >"$tap_dir/$name"
		;;
	*.csv)
		"$kantei" -q -f csv --offline --ca-file samples/ca.pem "$@" >"$tap_dir/$name"
		;;
	*-checklist-*)
		"$kantei" -q --checklist --marks oxdash --offline --ca-file samples/ca.pem "$@" >"$tap_dir/$name"
		;;
	*)
		"$kantei" explain -q --marks oxdash --offline --ca-file samples/ca.pem "$@" |
			sed '/^How this account was made$/,$d; /^この報告の作り方$/,$d' >"$tap_dir/$name"
		;;
	esac
	if [ -n "${KANTEI_GOLDEN:-}" ]; then
		mkdir -p "$golden"
		cp "$tap_dir/$name" "$golden/$name"
	fi
	case $name in
	survey*)
		diff -u "$golden/$name" "$tap_dir/$name" >"$tap_dir/difference"
		;;
	*.jsonl)
		"$python" - "$golden/$name" "$tap_dir/$name" >"$tap_dir/difference" <<'EOF'
import json, sys
wanted, got = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:])


def compare(a, b, path):
    if type(a) is not type(b):
        print("%s: %r is now %r" % (path, a, b))
    elif isinstance(a, dict):
        for key in list(a) + [k for k in b if k not in a]:
            compare(a.get(key), b.get(key), path + "." + key)
    elif isinstance(a, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            compare(x, y, "%s[%d]" % (path, i))
    elif a != b:
        print("%s: %r is now %r" % (path, a, b))


if len(wanted) != len(got):
    print("%d records, now %d" % (len(wanted), len(got)))
for a, b in zip(wanted, got):
    compare(a, b, a["source"]["path"])
EOF
		;;
	*)
		diff -u "$golden/$name" "$tap_dir/$name" >"$tap_dir/difference"
		;;
	esac
	test ! -s "$tap_dir/difference"
	ok $? "$name"
	sed 's/^/# /' "$tap_dir/difference" | head -40
}

report incident.jsonl -e samples/incident.dns samples/incident
report incident-explain.jsonl -e samples/incident.dns samples/incident
report incident-en.txt --lang en -e samples/incident.dns samples/incident
report incident-ja.txt --lang ja -e samples/incident.dns samples/incident
report incident-checklist-en.txt --lang en -e samples/incident.dns samples/incident
report incident-checklist-ja.txt --lang ja -e samples/incident.dns samples/incident
report incident.csv -e samples/incident.dns samples/incident
report incident.sql -e samples/incident.dns samples/incident
report incident.authres -e samples/incident.dns samples/incident
report ministries.authres -e samples/ministries.dns samples/ministries.mbox
report incident.arf -e samples/incident.dns samples/incident
report ministries.csv -e samples/ministries.dns samples/ministries.mbox
report ministries-tables.csv --roster samples/ministries.csv --by organisation --cross organisation --checklist -e samples/ministries.dns \
	samples/ministries.mbox
report incident.html --lang ja --marks double --checklist -e samples/incident.dns samples/incident
report mailboxes.jsonl -e tests/data/mailboxes/news.dns tests/data/mailboxes
report ministry-smime-en.txt --lang en --message 2 -e samples/ministries.dns samples/ministries.mbox
report survey-en.txt --lang en -l --by unit --cross size=大,小 --cross capital=..1000,1000..
report survey-ja.txt --lang ja -l --cross size
report survey.csv -f csv --by unit --cross size=大,小 --cross capital=..1000,1000..
report survey-senders.csv -f csv -l
report survey.jsonl -f jsonl --by unit --cross size=大,小 --cross capital=..1000,1000..
test "$(wc -l <"$golden/incident.jsonl")" -eq 14
ok $? "there are fourteen records of the incident"

# What happened to a message is told apart by its cause, in every form of the account.
cause() { # FILE CODE ENGLISH JAPANESE
	grep "\"samples/incident/$1.eml\"" "$golden/incident-explain.jsonl" | grep -q "\"handling\":{\"code\":\"$2\"" &&
		account en "$1" | grep -q "What happened .*$3.*($2;" && account ja "$1" | grep -q "経緯 .*$4.*($2;"
	ok $? "$1: $2"
}

account() { # LANG FILE: the summary of the account of one message
	sed -n '/S\/MIME/,/ File  \|ファイル  /p' "$golden/incident-$1.txt" | grep -B 14 "samples/incident/$2.eml"
}

cause forwarded passed-on "forwarded or sent again" "転送または再送"
cause mailing-list list "mailing list" "メーリングリスト"
cause outlook-rewritten changed-later "after it was received" "受信後"
cause altered-body altered "no change that was tried" "試したどの変更でも"
cause length-tag-appended appended "behind what the signature covers" "範囲"
cause genuine as-signed "As the author's domain signed it" "署名したまま"
done_testing
