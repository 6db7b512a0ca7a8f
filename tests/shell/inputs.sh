# Mail that several tests run kantei on, with the evidence for it. Source it behind tap.sh.
# shellcheck shell=sh

# with_mail WHAT COMMAND…: runs the command, with that mail behind its words. From $src, or where links lead there.
with_mail()
{
	mail_of=$1
	shift
	case $mail_of in
	ministries) set -- "$@" -e samples/ministries.dns samples/ministries.mbox ;;
	incident) set -- "$@" -e samples/incident.dns samples/incident ;;
	mailboxes) set -- "$@" -e tests/data/mailboxes/news.dns tests/data/mailboxes ;;
	hostile) set -- "$@" -e tests/data/formats/hostile.dns tests/data/formats/hostile.mbox ;;
	headers) set -- "$@" --headers-only -e samples/ministries.dns samples/ministries.mbox ;;
	lacking) set -- "$@" -e tests/data/formats/hostile.dns samples/incident ;;
	spoofs) set -- "$@" tests/corpora/spoof ;;
	esac
	"$@"
}
