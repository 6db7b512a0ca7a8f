"""What a case is made of: the message on the wire, what the receiver adds on top, and what must be found in it."""
import base64
import hashlib

import dkim
import dkim.canonicalization
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from . import samples

LEG, ATT, HOSTER, OUTLOOK = "legitimate.example", "attack.example", "hoster.example", "hosted.example"
HOMOGRAPH = "xn--lgitimate-g0h.example"  # U+0435 for the first e of legitimate.example
RECEIVER, RECIPIENT = "mx.receiver.example", "user@receiver.example"
IPS = {LEG: "192.0.2.10", ATT: "198.51.100.66", HOSTER: "203.0.113.30", OUTLOOK: "192.0.2.42",
       HOMOGRAPH: "198.51.100.67"}
# 2026-06-10T01:00:00Z: RFC 9989 and RFC 7489 were both at hand.
RECEIVED = 1781053200
SIGNED = [b"from", b"to", b"subject", b"date", b"message-id"]
TEXT = b"Dear customer,\r\n\r\nplease confirm your account at https://www.attack.example/login\r\n"


def octets(text):
    return text if isinstance(text, bytes) else text.encode()


def fields(*items):
    """Each a whole field with its line end, or (name, value)."""
    return b"".join(i if isinstance(i, bytes) else octets(i[0]) + b": " + octets(i[1]) + b"\r\n" for i in items)


def letter(*head, body=TEXT, subject="Your account", to=RECIPIENT, date=RECEIVED - 10, message_id="1@" + ATT):
    """A wire message; head comes first: the From fields, or what stands for them."""
    rest = (("To", to), ("Subject", subject), ("Date", samples.mail.rfc5322(date)),
            ("Message-ID", "<%s>" % message_id), ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=us-ascii"))
    given = {f.partition(b":")[0].lower() for f in head if isinstance(f, bytes)} | \
            {octets(f[0]).lower() for f in head if not isinstance(f, bytes)}
    return fields(*head, *(f for f in rest if octets(f[0]).lower() not in given)) + b"\r\n" + body


def sign(message, keys, key, domain, selector, at=RECEIVED - 8, h=None, length=None, expires=None, canon="relaxed",
         algorithm="rsa-sha256", extra=""):
    """The message with an rsa-sha256 signature above it. domain, selector and h may hold any octets."""
    rules = dkim.canonicalization.Relaxed if canon == "relaxed" else dkim.canonicalization.Simple
    head, _, body = message.partition(b"\r\n\r\n")
    names = SIGNED if h is None else h
    text = rules.canonicalize_body(body)
    bh = base64.b64encode(hashlib.sha256(text if length is None else text[:length]).digest())
    value = b" v=1; a=%s; c=%s/%s; d=%s; s=%s; t=%d;%s%s%s\r\n h=%s;\r\n bh=%s;\r\n b=" % (
        octets(algorithm), octets(canon), octets(canon), octets(domain), octets(selector), at,
        b"" if length is None else b" l=%d;" % length, b"" if expires is None else b" x=%d;" % expires,
        octets(extra), b":".join(names), bh)
    left = samples.unfolded(head)
    covered = b""
    for name in names:
        for i in range(len(left) - 1, -1, -1):
            if left[i][0].strip().lower() == name:
                covered += b"".join(n + b":" + v for n, v in rules.canonicalize_headers([left.pop(i)]))
                break
    own = rules.canonicalize_headers([(b"DKIM-Signature", value + b"\r\n")])[0]
    covered += own[0] + b":" + own[1].rstrip(b"\r\n")
    b = keys.private(key, 2048).sign(covered, padding.PKCS1v15(), hashes.SHA256())
    return b"DKIM-Signature:" + value + samples.sign.fold(b, b"\r\n  ") + b"\r\n" + message


def captured(message, source, mail_from, helo=None, results=None, to=RECIPIENT, at=RECEIVED, ip=None, shown=None,
             rdns=None):
    """What lies in the mailbox. mail_from as it stands between the angle brackets of Return-Path; results what
    the receiver recorded, without its name."""
    helo = helo or "helo." + source
    received = ("from %s (%s [%s])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
                "\tby %s (Postfix) with ESMTPS id 4Spoof1\r\n\tfor <%s>; %s" % (
                    helo, rdns or helo, ip or IPS[source], RECEIVER, to, samples.mail.rfc5322(at)))
    trace = [b"Return-Path: <" + octets(mail_from) + b">\r\n", ("Delivered-To", to)]
    if results is not None:
        trace.append(b"Authentication-Results: " + octets(RECEIVER) + b"; " + octets(results) + b"\r\n")
    return fields(*trace, ("Received", received)) + message


class Case:
    """found: {code: the octets at its place, or None where the place is not the point}."""

    def __init__(self, name, row, victim, message, found, results, note, kind="eml"):
        self.name, self.row, self.victim, self.message = name, row, victim, message
        self.found, self.results, self.note, self.kind = found, results, note, kind

    def file(self):
        return "%s.%s" % (self.name, self.kind)

    def line(self):
        for code, where in self.found.items():
            assert where is None or where in self.message, (self.name, code, where)
        found = " ".join(code if where is None else code + "=" + quote(where) for code, where in self.found.items())
        return "\t".join((self.name, self.file(), self.row, self.victim, found, self.results, self.note)) + "\n"


def quote(octet_string):
    """%XX for what would break a line of the table; the rest is to be read as it stands."""
    return "".join(chr(o) if 0x20 < o < 0x7F and o != 0x25 else "%%%02X" % o for o in octet_string)
