"""Trees of DMARC records, and messages whose SPF and DKIM domains lie somewhere in them."""
import signer

SUFFIXES = ("com", "jp", "co.jp", "co.uk", "net", "k12.ca.us")
RECORDS = (("v=DMARC1; p={p}", 30), ("v=DMARC1;p={p}", 6), ("v=DMARC1; p={p}; sp={q}", 10), ("v=DMARC1; p={p}; adkim=s", 8), ("v=DMARC1; p={p}; aspf=s", 8),
           ("v=DMARC1; p={p}; adkim=s; aspf=s", 6), ("v=DMARC1; p={p}; np={q}", 4), ("v=DMARC1; p={p}; psd=y", 5), ("v=DMARC1; p={p}; psd=n", 5),
           ("v=DMARC1; p={p}; psd=u", 2), ("v=DMARC1; p={p}; t=y", 2), ("v=DMARC1; p={p}; pct=10", 2), ("v=DMARC1; p={p}; adkim=r; aspf=r;", 2),
           ("V=DMARC1; p={p}", 1), ("v=dmarc1; p={p}", 2), ("v=DMARC1", 2), ("v=DMARC1;", 1), ("v=DMARC1; rua=mailto:r@{d}", 2), ("v=DMARC1; sp={q}", 2),
           ("p={p}; v=DMARC1", 2), ("v = DMARC1 ; p = {p}", 2), ("v=DMARC1; p=bogus", 2), ("v=DMARC1; p=bogus; rua=mailto:r@{d}", 2), ("v=DMARC1; p={P}", 2),
           ("v=DMARC1; P={p}", 2), ("v=DMARC1; p={p}; adkim=S", 2), ("v=DMARC1; p={p}; aspf=x", 2), ("v=DMARC1; p={p}; sp=bogus", 2), ("v=DMARC1 p={p}", 2),
           ("v=DMARC10; p={p}", 1), (" v=DMARC1; p={p}", 1), ("v=DMARC1; p={p}; p=none", 1), ("v=DMARC1; junk; p={p}", 2), ("v=DMARC1;; p={p}", 1),
           ("v=DMARC1, p={p}", 1), ("v=spf1 -all", 2), ("", 1), ("v=DMARC1; p={p}; psd=bogus", 1), ("v=DMARC1; adkim=s; p={p}", 2))
POLICIES = ("none", "quarantine", "reject")


def text(rng, domain):
    form = rng.choices([r for r, _ in RECORDS], [w for _, w in RECORDS])[0]
    policy = rng.choice(POLICIES)
    return form.format(p=policy, P=policy.upper(), q=rng.choice(POLICIES), d=domain)


def answer(rng, domain):
    kind = rng.choices(("one", "two", "with-other", "SERVFAIL", "cname"), (80, 6, 6, 3, 4))[0]
    one = text(rng, domain)
    if kind == "SERVFAIL":
        return {"ERR": kind}
    if kind == "two":
        return {"TXT": [one, text(rng, domain)]}
    if kind == "with-other":
        return {"TXT": ["some other text", one]}
    return {"TXT": [one]}


def related(rng, base, author):
    """A domain somewhere around the author's."""
    labels = author.split(".")
    kind = rng.choice(("same", "same", "base", "parent", "below", "sibling", "other", "upper"))
    return {"same": author, "base": base, "parent": ".".join(labels[1:]) if len(labels) > 2 else author, "below": "x." + author,
            "sibling": "sib." + base, "other": "other" + base, "upper": author.upper()}[kind]


def addresses(number):
    high, low = divmod(number, 250)
    return "82.%d.%d.10" % (high % 250 + 1, low + 1)


def make(rng, number, keys):
    suffix = rng.choice(SUFFIXES)
    base = "kantei%d.%s" % (number, suffix)
    depth = rng.choice((0, 0, 1, 1, 2, 3, 6, 8, 10))
    author = ".".join(["l%d" % i for i in range(depth, 0, -1)] + [base])
    labels = author.split(".")
    zone = {}
    for i in range(len(labels) - suffix.count(".") - 1):
        name = ".".join(labels[i:])
        if rng.random() < (0.45 if name in (base, author) else 0.25):
            zone["_dmarc." + name] = answer(rng, name)
    if rng.random() < 0.8 or depth == 0:
        zone[author] = {"A": ["192.0.2.1"]}
    ip = addresses(number)
    sender_domain = related(rng, base, author)
    spf = rng.choice(("pass", "pass", "fail", "none"))
    if spf != "none":
        zone.setdefault(sender_domain.lower(), {})["TXT"] = ["v=spf1 ip4:%s -all" % (ip if spf == "pass" else "192.0.2.99")]
    head = b"From: <a@%s>\r\nDate: Mon, 5 Jan 2026 00:00:00 +0000\r\nSubject: x\r\n" % author.encode()
    signatures, field = [], b""
    for i in range(rng.choice((0, 1, 1, 2))):
        signing = related(rng, base, author)
        key = rng.choice(keys["rsa"])
        good = rng.random() < 0.75
        tags = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=s%d; h=from:date:subject; bh=%s; b={b}" % (
            signing, i, signer.body_hash(b"text\r\n" if good else b"changed\r\n", "relaxed"))
        field += signer.sign(key, head, ["from", "date", "subject"], "relaxed", b"DKIM-Signature: " + tags.encode() + b"\r\n")
        zone["s%d._domainkey.%s" % (i, signing.lower())] = {"TXT": [key.record()]}
        signatures.append({"domain": signing, "selector": "s%d" % i, "result": "pass" if good else "fail"})
    sender = "a@" + sender_domain
    return {"id": "dmarc-%d" % number, "method": "dmarc", "message": field + head + b"\r\ntext\r\n", "zone": zone, "ip": ip, "helo": "mta.helo.example",
            "sender": sender, "author": author, "spf": {"domain": sender_domain, "result": spf}, "dkim": signatures}
