#!/bin/sh
# All parts by GNU Parallel, one on each processor of this machine or, with -S, of these hosts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=samples/cluster/common.sh
. "$here/common.sh"
take_options " [-S HOST,…]" "$@"
shift "$taken"
export KANTEI="${KANTEI:-kantei}"

# Status 1 is mail that could not be read, which the part names: that alone is no reason to do it again.
# shellcheck disable=SC2016
parallel --will-cite ${hosts:+-S "$hosts"} --env KANTEI --workdir "$PWD" --retries 3 --quote \
	sh -c 'part=$1 parts=$2 folder=$3; shift 3
		"${KANTEI:-kantei}" -j 1 --resume --shard "$part/$parts" -f jsonl -o "$folder/shard-$part-of-$parts.jsonl" "$@" ||
			[ $? -eq 1 ]' \
	sh '{}' "$parts" "$folder" "$@" ::: $(seq "$parts")
exec "$KANTEI" table -f jsonl -o "$folder/all.jsonl" "$folder"/shard-*-of-"$parts".jsonl
