#!/usr/bin/env python3
"""A second opinion on every DKIM signature of these sets, made without kantei.

    second.py answers.tsv           compares; says what differs, and fails then
    second.py --print answers.tsv   prints the three answers it comes to

Body hash, header signature and key of each row are worked out step by step from RFC 6376 (3.4, 3.7,
5.4.2, 6.1), RFC 8301 and RFC 8463, with big numbers for RSA and the cryptography package for
Ed25519. Nothing is fast here, and nothing is shared with src/auth.
"""
import base64
import binascii
import hashlib
import json
import os
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

CORPORA = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DIGEST_INFO = {"sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
               "sha1": bytes.fromhex("3021300906052b0e03021a05000414")}
MOST_BITS = 8192


# --- the message

def split_message(octets):
    """Its header fields, each with its line end, and its body; line ends are CRLF."""
    octets = re.sub(rb"\r?\n", b"\r\n", octets)
    header, gap, body = octets.partition(b"\r\n\r\n")
    if octets.startswith(b"\r\n"):
        header, body = b"", octets[2:]
    fields = re.findall(rb"[^\r\n][^\n]*\r\n(?:[ \t][^\n]*\r\n)*", header + b"\r\n")
    return fields, body if gap or octets.startswith(b"\r\n") else b""


def name_of(field):
    return field.partition(b":")[0].strip().lower()


def canonical_body(body, how):
    lines = body.split(b"\r\n")
    if how == b"relaxed":
        lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in lines]
    while lines and lines[-1] == b"":
        lines.pop()
    text = b"".join(line + b"\r\n" for line in lines)
    return text if text or how == b"relaxed" else b"\r\n"


def canonical_field(field, how):
    if how == b"simple":
        return field
    name, _, value = field.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip().lower() + b":" + value + b"\r\n"


# --- tags

def tags_of(text):
    """The tag list, or None where it is none (3.2)."""
    tags = {}
    for part in text.split(b";"):
        if not part.strip():
            continue
        name, equals, value = part.partition(b"=")
        name = name.strip()
        if not equals or not re.fullmatch(rb"[A-Za-z][A-Za-z0-9_]*", name) or name in tags:
            return None
        tags[name] = value.strip()
    return tags


def unbase64(text):
    try:
        return base64.b64decode(re.sub(rb"\s", b"", text), validate=True)
    except binascii.Error:
        return None


def listed(text):
    return [item.strip() for item in text.split(b":")]


# --- the key

def load_key(tags):
    """What p= holds, or None."""
    octets = unbase64(tags[b"p"])
    if octets is None:
        return None
    try:
        if tags.get(b"k", b"rsa") == b"ed25519":
            return Ed25519PublicKey.from_public_bytes(octets)
        try:
            key = load_der_public_key(octets)
        except ValueError:
            key = load_der_public_key(spki_of(octets))
        is_rsa = isinstance(key, RSAPublicKey)
        return key if is_rsa and key.key_size <= MOST_BITS else None
    except ValueError:
        return None


def der(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def spki_of(rsa_public_key):
    """An RSAPublicKey with what a SubjectPublicKeyInfo has around it."""
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return der(0x30, algorithm + der(0x03, b"\0" + rsa_public_key))


def examine_record(text, kind, digest):
    """(status, key) of one TXT record."""
    tags = tags_of(text)
    if tags is None or tags.get(b"v", b"DKIM1") != b"DKIM1" or (b"v" in tags and list(tags)[0] != b"v"):
        return "unusable", None
    if b"p" not in tags:
        return "unusable", None
    if tags[b"p"] == b"":
        return "revoked", None
    if tags.get(b"k", b"rsa") not in (b"rsa", b"ed25519"):
        return "unusable", None
    key = load_key(tags)
    if key is None or tags.get(b"k", b"rsa") != kind:
        return "unusable", None
    fits = (digest in listed(tags.get(b"h", b"sha1:sha256")) and
            not {b"*", b"email"}.isdisjoint(listed(tags.get(b"s", b"*"))) and
            (kind == b"ed25519" or key.key_size >= 1024))
    return "found" if fits else "unusable", key


def find_key(dns, name, kind, digest):
    types = dns.get(name.decode().lower())
    if types is None:
        return "missing", None
    if "ERR" in types or "TXT" in types.get("ERRS", {}):
        return "unknown", None
    records = ["".join(r) if isinstance(r, list) else r for r in types.get("TXT", [])]
    if not records:
        return "missing", None
    return examine_record(records[0].encode(), kind, digest)


# --- the signature

def rsa_answer(key, digest, header_hash, signature):
    """Takes the signature back and looks at what was signed."""
    numbers = key.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= numbers.n:
        return "invalid"
    opened = pow(number, numbers.e, numbers.n).to_bytes(size, "big")
    info = DIGEST_INFO[digest]
    length = hashlib.new(digest).digest_size
    padding = b"\0\1" + b"\xff" * (size - 3 - len(info) - length) + b"\0" + info
    if opened[:-length] != padding:
        return "invalid"
    return "valid" if opened[-length:] == header_hash else "altered"


def ed25519_answer(key, header_hash, signature):
    try:
        key.verify(signature, header_hash)
    except InvalidSignature:
        return "invalid"
    return "valid"


def header_text(fields, index, names, how):
    """Hash step 2 of 3.7: each name's instances from the bottom, then the signature itself."""
    left = {}
    for i, field in enumerate(fields):
        left.setdefault(name_of(field), []).append(i)
    text = b""
    for name in names:
        if left.get(name):
            text += canonical_field(fields[left[name].pop()], how)
    name, _, value = fields[index].partition(b":")
    bare = re.sub(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*", rb"\1", value.rstrip(b"\r\n"))
    return text + canonical_field(name + b":" + bare + b"\r\n", how)[:-2]


def answers_of(fields, body, index, dns):
    tags = tags_of(fields[index].partition(b":")[2])
    if tags is None:
        return "unchecked", "unchecked", "unknown"
    kind, _, digest = tags.get(b"a", b"").partition(b"-")
    header_how, _, body_how = tags.get(b"c", b"simple/simple").partition(b"/")
    known = (kind, digest) in ((b"rsa", b"sha256"), (b"rsa", b"sha1"), (b"ed25519", b"sha256"))
    hasher = digest.decode() if known else None
    body_answer = "unchecked"
    claimed = unbase64(tags[b"bh"]) if b"bh" in tags else None
    if hasher and claimed:
        text = canonical_body(body, body_how or b"simple")[:int(tags.get(b"l", b"9" * 18))]
        same = hashlib.new(hasher, text).digest() == claimed
        body_answer = "match" if same else "mismatch"
    status, key = "unknown", None
    if b"s" in tags and b"d" in tags:
        status, key = find_key(dns, tags[b"s"] + b"._domainkey." + tags[b"d"], kind, digest)
    signature = unbase64(tags[b"b"]) if tags.get(b"b") else None
    if key is None or signature is None or b"h" not in tags or not hasher:
        return body_answer, "unchecked", status
    names = [name.lower() for name in listed(tags[b"h"])]
    header = hashlib.new(hasher, header_text(fields, index, names, header_how)).digest()
    if kind == b"ed25519":
        return body_answer, ed25519_answer(key, header, signature), status
    return body_answer, rsa_answer(key, hasher, header, signature), status


# --- the table

def rows_of(path):
    with open(path, encoding="utf-8") as table:
        for line in table:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def overrides():
    """What a row of dkim_verifier's table puts in the place of the DNS, by its title."""
    path = os.path.join(CORPORA, "dkim/dkim_verifier/expected.tsv")
    return {row[1]: row[5].split(" TXT ", 1) for row in rows_of(path) if len(row) > 5 and " TXT " in row[5]}


def dns_of(message, variant):
    zone_path = os.path.join(CORPORA, *message.split("/")[:2], "dns.json")
    with open(zone_path, encoding="utf-8") as zone:
        dns = {name.lower(): types for name, types in json.load(zone).items()}
    if "=" in variant:
        name, path = variant.split("=")
        with open(os.path.join(CORPORA, path), encoding="utf-8") as record:
            dns[name] = {"TXT": [record.read().strip()]}
    elif variant != "-":
        name, text = overrides()[variant]
        dns[name] = {"TXT": [text]}
    return dns


def second(message, variant, number):
    with open(os.path.join(CORPORA, message), "rb") as stored:
        fields, body = split_message(stored.read())
    own = [i for i, field in enumerate(fields) if name_of(field) == b"dkim-signature"]
    return answers_of(fields, body, own[number], dns_of(message, variant))


def main():
    failed = False
    for row in rows_of(sys.argv[-1]):
        answers = list(second(row[0], row[1], int(row[2])))
        if sys.argv[1] == "--print":
            print("\t".join(row[:3] + answers))
        elif answers != row[3:6]:
            print("%s %s %s: %s, not %s" % (*row[:3], " ".join(answers), " ".join(row[3:6])))
            failed = True
    sys.exit(failed)


main()
