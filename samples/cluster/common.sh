# What the scripts here share: -n PARTS -o FOLDER, and behind -- what kantei is given.
# shellcheck shell=sh disable=SC2034
usage()
{
	echo "usage: $0 -n PARTS -o FOLDER${1:-} -- KANTEI-OPTION… MAILBOX…" >&2
	exit 2
}

# take_options USAGE OPTION…: sets parts, folder and hosts, and taken, the number of words up to --.
take_options()
{
	parts='' folder='' hosts='' more=$1
	shift
	words=$#
	while getopts n:o:S: option; do
		case $option in
		n) parts=$OPTARG ;;
		o) folder=$OPTARG ;;
		S) hosts=$OPTARG ;;
		*) usage "$more" ;;
		esac
	done
	taken=$((OPTIND - 1))
	if [ -z "$parts" ] || [ -z "$folder" ] || [ "$taken" -ge "$words" ]; then
		usage "$more"
	fi
	mkdir -p "$folder"
	# The jobs may begin elsewhere.
	folder=$(cd "$folder" && pwd)
}
