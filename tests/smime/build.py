"""CMS objects that openssl(1) does not make: build.py, in the folder of make.sh, writes them into built/.

Put together element by element: signatures by Ed25519 (RFC 8419), and objects that break a rule of RFC 5652.
"""
import hashlib
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, ed448, padding, rsa


def der(tag, *contents):
    """One element (X.690, 8.1)."""
    body = b"".join(contents)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + body


def oid(text):
    first, second, *rest = (int(arc) for arc in text.split("."))
    body = [40 * first + second]
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, 0x80 | arc & 0x7F)
        body += groups
    return der(0x06, bytes(body))


def number(value):
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


NULL = b"\x05\x00"
PKCS9 = "1.2.840.113549.1.9."
DATA = oid("1.2.840.113549.1.7.1")
SIGNED = oid("1.2.840.113549.1.7.2")
DIGESTED = oid("1.2.840.113549.1.7.5")
COMPRESSED = oid("1.2.840.113549.1.9.16.1.9")
SHA256 = der(0x30, oid("2.16.840.1.101.3.4.2.1"))
SHA512 = der(0x30, oid("2.16.840.1.101.3.4.2.3"))
SHAKE256 = der(0x30, oid("2.16.840.1.101.3.4.2.12"))
UNHEARD_OF = der(0x30, oid("2.16.840.1.101.3.4.2.127"))
RSA = der(0x30, oid("1.2.840.113549.1.1.1"), NULL)
RSA_SHA512 = der(0x30, oid("1.2.840.113549.1.1.13"), NULL)
ED25519 = der(0x30, oid("1.3.101.112"))
ED448 = der(0x30, oid("1.3.101.113"))


def attribute(arc, *values):
    return der(0x30, oid(PKCS9 + arc), der(0x31, *values))


def load(name):
    with open(name, "rb") as file:
        return file.read()


def certificate(name):
    return x509.load_pem_x509_certificate(load(name))


def octets_of(cert):
    return cert.public_bytes(serialization.Encoding.DER)


class Signer:
    def __init__(self, name):
        self.cert = certificate(name + ".crt")
        self.key = serialization.load_pem_private_key(load(name + ".key"), None)

    def sign(self, octets):
        if isinstance(self.key, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)):
            return self.key.sign(octets)
        return self.key.sign(octets, padding.PKCS1v15(), hashes.SHA256())

    def info(self, digest, algorithm, attributes, bare=None, unsigned=b""):
        """A SignerInfo. Attributes are signed in the order given; without them, bare is signed itself."""
        identity = der(0x30, self.cert.issuer.public_bytes(), number(self.cert.serial_number))
        signature = self.sign(der(0x31, *attributes) if bare is None else bare)
        return der(0x30, number(1), identity, digest, der(0xA0, *attributes) if bare is None else b"",
                   algorithm, der(0x04, signature), unsigned)


def content_info(kind, *contents):
    return der(0x30, kind, der(0xA0, der(0x30, *contents)))


def signed_data(certificates, digests, infos, content=None):
    inside = b"" if content is None else der(0xA0, der(0x04, content))
    return content_info(SIGNED, number(1), der(0x31, *digests), der(0x30, DATA, inside),
                        der(0xA0, *certificates), der(0x31, *infos))


def write(name, octets):
    with open(os.path.join("built", name), "wb") as file:
        file.write(octets)


CONTENT = load("content").replace(b"\n", b"\r\n")
TYPE = attribute("3", DATA)
NOON = der(0x17, b"211203000000Z")
TIME = attribute("5", NOON)
DIGEST = attribute("4", der(0x04, hashlib.sha256(CONTENT).digest()))
DIGEST_512 = attribute("4", der(0x04, hashlib.sha512(CONTENT).digest()))
USUAL = [TYPE, TIME, DIGEST]
USUAL_512 = [TYPE, TIME, DIGEST_512]


def broken_attributes(alice, chain):
    """Each breaks one rule; all are signed with the right key."""
    other_type = attribute("3", SIGNED)
    two_digests = attribute("4", der(0x04, hashlib.sha256(CONTENT).digest()), der(0x04, bytes(32)))
    many = [attribute(str(arc), number(0)) for arc in range(20, 90)]
    rows = {
        "built": USUAL,
        "no-time": [TYPE, DIGEST],
        "not-der": [DIGEST, TIME, TYPE],
        "no-type": [TIME, DIGEST],
        "two-types": [TIME, attribute("3", DATA, DATA), DIGEST],
        "type-twice": [TYPE, other_type, TIME, DIGEST],
        "type-differs": [other_type, TIME, DIGEST],
        "no-digest": [TYPE, TIME],
        "two-digests": [TYPE, TIME, two_digests],
        "two-times": [TYPE, attribute("5", NOON, NOON), DIGEST],
        "bad-time": [attribute("5", der(0x17, b"2112Z")), TYPE, DIGEST],
        "many-attributes": many + USUAL,
    }
    for name, attributes in rows.items():
        write(name + ".p7s", signed_data(chain, [SHA256], [alice.info(SHA256, RSA, attributes)]))
    unsigned = alice.info(SHA256, RSA, [TYPE, DIGEST], unsigned=der(0xA1, TIME))
    write("time-unsigned.p7s", signed_data(chain, [SHA256], [unsigned]))


def broken_algorithms(alice, chain):
    right = alice.info(SHA256, RSA, USUAL)
    write("algorithm-differs.p7s", signed_data(chain, [SHA256], [alice.info(SHA256, RSA_SHA512, USUAL)]))
    write("algorithm-unlisted.p7s", signed_data(chain, [SHA512], [right]))
    write("algorithm-unknown.p7s", signed_data(chain, [UNHEARD_OF], [alice.info(UNHEARD_OF, RSA, USUAL)]))


def strange_keys(alice, inter):
    """A key of 9,000 bits, which nobody has made, and one of an algorithm that there is not."""
    large = rsa.RSAPublicNumbers(65537, (1 << 8999) + 1).public_key()
    cert = (x509.CertificateBuilder().subject_name(alice.cert.subject).issuer_name(alice.cert.issuer)
            .not_valid_before(alice.cert.not_valid_before).not_valid_after(alice.cert.not_valid_after)
            .serial_number(alice.cert.serial_number).public_key(large).sign(alice.key, hashes.SHA256()))
    right = alice.info(SHA256, RSA, USUAL)
    write("key-too-large.p7s", signed_data([octets_of(cert), inter], [SHA256], [right]))
    strange = octets_of(alice.cert).replace(RSA, der(0x30, oid("1.2.840.113549.1.1.127"), NULL), 1)
    write("key-unreadable.p7s", signed_data([strange, inter], [SHA256], [right]))


def two_signers(alice, chain):
    """Alice's, and one of another text by somebody else; then only hers, of another text."""
    another = [TYPE, TIME, attribute("4", der(0x04, hashlib.sha256(b"Another text.\r\n").digest()))]
    old = Signer("old")
    infos = [alice.info(SHA256, RSA, USUAL), old.info(SHA256, RSA, another)]
    write("two-one-wrong.p7s", signed_data(chain + [octets_of(old.cert)], [SHA256], infos))
    write("other-text.p7s", signed_data(chain, [SHA256], [alice.info(SHA256, RSA, another)]))


def edwards(inter):
    """With RFC 9216's Carlos, under his own root or through the cross-signed one."""
    carlos = Signer("carlos")
    chain = [octets_of(carlos.cert)]
    cross = octets_of(certificate("ed25519-cross.pem"))
    right = carlos.info(SHA512, ED25519, USUAL_512)
    bare = carlos.info(SHA512, ED25519, [], bare=CONTENT)
    write("ed25519.p7s", signed_data(chain, [SHA512], [right]))
    write("ed25519-cross.p7s", signed_data(chain + [cross], [SHA512], [right]))
    write("ed25519-sha256.p7s", signed_data(chain, [SHA256], [carlos.info(SHA256, ED25519, USUAL)]))
    write("ed25519-bare.p7s", signed_data(chain, [SHA512], [bare]))
    write("ed25519-opaque.p7m", signed_data(chain, [SHA512], [right], CONTENT))
    write("ed25519-opaque-bare.p7m", signed_data(chain, [SHA512], [bare], CONTENT))
    write("ed25519-opaque-bare-other.p7m", signed_data(chain, [SHA512], [bare], CONTENT + b"x"))
    wrong = right[:-1] + bytes([right[-1] ^ 1])
    write("ed25519-wrong.p7s", signed_data(chain, [SHA512], [wrong]))
    curve = Signer("ed448")
    digest = attribute("4", der(0x04, hashlib.shake_256(CONTENT).digest(64)))
    info = curve.info(SHAKE256, ED448, [TYPE, TIME, digest])
    write("ed448.p7s", signed_data([octets_of(curve.cert), inter], [SHAKE256], [info]))


def other_kinds():
    inside = der(0x30, DATA, der(0xA0, der(0x04, CONTENT)))
    digest = der(0x04, hashlib.sha256(CONTENT).digest())
    zlib = der(0x30, oid("1.2.840.113549.1.9.16.3.8"))
    empty = der(0x30, DATA, der(0xA0, der(0x04, bytes.fromhex("789c030000000001"))))
    write("digested.p7m", content_info(DIGESTED, number(0), SHA256, inside, digest))
    write("compressed.p7m", content_info(COMPRESSED, number(0), zlib, empty))


def main():
    alice = Signer("alice")
    inter = octets_of(certificate("inter/crt"))
    chain = [octets_of(alice.cert), inter]
    os.mkdir("built")
    broken_attributes(alice, chain)
    broken_algorithms(alice, chain)
    strange_keys(alice, inter)
    two_signers(alice, chain)
    edwards(inter)
    other_kinds()


main()
