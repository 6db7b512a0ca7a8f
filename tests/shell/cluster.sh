#!/bin/sh
# samples/cluster on one machine: Slurm's own daemons, GNU Parallel, and paths from standard input; the parts together
# are the whole.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$tap_dir" || exit 1
KANTEI=$(cd "$(dirname "$kantei")" && pwd)/kantei
export KANTEI
cluster=$(cd "$src/samples/cluster" && pwd)
samples=$(cd "$src/samples" && pwd)
mkdir folder
cp "$samples"/incident/*.eml folder
cat "$samples/ministries.mbox" "$samples/ministries.mbox" >folder/big.mbox
set -- --offline -e "$samples/ministries.dns" --ca-file "$samples/ca.pem" "$samples/ministries.mbox" "$tap_dir/folder"
"$KANTEI" -f jsonl -o whole.jsonl "$@"

# same FOLDER NAME: its parts are the records of the whole, none lost or doubled, and merged they are its report.
same()
{
	for part in 1 2 3; do
		grep '"source"' "$1/shard-$part-of-3.jsonl"
	done >records
	grep '"source"' whole.jsonl | cmp - records
	ok $? "$2: the parts have the records of the whole, each once, in order"
	cmp whole.jsonl "$1/all.jsonl"
	ok $? "$2: merged they are its report"
}

# --- Slurm: munged, slurmctld and slurmd of our own, ended by their numbers
# start COMMAND…: in the background
start()
{
	"$@" >>daemons.log 2>&1 &
	daemons="$! $daemons"
}

# shellcheck disable=SC2317
stop_servers()
{
	for daemon in ${daemons:-}; do
		kill "$daemon" 2>/dev/null
		wait "$daemon" 2>/dev/null
	done
	daemons=
}

# free: a TCP port that nothing has
free()
{
	"$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_slurm()
{
	host=$(hostname -s)
	user=$(id -un)
	mkdir state spool
	chmod 755 .
	head -c 1024 /dev/urandom >munge.key
	chmod 400 munge.key
	cat >slurm.conf <<END
ClusterName=kantei
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
SlurmctldPort=$(free)
SlurmdPort=$(free)
AuthType=auth/munge
AuthInfo=socket=$tap_dir/munge.sock
CredType=cred/munge
StateSaveLocation=$tap_dir/state
SlurmdSpoolDir=$tap_dir/spool
SlurmctldPidFile=$tap_dir/slurmctld.pid
SlurmdPidFile=$tap_dir/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
MpiDefault=none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP OverSubscribe=FORCE:4
END
	export SLURM_CONF="$tap_dir/slurm.conf"
	start munged --foreground --force --key-file="$tap_dir/munge.key" --socket="$tap_dir/munge.sock" \
		--pid-file="$tap_dir/munged.pid" --log-file="$tap_dir/munged.log" --seed-file="$tap_dir/munge.seed"
	tries=0
	until [ -S munge.sock ] || [ "$tries" -gt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	start slurmctld -D -f "$SLURM_CONF"
	start slurmd -D -f "$SLURM_CONF"
	until sinfo -h -o %t 2>/dev/null | grep -q '^idle$' || [ "$tries" -gt 200 ]; do
		tries=$((tries + 1))
		sleep 0.2
	done
	sinfo -h -o %t 2>/dev/null | grep -q '^idle$'
}

PATH=$PATH:/usr/sbin
daemons=
if [ "$(id -u)" -ne 0 ]; then
	echo "# Slurm's daemons need root; GNU Parallel runs the parts"
elif start_slurm; then
	# A part whose run was killed goes on.
	mkdir slurm
	"$KANTEI" --shard 2/3 -f jsonl -o slurm/shard-2-of-3.jsonl "$@"
	head -n 20 slurm/shard-2-of-3.jsonl >slurm/shard-2-of-3.jsonl.partial
	rm slurm/shard-2-of-3.jsonl
	timeout 120 "$cluster/slurm.sh" -n 3 -o slurm -- "$@" >out 2>&1
	is "$?" 0 "Slurm runs a job array and the merge behind it"
	sed 's/^/# /' out slurm/*.log
	same slurm Slurm
	grep -q 'recorded; the run goes on' slurm/shard-2.log
	ok $? "Slurm: a part that was killed goes on"
else
	ok 1 "Slurm's daemons run"
	sed 's/^/# /' daemons.log
fi
stop_servers

# --- GNU Parallel
HOME=$tap_dir "$cluster/parallel.sh" -n 3 -o parallel -- "$@" >out 2>&1
is "$?" 0 "GNU Parallel runs all parts"
sed 's/^/# /' out
same parallel "GNU Parallel"
rm parallel/shard-2-of-3.jsonl
"$KANTEI" table parallel/shard-*.jsonl >out 2>err
is "$? $(cat err)" "1 kantei: shard 2 of 3 not given: the tables are of a part of the mail" "a part that is missing is told"
"$KANTEI" table parallel/shard-1-of-3.jsonl parallel/shard-1-of-3.jsonl parallel/shard-3-of-3.jsonl >out2 2>err
cmp out out2
ok $? "one that is given twice counts once"
grep -q 'shard 1 of 3 given more than once, and counted once' err
ok $? "and is told"
sed '1s/"octets":[0-9]*/"octets":1/' parallel/shard-3-of-3.jsonl >other
"$KANTEI" table parallel/shard-1-of-3.jsonl other >out 2>err
grep -q 'other:1: not a shard of the same mail' err
ok $? "and so is one of other mail"

# --- paths on standard input, as an engine deals them out
jq -n -c --arg a "$samples/ministries.mbox" --arg b "$tap_dir/folder" '{path: $a}, {path: $b}' >paths
for line in 1 2; do
	sed -n "${line}p" paths | "$cluster/paths.sh" --offline -e "$samples/ministries.dns" --ca-file "$samples/ca.pem"
done >piped
is "$("$KANTEI" table piped)" "$("$KANTEI" table whole.jsonl)" "what came by paths is the same table"

# --- shards
for parts in 1 2 5 17; do
	part=1
	while [ "$part" -le "$parts" ]; do
		"$KANTEI" -q -j 1 -f jsonl --shard "$part/$parts" "$@" | grep '"source"'
		part=$((part + 1))
	done >records
	grep '"source"' whole.jsonl | cmp - records
	ok $? "$parts shards one behind the other have every record once"
done
for bad in 0/2 3/2 1 1/0 x/2 1/2/3 -1/2; do
	"$KANTEI" --offline --shard="$bad" folder >out 2>err
	is "$?" 2 "--shard=$bad"
done
"$KANTEI" --offline --shard 1/2 - </dev/null >out 2>err
is "$?" 2 "standard input has no shards"
"$KANTEI" explain --offline --shard 1/2 folder >out 2>err
is "$?" 2 "nor has explain"
printf 'no mail\n' >folder/broken.eml
for part in 1 2 3; do
	"$KANTEI" -q -f jsonl -o "broken-$part" --shard "$part/3" "$@" 2>>broken.log
done
is "$(grep -c broken.eml broken.log)" 1 "what cannot be read is told by one of the shards"
is "$("$KANTEI" table -f jsonl broken-1 broken-2 broken-3 2>/dev/null | tail -1 | jq .summary.problems)" 1 "and counts once"
done_testing
