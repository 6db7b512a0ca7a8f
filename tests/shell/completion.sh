#!/bin/sh
# Completion for bash and zsh: all options that there are and no others, and the words that some take.
. "${top_srcdir:?}/tests/shell/tap.sh"
cd "$src" || exit 1

"$kantei" --help | sed -n 's/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' | grep -v -e '^--help$' | sort >"$tap_dir/options"

# bash_says WORD…: what bash offers for the last word
bash_says()
{
	bash -c 'source completion/kantei.bash
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_kantei
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

# zsh_says WORD…: what zsh's own functions are handed
zsh_says()
{
	zsh -f -c '_arguments() { print -l -- "$@" }
		_alternative() { print -l -- "$@" }
		compadd() { print -l -- "$@" }
		words=("$@")
		CURRENT=$#
		source completion/_kantei' zsh "$@"
}

bash_says kantei -- | grep -v -e '^--help$' | sort | diff "$tap_dir/options" - >"$tap_dir/difference"
ok $? "bash: every option, and no other"
sed 's/^/# /' "$tap_dir/difference"
zsh_says kantei x.mbox - | sed -n 's/^\**\(--[a-z-]*\).*/\1/p' | sort | diff "$tap_dir/options" - >"$tap_dir/difference"
ok $? "zsh: every option, and no other"
sed 's/^/# /' "$tap_dir/difference"

is "$(bash_says kantei --lang '')" "ja
en" "bash: the words of an option"
is "$(bash_says kantei --lang = j)" "ja" "bash: behind an equals sign"
is "$(bash_says kantei -f jsonl)" "jsonl" "bash: behind a letter"
is "$(bash_says kantei evidence m)" "merge" "bash: what stands behind evidence"
is "$(bash_says kantei expl)" "explain" "bash: commands"
is "$(bash_says kantei explain samples/inci | sort)" "samples/incident
samples/incident.dns" "bash: files"
is "$(zsh_says kantei x.mbox - | grep -c -e '--lang=\[.*:lang:(ja en)$')" 1 "zsh: the words of an option"
is "$(zsh_says kantei evidence '' | head -2)" "list
merge" "zsh: what stands behind evidence"
zsh_says kantei '' | grep -q 'commands:command:(explain table diff export survey evidence)'
ok $? "zsh: commands"

# Every word that is offered is taken.
for option in format lang marks color progress kind dmarc basis unit-rule at; do
	for word in $(bash_says kantei "--$option" ''); do
		case $option:$word in
		format:evidence | format:zone | format:cof | format:json | format:dig) continue ;;
		format:sqlite) output=$tap_dir/out.sqlite ;;
		*) output=$tap_dir/out ;;
		esac
		"$kantei" "--$option=$word" --offline -e samples/incident.dns -o "$output" samples/incident/genuine.eml 2>"$tap_dir/err"
		test $? -ne 2 || printf '# %s %s: %s\n' "--$option" "$word" "$(cat "$tap_dir/err")"
	done
done >"$tap_dir/refused"
is "$(cat "$tap_dir/refused")" "" "every word that is offered is taken"
done_testing
