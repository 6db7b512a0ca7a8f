#!/bin/sh
# All parts as a Slurm job array, and a job behind it that merges them; waits for that one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=samples/cluster/common.sh
. "$here/common.sh"
take_options "" "$@"
shift "$taken"

array=$(sbatch --parsable --array="1-$parts" --output="$folder/shard-%a.log" "$here/shard.sbatch" "$folder" "$@")
exec sbatch --wait --dependency="afterany:${array%%;*}" --output="$folder/merge.log" "$here/merge.sbatch" "$folder" "$parts"
