"""Signatures: DKIM by dkimpy and by our own few lines, CMS by our own (RFC 5652), so that dates are as given.

`openssl cms -sign` writes the clock into what it signs; these octets must not change from run to run, and
`make-samples.py --check` has `openssl cms -verify` look at every one of them.
"""
import base64
import datetime
import hashlib
import time

import dkim
import dkim.canonicalization
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

FIELDS = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"]


class At:
    """Inside, dkimpy's clock says that it is the given second."""

    def __init__(self, second):
        self.second = second

    def __enter__(self):
        self.real = time.time
        time.time = lambda: self.second

    def __exit__(self, *unused):
        time.time = self.real


def dkim_sign(message, keys, key, bits, domain, selector, canon, at, length=False, fields=None):
    """The message with a signature above it. canon: "relaxed/simple"."""
    with At(at):
        field = dkim.sign(message, selector.encode(), domain.encode(), keys.for_dkimpy(key, bits),
                          canonicalize=tuple(c.encode() for c in canon.split("/")),
                          signature_algorithm=b"rsa-sha256" if bits else b"ed25519-sha256",
                          include_headers=fields or FIELDS, length=length)
    return field + message


def dkim_sign_expiring(message, keys, key, domain, selector, at, expires):
    """rsa-sha256, relaxed/relaxed, with x=, which dkimpy does not write."""
    canon = dkim.canonicalization.Relaxed
    headers, body = dkim.rfc822_parse(message)
    digest = hashlib.sha256(canon.canonicalize_body(body)).digest()
    value = (b" v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=%s; t=%d; x=%d;\r\n h=%s;\r\n bh=%s;\r\n b=" % (
        domain.encode(), selector.encode(), at, expires, b":".join(FIELDS), base64.b64encode(digest)))
    by_name = {name.lower(): (name, text) for name, text in headers}
    signed = canon.canonicalize_headers([by_name[name] for name in FIELDS])
    text = b"".join(name + b":" + rest for name, rest in signed)
    text += b"dkim-signature:" + canon.canonicalize_headers([(b"DKIM-Signature", value)])[0][1].rstrip(b"\r\n")
    signature = keys.private(key, 2048).sign(text, padding.PKCS1v15(), hashes.SHA256())
    return b"DKIM-Signature:" + value + fold(signature, b"\r\n  ") + b"\r\n" + message


def fold(octets, line_end):
    text = base64.b64encode(octets)
    return line_end.join(text[i:i + 64] for i in range(0, len(text), 64))


def arc_seal(message, keys, key, domain, selector, authserv_id, at):
    with At(at):
        fields = dkim.arc_sign(message, selector.encode(), domain.encode(), keys.for_dkimpy(key, 2048),
                               authserv_id.encode(), include_headers=FIELDS, timestamp=at)
    return b"".join(fields) + message


# --- DER, as much of it as a SignedData needs

def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def oid(dotted):
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytes([40 * first + second])
    for number in rest:
        septets = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            septets.insert(0, 0x80 | number & 0x7F)
        out += bytes(septets)
    return der(0x06, out)


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


SEQUENCE, SET, OCTETS = 0x30, 0x31, 0x04
SHA256 = der(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
RSA = der(SEQUENCE, oid("1.2.840.113549.1.1.1"), der(0x05))
DATA, SIGNED_DATA = oid("1.2.840.113549.1.7.1"), oid("1.2.840.113549.1.7.2")
CONTENT_TYPE, DIGEST, SIGNING_TIME = (oid("1.2.840.113549.1.9.%d" % n) for n in (3, 4, 5))


def cms_sign(content, key, certificate, chain, at, is_detached):
    """A SignedData with one signer, in DER; content as it is in the message, with CRLF."""
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%y%m%d%H%M%SZ").encode()
    attributes = sorted([
        der(SEQUENCE, CONTENT_TYPE, der(SET, DATA)),
        der(SEQUENCE, SIGNING_TIME, der(SET, der(0x17, moment))),
        der(SEQUENCE, DIGEST, der(SET, der(OCTETS, hashlib.sha256(content).digest())))])
    signature = key.sign(der(SET, *attributes), padding.PKCS1v15(), hashes.SHA256())
    issuer = der(SEQUENCE, certificate.issuer.public_bytes(), integer(certificate.serial_number))
    signer = der(SEQUENCE, integer(1), issuer, SHA256, der(0xA0, *attributes), RSA, der(OCTETS, signature))
    inside = [DATA] if is_detached else [DATA, der(0xA0, der(OCTETS, content))]
    certificates = sorted(c.public_bytes(Encoding.DER) for c in [certificate] + chain)
    signed = der(SEQUENCE, integer(1), der(SET, SHA256), der(SEQUENCE, *inside), der(0xA0, *certificates),
                 der(SET, signer))
    return der(SEQUENCE, SIGNED_DATA, der(0xA0, signed))
