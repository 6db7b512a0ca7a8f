#!/bin/sh
# Live DNS against servers on loopback, and replay: live equals offline, byte for byte.
. "${top_srcdir:?}/tests/shell/tap.sh"
. "$src/tests/shell/servers.sh"

ministries="--ca-file $src/samples/ca.pem $src/samples/ministries.mbox"
one=$src/samples/incident/genuine.eml

# run OUTPUT ARGUMENT…: kantei without colours or remarks; its exit status is kept in $status.
run()
{
	output=$1
	shift
	"$kantei" -q "$@" >"$output" 2>"$output.err"
	status=$?
	sed 's/^/# /' "$output.err"
}

# outcomes EVIDENCE: the distinct outcomes of its questions.
outcomes()
{
	sed -n 's/^;q [^ ]* [^ ]* \([^ ]*\) .*/\1/p' "$1" | LC_ALL=C sort -u | tr '\n' ' '
}

# results JSONL: result, finality and mark of the one message in it.
results()
{
	"$python" - "$1" <<'EOF'
import json, sys
record = json.loads(open(sys.argv[1]).read().splitlines()[1])
for method in ("spf", "dkim", "dmarc"):
    print(method, record[method]["result"], record[method]["final"], record["marks"][method])
EOF
}

port=$(free_port)
zone_of "$src/samples/ministries.dns" >"$tap_dir/zone"
start_nsd "$tap_dir/zone" "$port"
ok $? "NSD serves the sample's zone"

# The evidence of a live run is of today; the sample's mail is of 2021.
# shellcheck disable=SC2086
{
	run "$tap_dir/live" -f jsonl --horizon 36500 --resolver "127.0.0.1@$port" \
		-e "$tap_dir/live.dns" $ministries
	is "$status" 0 "a live run ends well"
	run "$tap_dir/offline" -f jsonl --horizon 36500 --offline -e "$tap_dir/live.dns" $ministries
	is "$status" 0 "so does the replay of its evidence"
	cmp "$tap_dir/live" "$tap_dir/offline" | sed 's/^/# /'
	cmp -s "$tap_dir/live" "$tap_dir/offline"
	ok $? "live equals offline, byte for byte"

	cp "$tap_dir/live.dns" "$tap_dir/before.dns"
	run "$tap_dir/again" -f jsonl --horizon 36500 --resolver "127.0.0.1@$port" \
		-e "$tap_dir/live.dns" $ministries
	cmp -s "$tap_dir/live.dns" "$tap_dir/before.dns" && cmp -s "$tap_dir/live" "$tap_dir/again"
	ok $? "a second live run asks nothing again"

	run "$tap_dir/table-live" --horizon 36500 --offline -e "$tap_dir/live.dns" $ministries
	run "$tap_dir/table-sample" --horizon 36500 --offline -e "$src/samples/ministries.dns" \
		$ministries
	is "$(cat "$tap_dir/table-live")" "$(cat "$tap_dir/table-sample")" \
		"the live answers give the sample's tables"
}
grep -c '^;q ' "$tap_dir/live.dns" | sed 's/^/# questions: /'
sort "$tap_dir/live.dns" | grep '^;q ' | cut -d' ' -f2,3 | uniq -d >"$tap_dir/twice"
is "$(cat "$tap_dir/twice")" "" "each question is asked once"

# An answer that UDP cannot carry. The record is right, only long.
{
	zone_of /dev/null
	printf 'big.example.\t300\tIN\tTXT\t"v=spf1 "'
	i=0
	while [ $i -lt 100 ]; do
		printf ' " ip4:198.51.100.%d ip4:203.0.113.%d"' $i $i
		i=$((i + 1))
	done
	printf ' " ip4:192.0.2.1 -all"\n'
} >"$tap_dir/big.zone"
big_port=$(free_port)
start_nsd "$tap_dir/big.zone" "$big_port"
ok $? "NSD serves a long record"
run "$tap_dir/big" -f jsonl --resolver "127.0.0.1@$big_port" -e "$tap_dir/big.dns" \
	--client-ip 192.0.2.1 --helo mail.big.example --mail-from news@big.example "$one"
grep -q '^;q big.example. TXT NOERROR .*/tcp ' "$tap_dir/big.dns"
ok $? "a truncated answer is asked for again by TCP"
is "$(results "$tap_dir/big" | head -1)" "spf pass True yes" "the last term of the long record matches"

# The same message when the resolver fails: never none, never fail.
silent_port=$(free_port)
start_python silent "$silent_port"
ok $? "a resolver that never answers"
run "$tap_dir/silent" -f jsonl --resolver "127.0.0.1@$silent_port" --dns-timeout 0.5 \
	-e "$tap_dir/silent.dns" "$one"
is "$status" 0 "the run ends well"
is "$(outcomes "$tap_dir/silent.dns")" "TIMEOUT " "the evidence says TIMEOUT"
is "$(results "$tap_dir/silent")" "spf temperror True no
dkim temperror True no
dmarc temperror True no" "temperror, by every method"
run "$tap_dir/silent-offline" -f jsonl --offline -e "$tap_dir/silent.dns" "$one"
cmp -s "$tap_dir/silent" "$tap_dir/silent-offline"
ok $? "and its replay says the same"

servfail_port=$(free_port)
start_python servfail "$servfail_port"
ok $? "a resolver that says SERVFAIL"
run "$tap_dir/servfail" -f jsonl --resolver "127.0.0.1@$servfail_port" -e "$tap_dir/servfail.dns" "$one"
is "$(outcomes "$tap_dir/servfail.dns")" "SERVFAIL " "the evidence says SERVFAIL"
is "$(results "$tap_dir/servfail")" "spf temperror True no
dkim temperror True no
dmarc temperror True no" "temperror, by every method"

run "$tap_dir/closed" -f jsonl --resolver "127.0.0.1@$(free_port)" --dns-timeout 1 \
	-e "$tap_dir/closed.dns" "$one"
is "$(outcomes "$tap_dir/closed.dns")" "NETERR " "the evidence of a closed port says NETERR"
is "$(results "$tap_dir/closed" | cut -d' ' -f2 | sort -u)" "temperror" "temperror, by every method"

# Without evidence and without a network nothing is known, and nothing is said.
run "$tap_dir/nothing" -f jsonl --offline "$one"
is "$(results "$tap_dir/nothing" | cut -d' ' -f3,4 | sort -u)" "False unknown" \
	"not evaluable without evidence"
done_testing
