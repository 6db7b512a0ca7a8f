# What the shell tests share: TAP by hand. Source it, call ok or is for each test, then done_testing.
# shellcheck shell=sh
tap_number=0
tap_failed=0

# ok CONDITION-STATUS NAME
ok()
{
	tap_number=$((tap_number + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$tap_number" "$2"
	else
		printf 'not ok %d - %s\n' "$tap_number" "$2"
		tap_failed=$((tap_failed + 1))
	fi
}

# is GOT WANTED NAME: the two texts are the same; prints how they differ where they are not.
is()
{
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n' "$1" >"$tap_dir/got"
		printf '%s\n' "$2" >"$tap_dir/wanted"
		diff -u "$tap_dir/wanted" "$tap_dir/got" | sed 's/^/# /'
	fi
}

done_testing()
{
	printf '1..%d\n' "$tap_number"
	exit "$((tap_failed > 0))"
}

# A folder of this test's own; removed at the end.
tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/kantei-test.XXXXXX")
# No test reads what the user has configured. Nor this system's roots, of which there may be any, and which cost a
# quarter of each start under ASan: one that is none of any mail's is configured.
export XDG_CONFIG_HOME="$tap_dir/configuration"
mkdir -p "$XDG_CONFIG_HOME/kantei"
printf '[kantei]\nca-file=%s\n' "${top_srcdir:?}/tests/data/trust/unrelated.pem" >"$XDG_CONFIG_HOME/kantei/config"
trap 'command -v stop_servers >/dev/null && stop_servers; rm -rf "$tap_dir"' EXIT
# The Python that has the packages which "./bootstrap deps" installs.
# shellcheck disable=SC2034
for python in /usr/bin/python3 python3; do
	"$python" -c 'import jsonschema' 2>/dev/null && break
done
# shellcheck disable=SC2034
src=$top_srcdir
# shellcheck disable=SC2034
kantei=${top_builddir:?}/kantei
