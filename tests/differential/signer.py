"""A DKIM signer that leaves the writing of the signature field to the caller (RFC 6376, section 3)."""
import base64
import hashlib
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

FIELD = re.compile(rb"[^\r\n][^\n]*\r\n(?:[ \t][^\n]*\r\n)*")


def relaxed_line(line):
    return re.sub(rb"[ \t]+", b" ", line)


def canonical_body(body, form):
    """Section 3.4.3 and 3.4.4; body has CRLF line ends."""
    if form == "relaxed":
        body = b"\r\n".join(relaxed_line(line).rstrip(b" ") for line in body.split(b"\r\n"))
    body = re.sub(rb"(\r\n)*\Z", b"", body)
    return body + b"\r\n" if body or form == "simple" else b""


def canonical_field(field, form):
    """Section 3.4.1 and 3.4.2; with its line end."""
    if form == "simple":
        return field
    name, value = field.split(b":", 1)
    value = relaxed_line(value.replace(b"\r\n", b"")).strip(b" ")
    return name.rstrip(b" \t").lower() + b":" + value + b"\r\n"


def chosen_fields(fields, names):
    """Section 5.4.2: each name takes the lowest field of that name not yet taken."""
    left = [(field.split(b":", 1)[0].strip(b" \t").lower(), field) for field in fields]
    for name in names:
        for i in range(len(left) - 1, -1, -1):
            if left[i][0] == name.encode().lower():
                yield left.pop(i)[1]
                break


def public_text(private):
    """What stands in p=."""
    if isinstance(private, ed25519.Ed25519PrivateKey):
        form = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    else:
        form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(private.public_key().public_bytes(*form)).decode()


class Key:
    """A private key, and the text of its record."""

    def __init__(self, algorithm, bits=1024):
        self.algorithm = algorithm
        if algorithm == "ed25519":
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = rsa.generate_private_key(65537, bits)
        self.public = public_text(self.private)

    def record(self):
        return "v=DKIM1; k=%s; p=%s" % (self.algorithm, self.public)

    def sign(self, data, name="sha256"):
        if self.algorithm == "ed25519":
            return self.private.sign(hashlib.sha256(data).digest())
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256() if name == "sha256" else hashes.SHA1())


def body_hash(body, form, length=None):
    canonical = canonical_body(body, form)
    return base64.b64encode(hashlib.sha256(canonical if length is None else canonical[:length]).digest()).decode()


def sign(key, header, names, form, field):
    """The whole signature field; field holds {b} where b= gets its value. The space around it counts as
    part of the value (section 3.7)."""
    fields = FIELD.findall(header)
    data = b"".join(canonical_field(f, form) for f in chosen_fields(fields, names))
    empty = re.sub(rb"[ \t\r\n]*\{b\}(?:[ \t]|\r\n[ \t])*", b"", field)
    data += canonical_field(empty, form)[:-2]
    return field.replace(b"{b}", base64.b64encode(key.sign(data)))
