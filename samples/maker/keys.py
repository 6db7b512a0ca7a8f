"""Keys and certificates. Private keys are kept in samples/keys, so that every run gives the same octets."""
import base64
import datetime
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER


class Keys:
    def __init__(self, folder):
        self.folder = folder
        self.cache = {}

    def private(self, name, bits):
        """The private key of that name (bits 0: Ed25519); made when it is not there yet."""
        if name in self.cache:
            return self.cache[name]
        path = os.path.join(self.folder, name + ".key")
        if not os.path.exists(path):
            key = rsa.generate_private_key(65537, bits) if bits else ed25519.Ed25519PrivateKey.generate()
            with open(path, "wb") as out:
                out.write(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        with open(path, "rb") as file:
            self.cache[name] = serialization.load_pem_private_key(file.read(), None)
        return self.cache[name]

    def for_dkimpy(self, name, bits):
        """In the form that dkimpy takes: PKCS#1, or the seed in base64."""
        key = self.private(name, bits)
        if bits == 0:
            return base64.b64encode(key.private_bytes(
                serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()))
        return key.private_bytes(PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())

    def dkim_record(self, name, bits, more=""):
        public = self.private(name, bits).public_key()
        if bits == 0:
            octets = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return "v=DKIM1; k=ed25519; %sp=%s" % (more, base64.b64encode(octets).decode())
        octets = public.public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return "v=DKIM1; k=rsa; %sp=%s" % (more, base64.b64encode(octets).decode())


def name_of(common, organization="Kantei Sample Trust"):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
                      x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(**given):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


class Authority:
    """A root, an issuing authority below it, and the certificates that it gives to signers."""

    def __init__(self, keys):
        self.keys = keys
        self.serial = 0x1001
        self.root = self.authority("ca-root", "Kantei Sample Root CA", "ca-root", None, 1, 2020, 2040)
        self.issuing = self.authority("ca-issuing", "Kantei Sample Mail CA 1", "ca-root", self.root, 0, 2020, 2032)

    def builder(self, subject, issuer, public, first, last):
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
                   .serial_number(self.serial).not_valid_before(first).not_valid_after(last))
        self.serial += 1
        return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)

    def authority(self, key, common, signer, issuer, path, first, last):
        public = self.keys.private(key, 2048).public_key()
        builder = self.builder(name_of(common), issuer.subject if issuer else name_of(common), public,
                               datetime.datetime(first, 1, 1), datetime.datetime(last, 1, 1))
        builder = builder.add_extension(x509.BasicConstraints(True, path), True)
        builder = builder.add_extension(usage(key_cert_sign=True, crl_sign=True), True)
        if issuer:
            builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
                self.keys.private(signer, 2048).public_key()), False)
        return builder.sign(self.keys.private(signer, 2048), hashes.SHA256())

    def certificate(self, key, common, address):
        public = self.keys.private(key, 2048).public_key()
        issuer = self.keys.private("ca-issuing", 2048)
        builder = self.builder(name_of(common, "Kantei Sample Senders"), self.issuing.subject, public,
                               datetime.datetime(2021, 1, 1), datetime.datetime(2022, 12, 31, 23, 59, 59))
        for extension, is_critical in (
                (x509.BasicConstraints(False, None), True),
                (usage(digital_signature=True, content_commitment=True, key_encipherment=True), True),
                (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
                (x509.SubjectAlternativeName([x509.RFC822Name(address)]), False),
                (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), False)):
            builder = builder.add_extension(extension, is_critical)
        return builder.sign(issuer, hashes.SHA256())
