"""The other tricks: what a signature leaves open, replay, smuggling, encoded words, look-alikes, and more of
STANDARDS.md, 7."""
import base64
import re

from . import samples
from .server import ADMIN, FROM_ADMIN, by_attacker
from .wire import ATT, HOMOGRAPH, IPS, LEG, OUTLOOK, RECEIVED, RECIPIENT, TEXT, Case, captured, fields, letter, sign

DAY = 86400
SPF_ATT = "spf=pass@" + ATT


def of_leg(keys, message, **more):
    return sign(message, keys, "legitimate", LEG, "s1", **more)


def signature_of(message):
    return message.partition(b"DKIM-Signature:")[1] + message.partition(b"DKIM-Signature:")[2].partition(
        b"\r\nFrom")[0] + b"\r\n"


def received_of(whole):
    """The receiver's line, which stands above the message that it received."""
    return b"Received: " + re.split(b"\r\n(?=[^ \t])", whole.partition(b"\r\nReceived: ")[2])[0] + b"\r\n"


def partial_body(keys):
    head = letter(FROM_ADMIN, ("Content-Type", 'multipart/alternative; boundary="A"'), body=b"", message_id="1@" + LEG)
    inner = b"--A\r\nContent-Type: text/plain\r\n\r\nGenuine text.\r\n--A--\r\n"
    added = b"--B\r\nContent-Type: text/html\r\n\r\n<p>The attacker's text.</p>\r\n--B--\r\n"
    signed = of_leg(keys, head + inner, length=len(inner))
    type_field = b'Content-Type: multipart/alternative; boundary="B"\r\n'
    whole = captured(signed.replace(b'boundary="A"', b'boundary="B"') + added, ATT, "any@" + ATT)
    yield Case("DKIM-L1", "DKIM-L1", LEG, whole,
               {"dkim-body-partly-signed": added, "dkim-content-type-unsigned": type_field},
               SPF_ATT + " dkim=policy dmarc=fail", "l= covers the first part; a new boundary hides it")
    message = letter(FROM_ADMIN, message_id="2@" + LEG)
    signed = of_leg(keys, message, length=len(TEXT))
    yield Case("DKIM-L2", "DKIM-L2", "-", captured(signed, LEG, "news@" + LEG),
               {"dkim-length-tag": b"%d" % len(TEXT)},
               "spf=pass@{0} dkim=pass@{0} dmarc=pass@{0}".format(LEG), "l= is the whole body")
    signed = of_leg(keys, message, length=len(TEXT) + 100)
    yield Case("DKIM-L3", "DKIM-L3", LEG, captured(signed, ATT, "any@" + ATT),
               {"dkim-length-beyond-body": b"%d" % (len(TEXT) + 100)},
               SPF_ATT + " dkim=permerror dmarc=fail", "l= is more than the body")


def added_fields(keys):
    for name, value in (("Subject", "Pay now"), ("From", "<ceo@legitimate.example>"), ("To", "everybody@receiver.example"),
                        ("Date", samples.mail.rfc5322(RECEIVED - 5)), ("Content-Type", "text/html"),
                        ("Reply-To", "<ceo@attack.example>")):
        base = letter(FROM_ADMIN, ("Reply-To", ADMIN), message_id="3@" + LEG)
        names = [b"from", b"to", b"subject", b"date", b"content-type", b"reply-to"]
        signed = of_leg(keys, base, h=names)
        added = fields((name, value))
        whole = captured(added + signed, ATT, "any@" + ATT)
        found = {"dkim-unsigned-duplicate": added}
        result = "dkim=pass@%s dmarc=pass@%s" % (LEG, LEG)
        if name == "From":
            second = b"From: <admin@legitimate.example>\r\n"
            found["from-multiple-fields"] = second
            result = "dkim=policy dmarc=fail"
        yield Case("DKIM-H1-" + name.lower(), "DKIM-H1", LEG, whole, found, SPF_ATT + " " + result,
                   "a %s above the one that is signed" % name)


def replay(keys):
    message = letter(FROM_ADMIN, to="friend@elsewhere.example", date=RECEIVED - 9 * DAY, message_id="4@" + LEG)
    signed = of_leg(keys, message, at=RECEIVED - 9 * DAY)
    whole = captured(signed, ATT, "any@" + ATT)
    yield Case("DKIM-R1", "DKIM-R1", LEG, whole,
               {"replay-suspected": signature_of(signed), "dkim-signed-long-before": signature_of(signed),
                "recipient-not-named": received_of(whole)},
               SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(LEG), "an old signature, to somebody else, from elsewhere")
    signed = of_leg(keys, message, at=RECEIVED - 9 * DAY, expires=RECEIVED - 2 * DAY)
    yield Case("DKIM-R1-expired", "DKIM-R1", LEG, captured(signed, ATT, "any@" + ATT),
               {"dkim-expired": b"%d" % (RECEIVED - 2 * DAY)}, SPF_ATT + " dkim=fail dmarc=fail", "x= had passed")


SMTP = (b"MAIL FROM:<admin@legitimate.example>\r\nRCPT TO:<user@receiver.example>\r\nDATA\r\n"
        b"From: <admin@legitimate.example>\r\nTo: user@receiver.example\r\nSubject: smuggled\r\n\r\nTransfer it today.\r\n")


def smuggling(keys):
    for number, (dot, odd) in enumerate(((b"\n.\n", "body-bare-lf"), (b"\n.\r\n", "body-bare-lf"),
                                         (b"\r.\r", "body-bare-cr"), (b"\r\n.\r", "body-bare-cr"),
                                         (b"\r\n\0.\r\n", "nul-in-body"), (b"\r.\r\n", "body-bare-cr")), 1):
        body = b"Hello." + dot + SMTP
        message = letter(("From", "first@" + ATT), body=body)
        where = {"body-bare-lf": b"\n", "body-bare-cr": b"\r", "nul-in-body": b"\0"}[odd]
        yield Case("SMUG-1-%d" % number, "SMUG-1", LEG, captured(message, ATT, "any@" + ATT),
                   {"smtp-smuggling": b"MAIL FROM:<admin@legitimate.example>", odd: where,
                    "body-dot-line-odd": b"." if b"\0" not in dot else b"\0."},
                   SPF_ATT + " dkim=none dmarc=pass@" + ATT, "an end of data that only some servers know, then commands")
    client = "mail-db5eur03on2042.outbound.protection.outlook.com"
    message = letter(("From", "admin@" + OUTLOOK), message_id="5@" + OUTLOOK)
    whole = captured(message, OUTLOOK, "admin@" + OUTLOOK, helo="EUR03-DB5-obe.outbound.protection.outlook.com",
                     rdns=client)
    yield Case("SMUG-2", "SMUG-2", OUTLOOK, whole, {"provider-marks-missing": received_of(whole)},
               "spf=pass@{0} dkim=none dmarc=pass@{0}".format(OUTLOOK),
               "the provider's own fields are not there: this message never was in its hands as one")


def word(text, encoding="b"):
    body = base64.b64encode(text).decode() if encoding == "b" else "".join(
        chr(o) if chr(o).isalnum() else "=%02X" % o for o in text)
    return "=?utf-8?%s?%s?=" % (encoding, body)


def mailsploit(keys):
    leg, nul, at = b"admin@" + LEG.encode(), "=?utf-8?Q?=00?=", "@" + ATT
    wrapped = b"(" + leg + b")"
    shapes = (
        (word(leg) + nul + word(wrapped) + at, "address-has-encoded-word"),
        (word(leg) + nul + word(b"x") + at, "address-has-encoded-word"),
        (word(leg) + "=?utf-8?Q?=0A=00?=" + word(wrapped) + at, "address-has-encoded-word"),
        (word(leg + b"\n\0") + at, "address-has-encoded-word"),
        (word(leg + b"\0", "Q") + at, "address-has-encoded-word"),
        (word(leg) + at, "address-has-encoded-word"),
        (word(leg + b"(", "Q") + at, "address-has-encoded-word"),
        (word(leg + b"(") + nul + "x" + at, "address-has-encoded-word"),
        ("\"=?utf-8?Q?%s=0A=00=00=00?=\" <a%s>" % (leg.decode().replace("@", "=40"), at), "display-name-has-address"),
        (word(leg + b"\0") + " <a%s>" % at, "display-name-has-address"),
        (word(leg + b"\n") + " <a%s>" % at, "display-name-has-address"),
        (word(b"<" + leg + b">") + " <a%s>" % at, "display-name-has-address"),
        ("\"%s\" <a%s>" % (leg.decode() + "\0", at), "display-name-has-address"),
    )
    for number, (value, code) in enumerate(shapes, 1):
        raw = value.encode()
        found = {code: raw}
        if b"=00" in raw or b"=0A" in raw or b"\0" in raw or number in (4, 10, 11):
            found["address-control-character"] = raw
        message = by_attacker(keys, letter(("From", value)))
        yield Case("MS-%d" % number, "MS-1..13", LEG, captured(message, ATT, "any@" + ATT), found,
                   SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(ATT), "the domain is what follows the last @ as it stands")


def look_alikes(keys):
    message = letter(("From", '"Legitimate" <admin@%s>' % HOMOGRAPH), message_id="6@" + HOMOGRAPH)
    whole = captured(sign(message, keys, "homograph", HOMOGRAPH, "x1"), HOMOGRAPH, "admin@" + HOMOGRAPH)
    raw = b'"Legitimate" <admin@%s>' % HOMOGRAPH.encode()
    yield Case("IDN-1", "IDN-1", LEG, whole,
               {"domain-idn": raw, "domain-mixed-script": raw, "domain-lookalike": raw},
               "spf=pass@{0} dkim=pass@{0} dmarc=pass@{0}".format(HOMOGRAPH), "all passes, for the look-alike name")
    display = "\u202eelpmaxe.etamitigel@nimda".encode()
    raw = word(display).encode() + b" <a@attack.example>"
    yield Case("RLO-1", "RLO-1", LEG, captured(by_attacker(keys, letter(b"From: " + raw + b"\r\n")), ATT, "any@" + ATT),
               {"bidi-control": raw}, SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(ATT),
               "the name reads as an address of the other domain from right to left")
    raw = "\u202emoc\u202c@attack.example".encode()
    yield Case("RLO-1-local", "RLO-1", LEG, captured(by_attacker(keys, letter(b"From: " + raw + b"\r\n")), ATT, "any@" + ATT),
               {"bidi-control": raw}, SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(ATT), "the same in a local part")


def file_names(keys):
    part = b"Content-Disposition: attachment;\r\n\tfilename*=utf-8''invoice%E2%80%AEfdp.exe\r\n"
    message = letter(("From", "a@" + ATT), ("Content-Type", 'multipart/mixed; boundary="A"'),
                     body=b"--A\r\nContent-Type: application/octet-stream\r\n" + part + b"\r\nMZ\r\n--A--\r\n")
    yield Case("RLO-1-file", "RLO-1", "-", captured(by_attacker(keys, message), ATT, "any@" + ATT), {"bidi-control": part},
               SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(ATT), "a program whose name ends in .pdf for the eye")


def more(keys):
    """STANDARDS.md, 7, where no row of the catalogue stands for it. The case is named by the number there."""
    def sent(name, head, found, results, note, signer=by_attacker, mail_from="any@" + ATT, **kind):
        message = signer(keys, letter(*head, **kind))
        return Case(name, "7." + name.split("-")[0][1:], LEG, captured(message, ATT, mail_from), found, results, note)
    passes = SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(ATT)
    yield sent("N3-group", (("From", "Staff: %s, <x@%s>;" % (ADMIN, ATT)),),
               {"address-group": b"Staff", "from-several-domains": b"<x@attack.example>"},
               SPF_ATT + " dkim=pass@%s dmarc=fail" % ATT, "a group of two domains")
    yield sent("N3-empty-group", (("From", "Staff:;"),), {"address-group": b"Staff", "from-no-address": b"From: Staff:;\r\n"},
               SPF_ATT + " dkim=pass@%s dmarc=none" % ATT, "an empty group names no author")
    yield sent("N4-comment", (("From", "a@%s (%s)" % (ATT, "admin@" + LEG)),),
               {"display-name-has-address": b"a@attack.example (admin@legitimate.example)"}, passes, "in a comment")
    yield sent("N4-fullwidth", (b"From: =?utf-8?B?%s?= <a@attack.example>\r\n" % base64.b64encode(
        "admin\uff20legitimate.example".encode()),),
        {"display-name-has-address": b"=?utf-8?B?%s?= <a@attack.example>" % base64.b64encode(
            "admin\uff20legitimate.example".encode())}, passes, "with a full-width at sign")
    yield sent("N4-domain", (("From", '"www.%s" <a@%s>' % (LEG, ATT)),),
               {"display-name-has-domain": b'"www.legitimate.example" <a@attack.example>'}, passes, "a domain as a name")
    yield sent("N4-quoted-local", (("From", '"admin@%s"@%s' % (LEG, ATT)),),
               {"display-name-has-address": b'"admin@legitimate.example"@attack.example'}, passes, "in a local part")
    yield sent("N5-sender", (("From", "a@" + ATT), ("Sender", ADMIN)),
               {"sender-elsewhere": b"<admin@legitimate.example>"}, passes, "Sender is shown, never judged")
    yield sent("N4-reply-to", (("From", "a@" + ATT), ("Reply-To", "x@elsewhere.example")),
               {"reply-to-elsewhere": b"x@elsewhere.example"}, passes, "answers go to a third domain")
    yield sent("N9-ascii", (("From", "admin@" + LEG), ("Reply-To", "admin@1egitimate.example")),
               {"domains-look-alike": b"admin@1egitimate.example", "reply-to-elsewhere": b"admin@1egitimate.example"},
               SPF_ATT + " dkim=pass@%s dmarc=fail" % ATT, "answers go to a name that differs by a digit")
    yield sent("N9-recipient", (("From", "boss@rec\u0435iver.example".encode("utf-8").decode()),),
               {"domains-look-alike": b"boss@rec\xd0\xb5iver.example",
                "domain-lookalike": b"boss@rec\xd0\xb5iver.example"},
               SPF_ATT + " dkim=pass@%s dmarc=none" % ATT, "the sender looks like the receiver's own domain")
    yield sent("N7-subject", (("From", "a@" + ATT),),
               {"subject-control-character": b"Subject: =?utf-8?Q?Invoice=00paid?=\r\n"}, passes, "NUL in a subject",
               subject="=?utf-8?Q?Invoice=00paid?=")
    yield sent("N7-bidi-subject", (("From", "a@" + ATT),),
               {"bidi-control": b"Subject: =?utf-8?Q?=E2=80=AEecivni?=\r\n"}, passes, "a subject turned round",
               subject="=?utf-8?Q?=E2=80=AEecivni?=")
    yield sent("N7-bare-cr", (b"From: a@attack.example\r\n", b"X-Note: a\rFrom: admin@legitimate.example\r\n"),
               {"field-value-bare-cr": b"\r"}, passes, "a lone CR that some take for the end of a line")
    yield sent("N7-nul-from", (b"From: admin@legitimate.example\0<a@attack.example>\r\n",),
               {"field-value-nul": b"\0", "from-ambiguous": b"From: admin@legitimate.example\0<a@attack.example>\r\n"},
               SPF_ATT + " dkim=pass@%s dmarc=none" % ATT, "a C string would end after the first address")
    yield sent("N7-long-line", (("From", "a@" + ATT),), {"line-too-long": b"x" * 1200}, passes, "a line of 1,200 octets",
               body=b"x" * 1200 + b"\r\n")
    glued = b"Received: from a by b; Wed, 10 Jun 2026 10:00:00 +0900"
    yield sent("N8-glued", (("From", "a@" + ATT),), {"received-in-body": glued}, passes, "a second message in the body",
               body=b"text\r\n\r\n" + glued + b"\r\nFrom: admin@legitimate.example\r\nTo: x@y.example\r\n\r\nMore.\r\n")
    forged = b"Authentication-Results: mx.receiver.example; dmarc=pass header.from=legitimate.example\r\n"
    own = ("Received", "from pc.%s (pc.%s [198.51.100.70])\r\n\tby helo.%s with ESMTP; %s" % (
        ATT, ATT, ATT, samples.mail.rfc5322(RECEIVED - 9)))
    yield sent("N10-forged", (own, FROM_ADMIN, forged), {"results-forged-below-boundary": forged},
               SPF_ATT + " dkim=pass@%s dmarc=fail" % ATT, "results in the receiver's name, written by the sender")
    claimed = b"Authentication-Results: mx.other.example; dmarc=pass header.from=legitimate.example\r\n"
    yield sent("N10-outsider", (FROM_ADMIN, claimed), {"results-of-outsider": claimed},
               SPF_ATT + " dkim=pass@%s dmarc=fail" % ATT, "results of a host that nobody knows")
    click = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    yield sent("N11-one-click", (("From", "a@" + ATT), ("List-Unsubscribe", "<https://unsubscribe.example/1>"), click),
               {"one-click-unsigned": b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"}, passes,
               "one click on a link that nobody signed")


def weak_signatures(keys):
    def signed(name, found, results, note, message=None, signer="legitimate", domain=LEG, selector="s1", **more):
        message = message or letter(FROM_ADMIN, message_id="7@" + LEG)
        made = sign(message, keys, signer, domain, selector, **more)
        where = {code: signature_of(made) if place is True else place for code, place in found.items()}
        return Case(name, "7." + name.split("-")[0][1:], LEG, captured(made, ATT, "any@" + ATT), where,
                    SPF_ATT + " " + results, note)
    yield signed("N12-from", {"dkim-from-unsigned": b"to"}, "dkim=permerror dmarc=fail", "h= lacks From", h=[b"to"])
    yield signed("N12-subject", {"dkim-subject-unsigned": b"Subject: Your account\r\n",
                                 "dkim-date-unsigned": b"Date: " + samples.mail.rfc5322(RECEIVED - 10).encode() + b"\r\n",
                                 "dkim-to-unsigned": b"To: %s\r\n" % RECIPIENT.encode()},
                 "dkim=pass@{0} dmarc=pass@{0}".format(LEG), "From alone is signed", h=[b"from"])
    yield signed("N14-suffix", {"dkim-domain-is-suffix": True}, "dkim=pass@co.jp dmarc=fail", "d= is a public suffix",
                 signer="attack", domain="co.jp", selector="selector")
    yield signed("N14-identity", {"dkim-identity-outside": b"@attack.example"}, "dkim=permerror dmarc=fail",
                 "i= is outside of d=", extra=" i=@attack.example;")
    yield signed("N15-testing", {"key-testing": True}, "dkim=pass@{0} dmarc=pass@{0}".format(LEG), "t=y in the key",
                 selector="testing")
    yield signed("N16-future", {"dkim-signed-in-future": True}, "dkim=pass@{0} dmarc=pass@{0}".format(LEG),
                 "t= is after reception", at=RECEIVED + DAY)
    yield signed("N17-sha1", {"dkim-algorithm-retired": b"rsa-sha1"}, "dkim=permerror dmarc=fail", "rsa-sha1",
                 algorithm="rsa-sha1")
    yield signed("N18-wildcard", {"dkim-key-unusable": True}, "dkim=permerror dmarc=fail",
                 "what stands at the name is no key", selector="wildcard")


def of_the_dns(keys):
    """Records that give more away than their owner knows, or nothing."""
    def sent(name, domain, found, results, note, mail_from=None):
        message = letter(("From", "a@" + domain), message_id="8@" + domain)
        whole = captured(message, ATT, mail_from or "a@" + domain)
        return Case(name, "7." + name.split("-")[0][1:], domain, whole, found, SPF_ATT[:4] + results, note)
    yield sent("N25-all", "open.example", {"spf-pass-for-all": None}, "pass@open.example dkim=none dmarc=pass@open.example",
               "+all: whoever sends passes")
    yield sent("N25-half", "half.example", {"spf-broad-network": None},
               "pass@half.example dkim=none dmarc=pass@half.example", "half of all addresses")
    yield sent("N32-two", "two.example", {"dmarc-several-records": None}, "none dkim=none dmarc=none", "two DMARC records")
    yield sent("N32-case", "case.example", {"dmarc-record-ignored": None}, "none dkim=none dmarc=none",
               "v=dmarc1 is no DMARC record")


def many_signatures(keys):
    message = letter(("From", "a@" + ATT))
    for _ in range(33):
        message = by_attacker(keys, message, h=[b"from"])
    last = message.rpartition(b"DKIM-Signature:")
    where = last[1] + last[2].partition(b"\r\nFrom")[0] + b"\r\n"
    yield Case("N20-many", "7.20", "-", captured(message, ATT, "any@" + ATT), {"dkim-too-many-signatures": where},
               SPF_ATT + " dkim=pass@{0} dmarc=pass@{0}".format(ATT), "thirty-three signatures")


def make(keys):
    for part in (partial_body, added_fields, replay, smuggling, mailsploit, look_alikes, file_names, more, weak_signatures, of_the_dns,
                 many_signatures):
        yield from part(keys)


ZONE_IPS = IPS
