"""A mail CA, and CMS SignedData (RFC 5652, RFC 8551) that comes out the same each time: the signing time and the order of
attributes are ours, which no library's writer allows."""
import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = ("1.2.840.113549.1.9.%d" % n for n in (3, 4, 5))
SHA256, RSA = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.1"


def der(tag, *parts):
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts):
    return der(0x30, *parts)


def set_of(*parts):
    return der(0x31, *sorted(parts))


def oid(text):
    first, second, *arcs = map(int, text.split("."))
    out = bytes([40 * first + second])
    for arc in arcs:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.insert(0, arc & 0x7F | 0x80)
        out += bytes(septets)
    return der(0x06, out)


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(data):
    return der(0x04, data)


def usage(**given):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


class Authority:
    """A root and a mail CA below it."""

    def __init__(self, ring, label, organisation):
        self.organisation = organisation
        self.root_key, self.key = ring.rsa(label + " root"), ring.rsa(label + " mail")
        root_name = self.name("Root")
        self.root = self.certificate(root_name, self.root_key, root_name, self.root_key, 1, 2015, 2045, self.of_ca(None))
        self.issuing = self.certificate(self.name("Mail CA"), self.key, root_name, self.root_key, 2, 2015, 2045,
                                        self.of_ca(0))

    def name(self, common):
        return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organisation),
                          x509.NameAttribute(NameOID.COMMON_NAME, common)])

    @staticmethod
    def of_ca(path_length):
        return [(x509.BasicConstraints(True, path_length), True), (usage(key_cert_sign=True, crl_sign=True), True)]

    @staticmethod
    def certificate(subject, key, issuer, issuer_key, serial, first, last, extensions):
        public, above = key.private.public_key(), issuer_key.private.public_key()
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
                   .serial_number(serial).not_valid_before(datetime.datetime(first, 1, 1))
                   .not_valid_after(datetime.datetime(last, 1, 1)))
        for extension, is_critical in extensions + [
                (x509.SubjectKeyIdentifier.from_public_key(public), False),
                (x509.AuthorityKeyIdentifier.from_issuer_public_key(above), False)]:
            builder = builder.add_extension(extension, is_critical)
        return builder.sign(issuer_key.private, hashes.SHA256())

    def person(self, key, name, address, serial, first, last):
        return self.certificate(self.name(name), key, self.issuing.subject, self.key, serial, first, last, [
            (x509.BasicConstraints(False, None), True), (usage(digital_signature=True, content_commitment=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
            (x509.SubjectAlternativeName([x509.RFC822Name(address)]), False)])


def to_der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def to_pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def signed_data(content, key, certificate, issuing, second, is_detached):
    """(SignedData, signed attributes as a SET, signature) over content, which has CRLF."""
    moment = datetime.datetime.fromtimestamp(second, datetime.timezone.utc)
    attributes = set_of(
        sequence(oid(CONTENT_TYPE), set_of(oid(DATA))),
        sequence(oid(SIGNING_TIME), set_of(der(0x17, moment.strftime("%y%m%d%H%M%SZ").encode()))),
        sequence(oid(MESSAGE_DIGEST), set_of(octets(hashlib.sha256(content).digest()))))
    signature = key.sign(attributes)
    sha256 = sequence(oid(SHA256), der(0x05))
    signer = sequence(
        integer(1), sequence(certificate.issuer.public_bytes(), integer(certificate.serial_number)), sha256,
        b"\xa0" + attributes[1:], sequence(oid(RSA), der(0x05)), octets(signature))
    inside = b"" if is_detached else der(0xA0, octets(content))
    whole = sequence(oid(SIGNED_DATA), der(0xA0, sequence(
        integer(1), set_of(sha256), sequence(oid(DATA), inside),
        der(0xA0, *sorted([to_der(certificate), to_der(issuing)])), set_of(signer))))
    return whole, attributes, signature
