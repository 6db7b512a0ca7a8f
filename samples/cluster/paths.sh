#!/bin/sh
# A path a line on standard input, as NDJSON: {"path":"…"}. The records of the mail there go to standard output.
# Needs jq. KANTEI-OPTION… are this script's own words.
set -u
status=0
jq -r '.path | @base64' | {
	while read -r path; do
		# Whatever stands in a name.
		file=$(printf '%s' "$path" | base64 -d && echo .)
		"${KANTEI:-kantei}" -q -f jsonl "$@" -- "${file%.}" </dev/null || status=1
	done
	exit "$status"
}
