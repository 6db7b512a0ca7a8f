# kantei(1) for bash: commands, options, and the words that options take.
_kantei()
{
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local options="--as --at --attached --authserv-id --basis --bom --border --by --ca-file --ca-path --checklist --client-ip --color --config
		--crl-file --cross --dmarc --dns-parallel --dns-timeout --dump --evidence --exit-code --form
		--format --headers-only --helo --help --horizon --jobs --kind --lang --list --mail-from --marks
		--message --message-id --name --no-config --now --offline --origin --output --progress --psl --quiet
		--records --redact --redact-key --resolver --resume --roster --shard --since --status --taken --type --unit-rule --until
		--verify-input --version --where"

	COMPREPLY=()
	# "--lang=j" comes as three words.
	if [[ $current == = ]]; then
		current=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $before in
	-f | --format)
		mapfile -t COMPREPLY < <(compgen -W "text jsonl html csv csv-tables sqlite authres arf evidence zone cof json dig" -- "$current")
		return
		;;
	--lang)
		mapfile -t COMPREPLY < <(compgen -W "ja en" -- "$current")
		return
		;;
	--marks)
		mapfile -t COMPREPLY < <(compgen -W "oxdash ascii words double" -- "$current")
		return
		;;
	--color)
		mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$current")
		return
		;;
	--progress)
		mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$current")
		return
		;;
	--kind)
		mapfile -t COMPREPLY < <(compgen -W "auto mbox maildir eml emlx folder" -- "$current")
		return
		;;
	--dmarc)
		mapfile -t COMPREPLY < <(compgen -W "9989 7489 period" -- "$current")
		return
		;;
	--by)
		mapfile -t COMPREPLY < <(compgen -W "message sender domain list" -- "$current")
		return
		;;
	--basis)
		mapfile -t COMPREPLY < <(compgen -W "recomputed recorded" -- "$current")
		return
		;;
	--unit-rule)
		mapfile -t COMPREPLY < <(compgen -W "all any latest" -- "$current")
		return
		;;
	--records)
		mapfile -t COMPREPLY < <(compgen -W "set valid" -- "$current")
		return
		;;
	--form)
		mapfile -t COMPREPLY < <(compgen -W "received stored" -- "$current")
		return
		;;
	--as)
		mapfile -t COMPREPLY < <(compgen -W "eml mbox" -- "$current")
		return
		;;
	--at)
		mapfile -t COMPREPLY < <(compgen -W "received now" -- "$current")
		return
		;;
	--ca-path | --dump)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	evidence)
		if ((COMP_CWORD == 2)); then
			mapfile -t COMPREPLY < <(compgen -W "list merge export import" -- "$current")
			return
		fi
		;;
	esac
	if [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	if ((COMP_CWORD == 1)); then
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "explain table diff export survey evidence" -- "$current")
	fi
}
complete -o filenames -F _kantei kantei
