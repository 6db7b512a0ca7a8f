# Servers that tests start: on loopback, on a free port, stopped by pid.
# shellcheck shell=sh disable=SC2154
server_pids=

# A port of loopback that nothing uses, for UDP and TCP.
free_port()
{
	"$python" - <<'EOF'
import socket
while True:
    tcp = socket.socket()
    tcp.bind(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.bind(tcp.getsockname())
    except OSError:
        continue
    print(tcp.getsockname()[1])
    break
EOF
}

stop_servers()
{
	for pid in $server_pids; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	server_pids=
}

# start_nsd ZONEFILE PORT: serves the zones "example." and ".", both from ZONEFILE's records.
start_nsd()
{
	nsd_dir=$tap_dir/nsd-$2
	mkdir -p "$nsd_dir"
	cp "$1" "$nsd_dir/example.zone"
	cat >"$nsd_dir/nsd.conf" <<EOF
server:
	ip-address: 127.0.0.1
	port: $2
	username: ""
	chroot: ""
	zonesdir: "$nsd_dir"
	pidfile: "$nsd_dir/nsd.pid"
	zonelistfile: "$nsd_dir/zone.list"
	xfrdfile: "$nsd_dir/xfrd.state"
	xfrdir: "$nsd_dir"
	database: ""
	logfile: "$nsd_dir/nsd.log"
	server-count: 1
	rrl-ratelimit: 0
remote-control:
	control-enable: no
zone:
	name: "."
	zonefile: "example.zone"
EOF
	PATH=$PATH:/usr/sbin nsd -d -c "$nsd_dir/nsd.conf" >"$nsd_dir/out" 2>&1 &
	server_pids="$server_pids $!"
	nsd_tries=0
	until dig +short +tries=1 +time=1 -p "$2" @127.0.0.1 . SOA 2>/dev/null | grep -q .; do
		nsd_tries=$((nsd_tries + 1))
		if [ "$nsd_tries" -gt 50 ]; then
			sed 's/^/# /' "$nsd_dir/out" "$nsd_dir/nsd.log" 2>/dev/null
			return 1
		fi
		sleep 0.1
	done
}

# zone_of EVIDENCE: its records as a root zone that NSD loads.
zone_of()
{
	printf '.\t300\tIN\tSOA\tns.invalid. admin.invalid. 1 3600 600 86400 300\n'
	printf '.\t300\tIN\tNS\tns.invalid.\n'
	grep -v '^;' "$1" | LC_ALL=C sort -u
}

# start_python NAME PORT [ARGUMENT…]: one of the servers of servers.py.
start_python()
{
	"$python" "$src/tests/shell/servers.py" "$@" >"$tap_dir/$1.log" 2>&1 &
	server_pids="$server_pids $!"
	server_tries=0
	until grep -q ready "$tap_dir/$1.log"; do
		server_tries=$((server_tries + 1))
		[ "$server_tries" -gt 50 ] && return 1
		sleep 0.1
	done
}
