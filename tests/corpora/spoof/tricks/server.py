"""S-A1 to S-A19 and C-A1 to C-A3: how senders and receivers read the same octets differently."""
import base64

from .wire import ATT, HOSTER, LEG, Case, captured, letter, sign

ADMIN = "<admin@%s>" % LEG
FIRST = "<first@%s>" % ATT
FROM_ADMIN = ("From", ADMIN)


def by_attacker(keys, message, **more):
    """Signed by the attacker for its own domain: so something passes, and must not count for LEG."""
    return sign(message, keys, "attack", ATT, "selector", **more)


def two(keys, name, row, head, found, results, note, mail_from="any@" + ATT, **more):
    message = by_attacker(keys, letter(*head, **more))
    return Case(name, row, LEG, captured(message, ATT, mail_from), found, results, note)


def envelope(keys):
    path = "any@mailfrom.notexist." + LEG
    message = letter(FROM_ADMIN)
    whole = captured(message, ATT, path, results="spf=none smtp.mailfrom=%s; dkim=none; dmarc=pass header.from=%s" % (
        path, LEG))
    yield Case("S-A1", "S-A1", LEG, whole,
               {"mail-from-nonexistent": b"Return-Path: <%s>\r\n" % path.encode()},
               "spf=none dkim=none dmarc=fail", "SPF none of a name below the From domain is no pass of it")
    path = "(any@" + LEG
    whole = captured(message, ATT, path, results="spf=pass smtp.helo=helo.%s; dmarc=pass header.from=%s" % (ATT, LEG))
    yield Case("S-A2", "S-A2", LEG, whole,
               {"return-path-malformed": b"Return-Path: <(any@legitimate.example>\r\n",
                "spf-helo-only": b"Received: " + whole.partition(b"\r\nReceived: ")[2].partition(b"From: <admin@")[0]},
               "spf=none helo=pass@helo.%s dkim=none dmarc=fail" % ATT,
               "nobody can say whose path this is: what passes is the HELO name, which is the attacker's")
    for name, path, value in (
            ("S-A5", "any@%s(a.%s" % (LEG, ATT), "any@%s(a.%s" % (LEG, ATT)),
            ("S-A6", "any@%s'@any.%s" % (LEG, ATT), "any@%s'@any.%s" % (LEG, ATT))):
        results = "spf=pass smtp.mailfrom=%s; dkim=none; dmarc=pass header.from=%s" % (value, LEG)
        whole = captured(message, ATT, path, results=results)
        yield Case(name, name, LEG, whole,
                   {"return-path-malformed": b"Return-Path: <%s>\r\n" % path.encode(),
                    "results-value-odd": b"Authentication-Results: mx.receiver.example; %s\r\n" % results.encode()},
                   ("spf=none" if name == "S-A5" else "spf=pass@any." + ATT) + " dkim=none dmarc=fail",
                   "a recorded path must not be cut at a parenthesis or quote")
    path = "@%s,@any.example:'any@%s" % (LEG, ATT)
    whole = captured(message, ATT, path)
    yield Case("S-A7", "S-A7", LEG, whole,
               {"return-path-source-route": b"Return-Path: <%s>\r\n" % path.encode()},
               "spf=pass@%s dkim=none dmarc=fail" % ATT, "a source route is ignored: the sender is the attacker")


def signatures(keys):
    message = letter(FROM_ADMIN)
    results = "spf=pass smtp.mailfrom=%s; dkim=pass header.d=%s; dmarc=pass header.from=%s" % (ATT, LEG, LEG)
    signed = sign(message, keys, "attack", LEG, b"selector._domainkey.attack.example.\0.any")
    signature = signed[:-len(message)]
    yield Case("S-A3", "S-A3", LEG, captured(signed, ATT, "any@" + ATT, results=results),
               {"dkim-nul-octet": signature, "field-value-nul": b"\0",
                "dkim-selector-invalid": b"selector._domainkey.attack.example.\0.any"},
               "spf=pass@%s dkim=permerror dmarc=fail" % ATT,
               "the key must not be looked for at the name before the NUL")
    domain = "%s'a.%s" % (LEG, ATT)
    signed = sign(message, keys, "attack", domain, "selector")
    results = "spf=pass smtp.mailfrom=%s; dkim=pass header.d=%s; dmarc=pass header.from=%s" % (ATT, domain, LEG)
    yield Case("S-A4", "S-A4", LEG, captured(signed, ATT, "any@" + ATT, results=results),
               {"dkim-domain-invalid": domain.encode(),
                "results-value-odd": b"Authentication-Results: mx.receiver.example; %s\r\n" % results.encode()},
               "spf=pass@%s dkim=permerror dmarc=fail" % ATT,
               "the recorded header.d must not be cut at the quote")


def fields(keys):
    yield two(keys, "S-A8", "S-A8", (("From", FIRST), FROM_ADMIN),
              {"from-multiple-fields": b"From: <admin@legitimate.example>\r\n",
               "from-several-domains": b"<admin@legitimate.example>",
               "from-ambiguous": b"From: <first@attack.example>\r\n"},
              "spf=pass@%s dkim=policy dmarc=fail" % ATT, "two From fields; programs show the first or the last")
    message = by_attacker(keys, letter(FROM_ADMIN, ("X-Note", "x\r\n From: " + FIRST)), h=[b"from", b"to"])
    yield Case("S-A9", "S-A9", LEG, captured(message, ATT, "any@" + ATT),
               {"from-hidden-in-fold": b"From: <first@attack.example>"},
               "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "a fold that looks like a From field")
    hidden = b" From: <first@attack.example>\r\n"
    message = hidden + by_attacker(keys, letter(FROM_ADMIN))
    yield Case("S-A9-top", "S-A9", LEG, captured(message, ATT, "any@" + ATT),
               {"from-hidden-in-fold": hidden.strip()}, "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT),
               "the first line of the message, which becomes a fold of the receiver's own field")
    yield Case("S-A9-first", "S-A9", LEG, message, {"header-starts-with-fold": hidden},
               "spf=unknown dkim=pass@%s dmarc=unknown" % ATT, "the same without the receiver's fields: no envelope")
    yield two(keys, "S-A10", "S-A10", (("From", FIRST), ("From ", ADMIN)),
              {"from-multiple-fields": b"From : <admin@legitimate.example>\r\n", "field-name-space": b"From :",
               "from-several-domains": b"<admin@legitimate.example>"},
              "spf=pass@%s dkim=policy dmarc=fail" % ATT, "white space before the colon is obsolete, and a From")
    folded = b"From\r\n : <first@attack.example>\r\n"
    yield two(keys, "S-A11", "S-A11", (folded, FROM_ADMIN), {"from-name-folded": folded},
              "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "a name that is folded is no field")
    for name, other in (("S-A12", "Sender"), ("S-A13", "Resent-From")):
        message = letter(folded, (other, ADMIN))
        yield Case(name, name, LEG, captured(message, ATT, "any@" + ATT),
                   {"from-name-folded": folded, "from-missing": None,
                    "from-substitute": b"%s: <admin@legitimate.example>\r\n" % other.encode()},
                   "spf=pass@%s dkim=none dmarc=none" % ATT, other + " does not stand in for From")


def addresses(keys):
    yield two(keys, "S-A14", "S-A14", (("From", "%s, %s" % (FIRST, ADMIN)), ("Sender", "s@sender." + LEG)),
              {"from-multiple-addresses": ADMIN.encode(), "from-several-domains": ADMIN.encode(),
               "from-ambiguous": b"From: <first@attack.example>, <admin@legitimate.example>\r\n"},
              "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "both author domains are evaluated")
    word = "=?utf-8?B?%s=?=" % base64.b64encode(ADMIN.encode()).decode()
    yield two(keys, "S-A15", "S-A15", (b"From:%s,<second@attack.example>\r\n" % word.encode(),),
              {"display-name-has-address": word.encode(),
               "from-ambiguous": b"From:%s,<second@attack.example>\r\n" % word.encode()},
              "spf=pass@%s dkim=pass@%s dmarc=pass@%s" % (ATT, ATT, ATT),
              "an encoded word where an address should stand: the author is the attacker")
    route = "@%s,@any.example:" % ATT
    yield two(keys, "S-A16", "S-A16", (("From", "<%sadmin@%s>" % (route, LEG)),),
              {"address-source-route": route.encode()},
              "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "behind the route stands the author")
    value = ADMIN + "\\,<second@%s>" % ATT
    yield two(keys, "S-A17", "S-A17", (("From", value),),
              {"address-malformed": value.encode(), "from-several-domains": b"second@attack.example",
               "from-ambiguous": b"From: %s\r\n" % value.encode()},
              "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "a quoted pair outside of quotes: both are listed")
    yield two(keys, "S-A18", "S-A18", (("From", "admin@%s,<second@%s>" % (LEG, ATT)),),
              {"from-multiple-addresses": b"<second@attack.example>", "from-several-domains": b"<second@attack.example>"},
              "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "two addresses without blank")
    value = "<any@%s>admin@%s" % (ATT, LEG)
    yield two(keys, "S-A19", "S-A19", (("From", value),),
              {"address-malformed": value.encode(), "from-several-domains": b"admin@legitimate.example"},
              "spf=pass@%s dkim=pass@%s dmarc=fail" % (ATT, ATT), "text behind the angle brackets")


def clients(keys):
    """An account of the hoster sends in the name of another one."""
    def sent(message):
        return captured(sign(message, keys, "hoster", HOSTER, "h1"), HOSTER, "attacker@" + HOSTER)
    attacker, admin = "attacker@" + HOSTER, "admin@" + HOSTER
    whole = sent(letter(("From", attacker), ("From", admin), message_id="1@" + HOSTER))
    yield Case("C-A1", "C-A1", "-", whole,
               {"from-multiple-fields": b"From: admin@hoster.example\r\n",
                "mail-from-local-differs": b"Return-Path: <attacker@hoster.example>\r\n"},
               "spf=pass@%s dkim=policy dmarc=permerror" % HOSTER, "nothing aligns with a From that stands twice")
    whole = sent(letter(("From", "%s, %s" % (attacker, admin)), message_id="2@" + HOSTER))
    yield Case("C-A2", "C-A2", "-", whole, {"from-multiple-addresses": admin.encode()},
               "spf=pass@%s dkim=pass@%s dmarc=pass@%s" % (HOSTER, HOSTER, HOSTER),
               "one domain: it passes, for whoever of the two")
    whole = sent(letter(("From", admin), message_id="3@" + HOSTER))
    yield Case("C-A3", "C-A3", "-", whole,
               {"mail-from-local-differs": b"Return-Path: <attacker@hoster.example>\r\n"},
               "spf=pass@%s dkim=pass@%s dmarc=pass@%s" % (HOSTER, HOSTER, HOSTER),
               "between the accounts of one domain nothing of this decides")


def make(keys):
    for part in (envelope, signatures, fields, addresses, clients):
        yield from part(keys)
