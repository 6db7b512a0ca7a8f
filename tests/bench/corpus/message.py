"""One message: what is sent, what happens to it on its way, what every check has to say of it, and the work that no
checker can be spared, for the floors."""
import base64
import datetime
import re
import struct

import content
import smime
from keys import signer, stream
from world import pick

RECEIVER = "mx.receiver.example"
FIRST, SPAN = 1736121600, 150 * 86400  # from 2025-01-06 on
SIZES = {5000: 50, 30000: 35, 100000: 15}
WAYS = {"direct": 84, "forwarded": 7, "list": 7, "spoof": 2}
PLANS = {"relaxed/relaxed": 46, "relaxed/simple": 5, "simple/simple": 6, "simple/relaxed": 1, "ed25519": 5,
         "two signers": 8, "two algorithms": 4, "broken body": 4, "broken header": 2, "length": 1, "missing": 1,
         "revoked": 1, "expired": 1, "unsigned": 15}
CHAINS = {"one": 70, "two": 15, "broken body": 5, "broken seal": 5, "gap": 5}
SMIME_SHARE = 0.15
SMIME_PLANS = {"good": 88, "tampered": 4, "untrusted": 3, "expired": 2, "other address": 3}
SIGNED = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
          "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id")
GOOD, EXPIRED, UNTRUSTED = 40, 3, 3
ADDED = b"\r\nChecked by the gateway of the office\r\n"


class Person:
    """Who signs with S/MIME."""

    def __init__(self, authority, ring, number, brand, years):
        self.brand, self.name = brand, "Person %d" % number
        self.address, self.key = "person%d@%s" % (number, brand.domain), ring.rsa("person %d" % number)
        self.certificate = authority.person(self.key, self.name, self.address, 1000 + number, *years)
        self.issuing = authority.issuing


class People:
    LABELS = ["ca root", "ca mail", "rogue root", "rogue mail"] + [
        "person %d" % n for n in range(GOOD + EXPIRED + UNTRUSTED)]

    def __init__(self, seed, ring, brands):
        rng = stream(seed, "people")
        self.authority = smime.Authority(ring, "ca", "Bench Mail Trust")
        rogue = smime.Authority(ring, "rogue", "Unknown Trust")
        kinds = ["good"] * GOOD + ["expired"] * EXPIRED + ["untrusted"] * UNTRUSTED
        self.of_kind = {"good": [], "expired": [], "untrusted": []}
        for number, kind in enumerate(kinds):
            self.of_kind[kind].append(Person(rogue if kind == "untrusted" else self.authority, ring, number,
                                             rng.choice(brands), (2016, 2018) if kind == "expired" else (2020, 2040)))


def mail_date(second):
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S +0000")


def field_of(name, value):
    return ("%s: %s\r\n" % (name, value)).encode()


def name_of(field):
    return field.split(b":", 1)[0].lower().decode()


def spoil(octets, start, end):
    """One octet near the middle becomes another: no canonicalisation hides it."""
    at = next((i for i in range((start + end) // 2, end) if octets[i] > 0x20), start)
    return octets[:at] + (b"y" if octets[at:at + 1] == b"x" else b"x") + octets[at + 1:]


def covered(fields, names, form, field):
    """What a signature signs; field ends in "b=" and its line end."""
    data = b"".join(signer.canonical_field(f, form) for f in signer.chosen_fields(fields, names))
    return data + signer.canonical_field(field, form)[:-2]


def folded(signature):
    text = base64.b64encode(signature)
    return b"\r\n\t".join(text[i:i + 72] for i in range(0, len(text), 72)) + b"\r\n"


class Signature:
    def __init__(self, key, domain, result, names, forms, length, field):
        self.key, self.domain, self.result, self.names, self.forms = key, domain, result, names, forms
        self.length, self.field, self.octets = length, field, b""
        self.has_key = result != "permerror"


class Draft:
    def __init__(self, world, people, seed, number):
        self.world, self.people, self.number = world, people, number
        self.rng = rng = stream(seed, "message", number)
        self.at = FIRST + number * 97 % SPAN
        self.brand = rng.choices(world.brands, world.weights)[0]
        self.way, self.plan, self.size = pick(rng, WAYS), pick(rng, PLANS), pick(rng, SIZES) * rng.uniform(0.7, 1.3)
        if self.way == "list" and self.plan in ("missing", "revoked"):  # a matter of which fault is named
            self.plan = "unsigned"
        self.signatures, self.seals, self.arc, self.smime, self.cms, self.person = [], [], "none", "none", None, None
        self.write()

    def write(self):
        rng = self.rng
        self.language, part_fields, self.body = content.letter(rng, self.size)
        self.author = self.brand.domain if rng.random() < 0.85 else "news." + self.brand.domain
        sender = "%s <news@%s>" % (self.brand.name, self.author)
        if self.way != "spoof" and rng.random() < SMIME_SHARE:
            part_fields, sender = self.sign_smime(part_fields)
        self.message_id = "<%016x.%d@%s>" % (rng.getrandbits(64), self.number, self.author)
        token = "%032x" % rng.getrandbits(128)
        fields = [("Date", mail_date(self.at)), ("From", sender), ("Reply-To", "reply-%s@%s" % (token[:8], self.brand.domain)),
                  ("To", "reader@receiver.example"), ("Message-ID", self.message_id),
                  ("Subject", content.subject(rng, self.language)), ("MIME-Version", "1.0")] + part_fields
        if not self.person:
            fields += [("List-Unsubscribe", "<https://click.%s/u?t=%s>,\r\n\t<mailto:leave-%s@%s>" % (
                self.brand.domain, token, token, self.brand.domain)), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ("List-Id", "%s weekly <weekly.%s>" % (self.brand.name, self.brand.domain))]
        self.fields = [field_of(*f) for f in fields]

    def sign_smime(self, part_fields):
        """(fields of the whole, From)"""
        rng, plan = self.rng, pick(self.rng, SMIME_PLANS)
        self.person = person = rng.choice(self.people.of_kind.get(plan, self.people.of_kind["good"]))
        self.brand, self.author = person.brand, person.brand.domain
        inner, is_detached = content.entity(part_fields, self.body), rng.random() < 0.9 or plan == "tampered"
        cms, attributes, signature = smime.signed_data(inner, person.key, person.certificate, person.issuing, self.at, is_detached)
        if is_detached:
            parts = [inner, content.attachment("smime.p7s", "application/pkcs7-signature", cms)]
            fields, self.body = content.multipart(rng, "signed", parts,
                                                  ';\r\n\tprotocol="application/pkcs7-signature"; micalg=sha-256')
            if plan == "tampered":
                start = self.body.index(inner)
                head_end = start + inner.index(b"\r\n\r\n")
                self.body, inner = spoil(self.body, head_end, start + len(inner)), spoil(inner, head_end - start, len(inner))
        else:
            fields, self.body = [("Content-Type", "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"),
                                 ("Content-Transfer-Encoding", "base64")], content.base64_lines(cms)
            if self.plan in ("broken body", "length"):  # what is put behind the base64 would spoil it
                self.plan = "broken header"
        self.cms = (is_detached, person.key, inner, cms, attributes, signature)
        self.smime = {"good": "pass", "tampered": "fail"}.get(plan, "policy")  # right, but not by or for whom it should be
        address = "else.%s" % person.address if plan == "other address" else person.address
        return fields, "%s <%s>" % (person.name, address)

    # --- signatures

    def put_signature(self, kind, key, domain, selector, forms, tags, result="pass", length=None):
        names = [n for n in SIGNED if any(name_of(f) == n.lower() for f in self.fields)]
        if kind == "DKIM-Signature" and self.rng.random() < 0.3:
            names.insert(1, "From")  # one more than there is, so that none can be added
        field = field_of(kind, "%s; a=%s-sha256; d=%s; s=%s;\r\n\tc=%s; %sh=%s;\r\n\tbh=%s;\r\n\tb=" % (
            tags[0], key.algorithm, domain, selector, "/".join(forms), "".join(t + "; " for t in tags[1:]),
            ":\r\n\t ".join(":".join(names[i:i + 5]) for i in range(0, len(names), 5)),
            signer.body_hash(self.body, forms[1], length)))
        made = Signature(key, domain, result, names, forms, length, field)
        made.octets = key.sign(covered(self.fields, names, forms[0], field))
        self.fields.insert(0, field[:-2] + folded(made.octets))
        return made

    def sign_dkim(self, key, domain, selector, forms=("relaxed", "relaxed"), result="pass", length=None, more=()):
        tags = ["v=1", "t=%d" % self.at] + list(more)
        self.signatures.append(self.put_signature("DKIM-Signature", key, domain, selector, forms, tags, result, length))

    def sign_as_planned(self):
        brand, plan, domain = self.brand, self.plan, self.brand.domain
        if plan == "unsigned":
            return
        if plan in ("ed25519", "two algorithms"):
            self.sign_dkim(brand.ed_key, domain, "ed1")
        if plan in ("missing", "revoked"):
            self.sign_dkim(brand.key, domain, "gone" if plan == "missing" else "old", result="permerror")
        elif plan == "expired":
            self.sign_dkim(brand.key, domain, brand.selector, result="fail", more=["x=%d" % (self.at + 1)])
        elif plan == "length":
            length = len(signer.canonical_body(self.body, "relaxed"))
            self.sign_dkim(brand.key, domain, brand.selector, length=length, result="policy", more=["l=%d" % length])
            self.body += ADDED
        elif plan != "ed25519":
            forms = plan.split("/") if "/" in plan else ["relaxed", "relaxed"]
            self.sign_dkim(brand.key, domain, brand.selector, forms)
        if plan == "two signers":
            provider = brand.providers[0]
            self.sign_dkim(provider.key, provider.domain, provider.selector)
        if plan == "broken body":
            self.body += ADDED
        if plan == "broken header":
            self.tag_subject(b"[checked] ")
        if plan in ("broken body", "broken header"):
            self.spoil_signatures()

    def spoil_signatures(self):
        for signature in self.signatures:
            if signature.result in ("pass", "policy"):
                signature.result = "fail"

    def tag_subject(self, tag):
        self.fields = [f.replace(b": ", b": " + tag, 1) if name_of(f) == "subject" else f for f in self.fields]

    # --- the way

    def put_received(self, host, by, seconds):
        shown = "IPv6:" + host.ip if ":" in host.ip else host.ip
        self.fields.insert(0, field_of("Received", "from %s (%s [%s])\r\n\tby %s (Postfix) with ESMTPS id %010X\r\n"
                                       "\tfor <reader@receiver.example>; %s" % (
                                           host.helo, host.helo, shown, by, self.rng.getrandbits(40), mail_date(self.at + seconds))))

    def seal(self, host, instance, chain):
        """RFC 8617, 5.1"""
        before = [f for f in self.fields if name_of(f).startswith("arc-")]
        results = field_of("ARC-Authentication-Results", "i=%d; %s;\r\n\tspf=pass smtp.mailfrom=%s;\r\n\tdkim=pass header.d=%s"
                           % (instance, host.domain, self.brand.sender.domain, self.brand.domain))
        made = self.put_signature("ARC-Message-Signature", host.key, host.domain, host.selector, ["relaxed", "relaxed"],
                                  ["i=%d" % instance, "t=%d" % (self.at + 3 * instance)])
        seal = field_of("ARC-Seal", "i=%d; a=rsa-sha256; t=%d; cv=%s; d=%s; s=%s;\r\n\tb=" % (
            instance, self.at + 3 * instance, chain, host.domain, host.selector))
        sealed = list(reversed(before)) if instance == 1 else [before[i] for i in (2, 1, 0)]
        data = b"".join(signer.canonical_field(f, "relaxed") for f in sealed + [results, self.fields[0]])
        data += signer.canonical_field(seal, "relaxed")[:-2]
        signature = host.key.sign(data)
        self.seals.append([host.key, data, signature])
        self.message_seal = made
        self.fields[:0] = [seal[:-2] + folded(signature)]
        self.fields.insert(2, results)

    def through_list(self):
        rng = self.rng
        first, second = rng.sample(self.world.lists, 2)
        chain = pick(rng, CHAINS)
        self.put_received(self.brand.hosts[0], first.domain, 2)
        inner = [f for f in self.fields if name_of(f).startswith("content-")]
        footer = content.entity([("Content-Type", "text/plain")], b"_______\r\nreaders mailing list\r\n")
        self.smime = "policy" if self.cms else "none"  # a signature below the root covers a part only
        fields, self.body = content.multipart(rng, "mixed", [b"".join(inner) + b"\r\n" + self.body, footer])
        self.fields = [f for f in self.fields if f not in inner] + [field_of(*f) for f in fields]
        self.tag_subject(b"[readers] ")
        self.spoil_signatures()
        if rng.random() < 0.6:
            self.sign_dkim(first.key, first.domain, first.selector)
        self.seal(first, 1, "none")
        last = first
        if chain in ("two", "gap"):
            self.put_received(first.host, second.domain, 5)
            self.seal(second, 2, "pass")
            last = second
        self.arc = "pass" if chain in ("one", "two") else "fail"
        self.break_chain(chain)
        return last.host, "bounces@" + last.domain, "pass", last.domain

    def break_chain(self, chain):
        if chain == "broken body":
            self.body += ADDED
            self.spoil_signatures()
        elif chain == "broken seal":
            at = next(i for i, f in enumerate(self.fields) if name_of(f) == "arc-seal")
            field = self.fields[at]
            self.fields[at] = field[:-50] + (b"B" if field[-50:-49] == b"A" else b"A") + field[-49:]
            self.seals[-1][2] = base64.b64decode(self.fields[at].partition(b"\tb=")[2])
        elif chain == "gap":
            self.fields = [f for f in self.fields if not re.match(rb"(?i)arc-[a-z-]+: i=1;", f)]
            self.seals = []

    def travel(self):
        """(last host, MAIL FROM, SPF's result, the domain that it speaks of)"""
        rng, brand, sender = self.rng, self.brand, self.brand.sender
        mail_from = "bounce-%010x-reader=receiver.example@%s" % (rng.getrandbits(40), sender.domain)
        if self.way == "spoof":
            if rng.random() < 0.3:
                other = rng.choice([b for b in self.world.brands if b is not brand])
                self.sign_dkim(other.key, other.domain, other.selector)
            return rng.choice(self.world.strangers), mail_from, sender.otherwise, sender.domain
        self.sign_as_planned()
        if self.way == "list":
            return self.through_list()
        host = rng.choice(sender.hosts)
        if self.way == "forwarded":
            forwarder = rng.choice(self.world.strangers)
            self.put_received(host, forwarder.helo, 2)
            return forwarder, mail_from, sender.otherwise, sender.domain
        if rng.random() < 0.012:
            return host, "", host.helo_result, host.helo
        return host, mail_from, sender.authorised, sender.domain

    def finish(self):
        """(row of expected.csv, MAIL FROM, second, message with CRLF, work)"""
        host, mail_from, spf, spf_domain = self.travel()
        self.put_received(host, RECEIVER, 8)
        self.fields.insert(0, field_of("Return-Path", "<%s>" % mail_from))
        passed = [("dkim", s.domain) for s in self.signatures if s.result == "pass"] + [("spf", spf_domain)] * (spf == "pass")
        results = [s.result for s in self.signatures] + ["none"]
        row = dict(number=self.number, message_id=self.message_id, spf=spf,
                   dkim=next(r for r in ("pass", "policy", "fail", "permerror", "none") if r in results),
                   dmarc=self.brand.dmarc.judge(self.author, passed), smime=self.smime, arc=self.arc,
                   length_tag=int(self.plan == "length"), client_ip=host.ip, helo=host.helo, mail_from=mail_from)
        return row, mail_from, self.at + 8, b"".join(self.fields) + b"\r\n" + self.body, self.work()

    # --- the floors' list

    def work(self):
        bodies, checks = {}, []
        signatures = [s for s in self.signatures if s.has_key] + ([self.message_seal] if self.seals else [])
        for s in signatures:
            canonical = signer.canonical_body(self.body, s.forms[1])
            bodies[canonical if s.length is None else canonical[:s.length]] = True
            checks.append((s.key, covered(self.fields, s.names, s.forms[0], s.field), s.octets))
        checks += self.seals
        out = struct.pack("<III", len(bodies), len(checks), 1 if self.cms else 0)
        out += b"".join(map(blob, bodies))
        for key, data, octets in checks:
            out += struct.pack("<I", key.number) + blob(data) + blob(octets)
        if self.cms:
            is_detached, key, inner, cms, attributes, signature = self.cms
            out += struct.pack("<II", key.number, is_detached) + b"".join(map(blob, (inner, cms, attributes, signature)))
        return out


def blob(octets):
    return struct.pack("<I", len(octets)) + octets
