#!/bin/sh
# The configuration: what it may hold, that the command line has the last word, and what is said of a wrong one.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1
mail=samples/incident/genuine.eml
ca=$src/samples/ca.pem

run()
{
	"$kantei" -f jsonl --offline -e samples/incident.dns "$@" $mail 2>"$tap_dir/err"
}

# verdicts ARGUMENT…: the record alone, for the header says what was asked for
verdicts()
{
	run "$@" | sed -n 2p
}

verdicts --ca-file "$ca" --border mx.yamabuki.example --dmarc 7489 >"$tap_dir/by-options"
mkdir -p "$tap_dir/home/kantei" "$tap_dir/by-name"
cp "$ca" "$tap_dir/by-name/roots.pem"
cat >"$tap_dir/home/kantei/config" <<EOF
# our relays
[kantei]
border=mx.yamabuki.example;192.0.2.53
ca-file=$ca
dmarc=7489
lang=ja
EOF
printf '[kantei]\nborder=mx.yamabuki.example\nca-file=roots.pem\ndmarc=7489\n' >"$tap_dir/by-name/config"
verdicts --config "$tap_dir/by-name/config" >"$tap_dir/by-config"
cmp "$tap_dir/by-options" "$tap_dir/by-config"
ok $? "--config is the same as the options, and its files lie beside it"
is "$(cat "$tap_dir/err")" "" "and nothing is remarked"
is "$(run --config "$tap_dir/by-name/config" | sed -n 1p | tr ',' '\n' | grep -v 'sandbox\|border')" \
	"$(run --ca-file "$ca" --border mx.yamabuki.example --dmarc 7489 | sed -n 1p | tr ',' '\n' | grep -v 'sandbox\|border')" \
	"the run's header has what was configured"

XDG_CONFIG_HOME=$tap_dir/home
verdicts >"$tap_dir/of-user"
cmp "$tap_dir/by-options" "$tap_dir/of-user"
ok $? "the user's own is read"
"$kantei" --offline -e samples/incident.dns $mail | grep -q '該当数'
ok $? "also its language"
"$kantei" --lang en --offline -e samples/incident.dns $mail | grep -q 'Count'
ok $? "the command line has the last word"
run --no-config | sed -n 1p | grep -q 'dmarc=9989'
ok $? "--no-config leaves it out"
run --dmarc period | sed -n 1p | grep -q 'dmarc=period'
ok $? "an option replaces what is configured"
run >"$tap_dir/results"
"$kantei" table "$tap_dir/results" | grep -q '該当数'
ok $? "commands take of it what they know"
XDG_CONFIG_HOME=$tap_dir/configuration

# refused TEXT MESSAGE: such a configuration is an error of the call, and nothing is evaluated
refused()
{
	printf '%b' "$1" >"$tap_dir/wrong"
	run --config "$tap_dir/wrong" >"$tap_dir/out"
	is "$? $(wc -c <"$tap_dir/out") $(sed 's|.*/wrong: ||; 1q' "$tap_dir/err")" "2 0 $2" "refused: $2"
}

refused '[kantei]\nborders=x\n' "borders: a configuration cannot hold this; kantei(1), CONFIGURATION, says what it can"
refused '[kantei]\noffline=true\n' "offline: a configuration cannot hold this; kantei(1), CONFIGURATION, says what it can"
refused '[other]\nborder=x\n' "other: there is no such group; what is read stands under [kantei]"
refused '[kantei]\nlang=ja;en\n' "lang: it takes one value only"
refused '[kantei]\nlang=\n' "lang: its value is missing or no UTF-8"
refused 'border=x\n' "this is no configuration: Key file does not start with a group"
run --config "$tap_dir/none" >"$tap_dir/out"
is "$? $(wc -c <"$tap_dir/out")" "2 0" "a file that is named has to be there"
run --config "$tap_dir/by-name/config" --no-config >"$tap_dir/out"
is "$? $(wc -c <"$tap_dir/out")" "2 0" "--config and --no-config exclude each other"
done_testing
