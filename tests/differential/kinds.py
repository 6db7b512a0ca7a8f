"""What counts as a difference, and the kind of each."""
import re


class Difference:
    """One case on which kantei and a peer say different things."""

    def __init__(self, case, verdict, ours, peer, theirs, detail):
        self.case, self.verdict, self.ours, self.peer, self.theirs, self.detail = case, verdict, ours, peer, theirs, detail
        self.reason, self.text = verdict["reason"], verdict["detail"] or ""


# What only some can tell apart becomes one word before it is compared.
DKIM_WORDS = {"policy": "fail", "permerror": "fail", "neutral": "fail", "invalid": "fail", "none": "fail"}
DMARC_WORDS = {"permerror": "none"}


def difference(case, record, answer):
    method, theirs = case["method"], answer["result"]
    if method == "spf":
        verdict = record["spf"]
        ours = verdict["result"]
        same = ours == theirs
    elif method == "dkim":
        verdict = (record["dkim"]["signatures"] or [record["dkim"]])[0]
        ours = verdict["result"]
        same = DKIM_WORDS.get(ours, ours) == DKIM_WORDS.get(theirs, theirs)
    else:
        verdict = record["dmarc"]["rfc9989" if answer["peer"] == "9989 read again" else "rfc7489"]
        ours = verdict["result"]
        same = DMARC_WORDS.get(ours, ours) == DMARC_WORDS.get(theirs, theirs)
    return None if same else Difference(case, verdict, ours, answer["peer"], theirs, answer["detail"])


RULES = ()


def name(found):
    for kind, test in RULES:
        if test(found):
            return kind
    return "%s:%s/%s>%s" % (found.case["method"], found.ours, found.reason, found.theirs)


def known(readme):
    """The kinds that README's table names: the first words of its rows."""
    with open(readme, encoding="utf-8") as lines:
        return {line.split("|")[1].strip() for line in lines if re.match(r"\| [a-z]+-", line)}
