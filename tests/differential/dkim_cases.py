"""Signed messages: both canonical forms, odd white space, odd tags, odd keys, altered on the way or not."""
import signer

SPACE = ("", "", "", " ", "  ", "\t", "\r\n ", "\r\n\t", " \r\n  ")
LINES = (b"plain text", b"", b" leading", b"trailing ", b"trailing\t \t", b"two  spaces", b"tab\tin it", b"   ", b"\t", b".",
         b"\xe6\x97\xa5\xe6\x9c\xac", b"From here", b"a" * 900, b"nul\0in it", b"--", b"=20")
SUBJECTS = (b" hello", b"hello", b"  two  spaces  ", b"\ttab\t", b" folded\r\n here", b" folded\r\n\t  twice\r\n again ", b"", b" ",
            b" =?UTF-8?B?44GC?=", b" a:b;c=d", b" trailing\t ", b"\r\n begins below", b" \xe6\x97\xa5")
NAMES = (b"Subject", b"SUBJECT", b"subject", b"Subject ", b"sUbJeCt", b"Subject\t")


def header(rng, domain):
    """Fields in a random order, some twice."""
    fields = [b"From: A B <ab@" + domain.encode() + b">\r\n", b"Date: Mon, 5 Jan 2026 00:00:00 +0000\r\n",
              b"To: " + rng.choice((b"c@receiver.example", b"c@receiver.example,\r\n\td@receiver.example", b'"x  y" <c@receiver.example>')) + b"\r\n",
              rng.choice(NAMES) + b":" + rng.choice(SUBJECTS) + b"\r\n"]
    if rng.random() < 0.3:
        fields += [b"X-Twice: %d\r\n" % i for i in range(rng.choice((2, 3)))]
    if rng.random() < 0.2:
        fields.append(b"Message-ID: <1." + domain.encode() + b">\r\n")
    if rng.random() < 0.1:
        fields.append(b"X-Empty:\r\n")
    rng.shuffle(fields)
    return fields


def body(rng):
    lines = [rng.choice(LINES) for _ in range(rng.choice((0, 0, 1, 2, 5)))]
    return b"\r\n".join(lines) + rng.choice((b"", b"\r\n", b"\r\n", b"\r\n\r\n", b"\r\n \r\n", b"\r\n\r\n\r\n"))


def signed_names(rng):
    names = ["from", "to", "subject", "date"]
    names += rng.choice(([], [], ["x-twice"], ["x-twice", "x-twice"], ["x-twice"] * 4, ["from"], ["x-missing"], ["subject", "subject"]))
    if rng.random() < 0.03:
        names.remove("from")
    rng.shuffle(names)
    return [rng.choice((n, n, n.title(), n.upper())) for n in names]


def space(rng, busy):
    return rng.choice(SPACE) if busy else ""


def name_list(rng, names, busy):
    return (":").join(space(rng, busy) + n + space(rng, busy) for n in names).strip("\r\n\t ")


def in_base64(rng, text, busy):
    if not busy:
        return text
    step = rng.choice((10, 40, 76))
    return rng.choice((" ", "\r\n ", "\t", "\r\n\t")).join(text[i:i + step] for i in range(0, len(text), step))


def length_tag(rng, canonical):
    kind = rng.choices(("none", "exact", "zero", "short", "long", "odd"), (60, 8, 4, 4, 4, 2))[0]
    size = len(canonical)
    return {"none": (None, None), "exact": (str(size), size), "zero": ("0", 0), "short": (str(size // 2), size // 2),
            "long": (str(size + 5), size), "odd": (rng.choice(("-1", "x", "", "9" * 77, "1 2", "0" * 10 + str(size))), size)}[kind]


ODD_TAGS = (("v", "2"), ("v", "1.0"), ("v", None), ("a", "rsa-sha512"), ("a", "RSA-SHA256"), ("a", None), ("c", "nowsp/simple"), ("c", "Relaxed/Relaxed"),
            ("c", "simple/"), ("d", None), ("d", ""), ("d", "."), ("h", None), ("h", ""), ("s", None), ("s", ""), ("bh", None), ("bh", ""), ("q", "dns"),
            ("q", "dns/txt"), ("q", "http"), ("q", "dns/txt:http"), ("q", "x:dns/txt"), ("t", "x"), ("t", "1767571200"), ("t", ""), ("x", "1600000000"),
            ("x", "99999999999"), ("x", "soon"), ("x", ""), ("i", "x@sub.{d}"), ("i", "@{d}"), ("i", "@other.example"), ("i", "{d}"), ("i", ""),
            ("i", "x@sub.{D}"), ("z", "From:a|To:b"), ("z", "=XX"), ("n", "note"), ("_x", "y"), ("1x", "y"), ("x-y", "z"), ("d", "{D}"), ("v", " 1"))


def odd_tag(rng, tags, domain):
    name, value = rng.choice(ODD_TAGS)
    tags[:] = [t for t in tags if t[0] != name]
    if value is not None:
        tags.insert(rng.randint(0, len(tags)), (name, value.replace("{d}", domain).replace("{D}", domain.upper())))
    return "%s=%s" % (name, value)


KEY_RECORDS = (
    ("no-v", "k={k}; p={p}"), ("only-p", "p={p}"), ("v2", "v=DKIM2; k={k}; p={p}"), ("v-last", "k={k}; p={p}; v=DKIM1"), ("v-case", "v=dkim1; k={k}; p={p}"),
    ("spaces", " v = DKIM1 ;\tk = {k} ; p = {p} ; "), ("revoked", "v=DKIM1; k={k}; p="), ("no-p", "v=DKIM1; k={k}"), ("h-sha256", "v=DKIM1; h=sha256; k={k}; p={p}"),
    ("h-sha1", "v=DKIM1; h=sha1; k={k}; p={p}"), ("h-both", "v=DKIM1; h=sha1:sha256; k={k}; p={p}"), ("h-odd", "v=DKIM1; h= sha1 : sha256 ; k={k}; p={p}"),
    ("s-email", "v=DKIM1; s=email; k={k}; p={p}"), ("s-star", "v=DKIM1; s=*; k={k}; p={p}"), ("s-other", "v=DKIM1; s=tlsrpt; k={k}; p={p}"),
    ("s-list", "v=DKIM1; s=other : email; k={k}; p={p}"), ("t-y", "v=DKIM1; t=y; k={k}; p={p}"), ("t-s", "v=DKIM1; t=s; k={k}; p={p}"),
    ("t-y-s", "v=DKIM1; t=y:s; k={k}; p={p}"), ("g-star", "v=DKIM1; g=*; k={k}; p={p}"), ("g-empty", "v=DKIM1; g=; k={k}; p={p}"), ("g-other", "v=DKIM1; g=nobody; k={k}; p={p}"),
    ("k-other", "v=DKIM1; k=dsa; p={p}"), ("k-missing", "v=DKIM1; p={p}"), ("k-upper", "v=DKIM1; k={K}; p={p}"), ("p-space", "v=DKIM1; k={k}; p={ps}"),
    ("p-bad", "v=DKIM1; k={k}; p=!!!!"), ("p-cut", "v=DKIM1; k={k}; p={pc}"), ("p-twice", "v=DKIM1; k={k}; p={p}; p={p}"), ("unknown", "v=DKIM1; zz=1; k={k}; p={p}"),
    ("n", "v=DKIM1; n=a note; k={k}; p={p}"), ("no-equals", "v=DKIM1; junk; k={k}; p={p}"), ("double-semicolon", "v=DKIM1;; k={k}; p={p}"), ("final", "v=DKIM1; k={k}; p={p};"),
    ("empty", ""), ("text", "not a key at all"))


def key_answer(rng, key):
    """(what it is, the types at the selector's name)."""
    kind = rng.choices(("good", "odd", "split", "nxdomain", "nodata", "SERVFAIL", "two", "two-bad", "cname"), (62, 22, 4, 2, 1, 2, 2, 2, 3))[0]
    text = key.record()
    if kind == "odd":
        name, form = rng.choice(KEY_RECORDS)
        text = form.format(k=key.algorithm, K=key.algorithm.upper(), p=key.public, ps=" ".join((key.public[:9], key.public[9:])), pc=key.public[:-8])
        return "key-" + name, {"TXT": [text]}
    if kind == "split":
        cut = rng.randint(1, len(text) - 1)
        return kind, {"TXT": [[text[:cut], text[cut:]]]}
    if kind in ("two", "two-bad"):
        other = "v=DKIM1; p=" if kind == "two" else "some other text"
        return "key-" + kind, {"TXT": rng.sample([text, other], 2)}
    if kind == "cname":
        return kind, {"CNAME": ["the-key.example"]}
    return {"good": (kind, {"TXT": [text]}), "nxdomain": ("key-nxdomain", None), "nodata": ("key-nodata", {"A": ["192.0.2.1"]}),
            "SERVFAIL": ("key-servfail", {"ERR": "SERVFAIL"})}[kind]


def alter(rng, message):
    """A change on the way; (name, message)."""
    head, _, text = message.partition(b"\r\n\r\n")
    kind = rng.choice(("body-octet", "body-space", "blank-lines", "subject", "added-subject", "added-from", "refold", "case", "append", "lower-subject"))
    if kind == "body-octet":
        text = b"X" + text
    elif kind == "body-space":
        text = text.replace(b" ", b"  ")
    elif kind == "blank-lines":
        text += b"\r\n\r\n"
    elif kind == "append":
        text += b"-- \r\na footer\r\n"
    elif kind == "subject":
        head = head.replace(b"hello", b"[list] hello")
    elif kind == "added-subject":
        head = b"Subject: other\r\n" + head
    elif kind == "lower-subject":
        head += b"\r\nSubject: other"
    elif kind == "added-from":
        head = b"From: X <x@other.example>\r\n" + head
    elif kind == "refold":
        head = head.replace(b"To: c", b"To:\r\n c")
    elif kind == "case":
        head = head.replace(b"\r\nTo:", b"\r\nTO:").replace(b"\r\nDate:", b"\r\ndate:")
    return kind, head + b"\r\n\r\n" + text


def covered(message, names, forms, counted):
    """What a signature covers of a message, in canonical form, without the signature itself."""
    head, _, text = message.partition(b"\r\n\r\n")
    fields = signer.FIELD.findall(head + b"\r\n")
    chosen = [signer.canonical_field(f, forms[0]) for f in signer.chosen_fields(fields, names)]
    return chosen, signer.canonical_body(text, forms[1])[:counted]


def tag_text(rng, tags, busy):
    spec = ";".join(space(rng, busy) + name + space(rng, busy) + "=" + space(rng, busy) + value + space(rng, busy) for name, value in tags)
    return spec + rng.choice(("", "", ";", "; " if busy else "")) if tags[-1][1] != "{b}" or busy else spec


def make(rng, number, keys, domain=None):
    domain = domain or "d%d.example" % number
    busy = rng.random() < 0.4
    key = rng.choice(keys[rng.choice(("rsa", "rsa", "ed25519"))])
    forms = rng.choice(("simple", "relaxed")), rng.choice(("simple", "relaxed"))
    fields, text, names = header(rng, domain), body(rng), signed_names(rng)
    length, counted = length_tag(rng, signer.canonical_body(text, forms[1]))
    tags = [("v", "1"), ("a", key.algorithm + "-sha256"), ("c", "%s/%s" % forms), ("d", domain), ("s", "sel"), ("h", name_list(rng, names, busy)),
            ("bh", in_base64(rng, signer.body_hash(text, forms[1], counted), busy)), ("b", "{b}")]
    if forms[1] == "simple" and rng.random() < 0.3:
        tags[2] = ("c", forms[0])
    if forms == ("simple", "simple") and rng.random() < 0.5:
        tags = [t for t in tags if t[0] != "c"]
    if length is not None:
        tags.insert(3, ("l", length))
    marks = [forms[0] + "/" + forms[1], key.algorithm, "l=%s" % length if length is not None else "", "busy" if busy else ""]
    if rng.random() < 0.25:
        marks.append("tag " + odd_tag(rng, tags, domain))
    if rng.random() < 0.3:
        rng.shuffle(tags)
    tags = [t for t in tags if t[0] != "b"] + [("b", "{b}")] if rng.random() < 0.7 else tags
    field = b"DKIM-Signature:" + rng.choice((" ", "", "\r\n ", "\t")).encode() + tag_text(rng, tags, busy).encode() + b"\r\n"
    signed = signer.sign(key, b"".join(fields), names, forms[0], field)
    message = signed + b"".join(fields) + b"\r\n" + text
    kind, types = key_answer(rng, key)
    marks.append(kind)
    before = covered(message, names, forms, counted)
    if rng.random() < 0.2:
        kind, message = alter(rng, message)
        marks.append("altered " + kind)
    whole = covered(message, names, forms, counted) == before
    zone = {"sel._domainkey." + domain: types} if types is not None else {}
    if types and "CNAME" in types:
        types["CNAME"] = ["the-key." + domain]
        zone["the-key." + domain] = {"TXT": [key.record()]}
    return {"id": "dkim-%d" % number, "method": "dkim", "message": message, "zone": zone, "marks": [m for m in marks if m],
            "domain": domain, "whole": whole}
