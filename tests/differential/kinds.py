"""What counts as a difference, and the kind of each."""
import re


class Difference:
    """One case on which kantei and a peer say different things."""

    def __init__(self, case, verdict, ours, peer, theirs, detail):
        self.case, self.verdict, self.ours, self.peer, self.theirs, self.detail = case, verdict, ours, peer, theirs, detail
        self.reason, self.text = verdict["reason"], verdict["detail"] or ""
        self.supported = False  # another verifier agrees with kantei
        self.alone = False  # two or more others agree among themselves, and none with kantei


# What only some can tell apart becomes one word before it is compared.
DKIM_WORDS = {"policy": "fail", "permerror": "fail", "neutral": "fail", "invalid": "fail", "none": "fail"}
DMARC_WORDS = {"permerror": "none"}


def word(method, result):
    """The result in the words that are compared."""
    return {"spf": {}, "dkim": DKIM_WORDS, "dmarc": DMARC_WORDS}[method].get(result, result)


def difference(case, record, answer):
    """None where kantei's record and the answer of another verifier say the same."""
    method, theirs = case["method"], answer["result"]
    if method == "spf":
        verdict = record["spf"]
    elif method == "dkim":
        verdict = (record["dkim"]["signatures"] or [record["dkim"]])[0]
    else:
        verdict = record["dmarc"]["rfc7489"]
    ours = verdict["result"]
    return None if word(method, ours) == word(method, theirs) else Difference(case, verdict, ours, answer["peer"], theirs, answer["detail"])


SPF_WE_ARE_STRICT = {"record-syntax": "spf-syntax-not-seen", "modifier-repeated": "spf-modifier-repeated",
                     "mx-limit": "spf-mx-limit", "include-none": "spf-include-none", "redirect-none": "spf-redirect-none",
                     "lookup-limit": "spf-lookup-limit"}
DKIM_WE_ARE_STRICT = ("algorithm-unknown", "body-hash-unreadable", "canonicalisation-unknown", "from-not-signed", "identity-invalid",
                      "identity-outside-domain", "key-hash", "key-malformed", "key-service", "key-type", "key-version", "length-beyond-body",
                      "length-invalid", "no-tag-list", "query-unknown", "tag-missing", "time-invalid", "version-unknown",
                      "body-partly-signed", "from-unsigned-duplicate", "identity-not-domain")


# Records whose version tag not all read alike; "v=DMARC1;" as it should be is not among them.
VERSION_FORMS = re.compile(r"^(v = DMARC1|V=DMARC1|v=dmarc1|v=DMARC1[0,]| v=DMARC1|v=DMARC1 p|p=\w+; v=DMARC1)")


def records(found):
    """Each TXT of the case."""
    return ["".join(t) if isinstance(t, list) else t for types in found.case["zone"].values() for t in types.get("TXT", [])]


def texts(found):
    """All TXT of the case, in lower case."""
    return " ".join(records(found)).lower()


def failing(found, word):
    """Whether a name of the zone with this word in it answers with an error."""
    return any(("ERR" in types or name.startswith("loop.")) and word in name for name, types in found.case["zone"].items())


def spf_kind(found):
    four, text = "." in found.case["ip"], texts(found)
    if "void" in found.detail.lower() or found.reason == "void-limit":
        return "spf-void-count"
    if found.theirs == "crash" and ".." in text:
        return "spf-crash-empty-label"
    if found.theirs == "temperror" and failing(found, "arpa"):
        return "spf-ptr-dns-error"
    if found.peer == "mailauth" and "invalid CIDR" in found.detail and "::ffff:" in text:
        return "spf-mapped-prefix"
    if found.peer == "mailauth" and found.reason == "record-missing":
        return "spf-version-section"
    if found.reason in SPF_WE_ARE_STRICT:
        return SPF_WE_ARE_STRICT[found.reason]
    if found.peer == "pyspf" and "invalid-macro-char" in found.detail:
        return "spf-percent-macro"
    if found.peer == "Mail::SPF" and four and re.search(r"ip6:\S+/\d|ip6:::ffff", text):
        return "spf-ip6-term-for-ip4"
    if found.peer == "mailauth" and "Empty modifier value" in found.detail:
        return "spf-empty-modifier"
    if found.peer == "mailauth" and "invalid characters" in found.detail:
        return "spf-version-section"
    if found.peer == "mailauth" and "Invalid domain" in found.detail:
        return "spf-name-refused"
    if found.peer == "mailauth" and re.search(r"ip6:\S+/0", found.text.lower() if not found.supported else text):
        return "spf-ip6-prefix-zero"
    if found.peer == "mailauth" and (found.supported and found.ours == "temperror" or failing(found, "arpa") and "include:" in text):
        return "spf-dns-error-ignored"
    if found.peer == "mailauth" and found.supported and "include:" in text and re.search(r" [-+~?]?ptr\b|%\{d", text):
        return "spf-domain-of-include"
    if found.peer == "pyspf" and found.theirs == "temperror" and failing(found, "h"):
        return "spf-mx-all-hosts-first"
    return None


def dkim_kind(found):
    marks = found.case["marks"]
    if found.reason in DKIM_WE_ARE_STRICT and found.theirs in ("pass", "temperror", "crash"):
        return "dkim-" + found.reason
    if "key-servfail" in marks:
        return "dkim-error-before-dns"
    if found.ours != "pass":
        return None
    if "unsupported algorithm ed25519" in found.detail:
        return "dkim-no-ed25519"
    if "Unexpected characters in RFC822 header" in found.detail:
        return "dkim-space-before-colon"
    if "key-two" in marks or "key-two-bad" in marks:
        return "dkim-several-keys"
    if found.peer == "Mail::DKIM" and "body has been altered" in found.detail and not found.case["message"].endswith(b"\r\n"):
        return "dkim-no-final-line-end"
    if found.peer == "Mail::DKIM" and "public key" in found.detail and any(m.startswith("key-") for m in marks):
        return "dkim-key-text"
    if found.peer == "dkimpy" and "key-s-list" in marks:
        return "dkim-key-text"
    if found.peer == "dkimpy" and "q= value" in found.detail:
        return "dkim-query-list"
    if found.peer == "dkimpy" and b"DKIM-Signature:b=" in found.case["message"]:
        return "dkim-b-first"
    if found.case["whole"] and "body hash" in found.detail:
        return "dkim-blank-relaxed-body"
    if found.case["whole"] and "busy" in marks and found.peer in ("mailauth", "dkimpy"):
        return "dkim-space-around-b"
    return None


def dmarc_kind(found):
    text = texts(found)
    if found.peer == "Mail::DMARC" and "not in DNS" in found.detail:
        return "dmarc-author-not-in-dns"
    if found.peer == "Mail::DMARC" and found.ours == "temperror":
        return "dmarc-error-ignored"
    if found.peer == "authheaders" and found.theirs == "crash":
        return "dmarc-crash-on-junk"
    if found.reason == "record-without-policy":
        return "dmarc-policy-missing"
    if found.reason == "several-records":
        return "dmarc-several-records"
    if found.reason == "record-malformed":
        return "dmarc-record-malformed"
    if found.peer == "Mail::DMARC" and "no policy discovered" in found.detail:
        return "dmarc-policy-missing"
    if any(VERSION_FORMS.match(record) for record in records(found)):
        return "dmarc-version-tag"
    if found.peer == "authheaders" and re.search("(adkim|aspf)=x", text):
        return "dmarc-mode-unknown"
    if found.peer == "authheaders" and re.search(r"v=dmarc1( *;)?( |$|; rua)", text) and found.theirs == "none":
        return "dmarc-policy-missing"
    if found.peer == "mailauth" and found.reason == "not-aligned" and re.search("(adkim|aspf)=s", text):
        return "dmarc-strict-ignored"
    return None


def name(found):
    kind = {"spf": spf_kind, "dkim": dkim_kind, "dmarc": dmarc_kind}[found.case["method"]](found)
    return kind or "%s:%s/%s>%s" % (found.case["method"], found.ours, found.reason, found.theirs)


def known(readme):
    """The kinds that README's table names, and for each whether kantei may stand alone with it."""
    with open(readme, encoding="utf-8") as lines:
        rows = [[cell.strip() for cell in line.split("|")] for line in lines if re.match(r"\| (spf|dkim|dmarc)-", line)]
    return {row[1]: row[4] == "yes" for row in rows}
