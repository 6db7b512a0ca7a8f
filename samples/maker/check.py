"""Whether the samples are what they are meant to be, by programs that are not ours."""
import collections
import os
import re
import subprocess
import tempfile
import zlib

import dkim
import spf

from . import ministries

EXPECTED = {"xoox": 30, "xoxx": 21, "ooxx": 12, "xooo": 6, "xoxo": 1, "xxox": 1, "xxxx": 1}
DMARC = {"pass": 7, "none": 38, "fail": 5, "permerror": 3, "bestguesspass": 19}

# What holds of the incident's files: SPF, and each DKIM signature from the top. dkimpy refuses a message with two From
# fields (RFC 6376, 8.15), although the signature of the lower one is right.
INCIDENT = {
    "genuine": ("pass", [True]), "exact-domain-spoof": ("fail", []), "lookalike-domain": ("pass", [True]),
    "display-name-spoof": ("pass", [True]), "two-from-fields": ("pass", [False]),
    "forwarded": ("fail", [True]), "mailing-list": ("pass", [True, False]),
    "altered-body": ("pass", [False]), "key-gone": ("pass", [False]),
    "length-tag-appended": ("pass", [True]), "signature-expired": ("pass", [False]),
    "smime-other-signer": ("pass", []), "replay": ("pass", [True]), "outlook-rewritten": ("pass", [False])}


class Complaints:
    def __init__(self):
        self.count = 0

    def unless(self, good, *what):
        if not good:
            self.count += 1
            print("not as meant:", *what)


def txt_of(zone):
    def answer(name, timeout=None):
        text = "".join(zone.values(name.decode(), "TXT"))
        return text.encode() if text else None
    return answer


def spf_result(zone, ip, sender, helo):
    def lookup(name, kind, *unused, **also_unused):
        name = name.rstrip(".").lower()
        found = zone.chain(name, kind)
        return [((owner, k), value if k != "MX" else (10, value)) if k != "TXT" else ((owner, k), (value.encode(),))
                for owner, k, value in found]
    spf.DNSLookup = lookup
    return spf.check2(i=ip, s=sender, h=helo)[0]


def dkim_results(zone, message):
    """Of every signature, from the top."""
    checker = dkim.DKIM(message, minkey=512)
    count = len(re.findall(rb"(?im)^dkim-signature:", message.partition(b"\r\n\r\n")[0]))
    out = []
    for index in range(count):
        try:
            out.append(bool(checker.verify(idx=index, dnsfunc=txt_of(zone))))
        except dkim.DKIMException:
            out.append(False)
    return out


def signed_domains(message):
    head = message.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    return [m.group(1).decode() for m in re.finditer(rb"(?im)^dkim-signature:.*?\bd=([^;\s]+)", head)]


def organization(domain):
    """Right for names one below .example, which is all there is here."""
    return ".".join(domain.split(".")[-2:])


def dmarc_result(zone, author, passed):
    """passed: domains that SPF or DKIM passed for."""
    aligned = [d for d in passed if organization(d) == organization(author)]
    found = zone.values("_dmarc." + author, "TXT")
    if not found:
        return "bestguesspass" if aligned else "none"
    specs = [s.strip() for s in found[0].split(";") if "=" in s]
    names = [s.partition("=")[0].strip() for s in specs]
    if len(set(names)) != len(names):
        return "permerror"
    if "aspf=s" in found[0]:
        aligned = [d for d in aligned if d == author]
    return "pass" if aligned else "fail"


def smime_result(message, root, at):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "message")
        with open(path, "wb") as out:
            out.write(message)
        with open(path + ".pem", "wb") as out:
            out.write(root)
        command = ["openssl", "cms", "-verify", "-in", path, "-inform", "SMIME", "-CAfile", path + ".pem",
                   "-purpose", "smimesign", "-attime", str(at), "-signer", path + ".crt", "-out", os.devnull]
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            return None
        shown = subprocess.run(["openssl", "x509", "-in", path + ".crt", "-noout", "-ext", "subjectAltName"],
                               stdout=subprocess.PIPE, check=True)
        return shown.stdout.decode().partition("email:")[2].strip()


def split_mbox(octets):
    """The messages with CRLF, the quoting of mboxrd undone."""
    starts = [m.start() for m in re.finditer(rb"(?m)^From ", octets)] + [len(octets)]
    for start, end in zip(starts, starts[1:]):
        text = octets[start:end].partition(b"\n")[2][:-1]
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", text).replace(b"\n", b"\r\n")


def check_letter(complaints, zone, letter, hop, message, root):
    spf_word = spf_result(zone, hop["ip"], hop["mail_from"], hop["helo"])
    good = dkim_results(zone, message)
    passed = [d for d, is_good in zip(signed_domains(message), good) if is_good]
    if spf_word == "pass":
        passed.append(hop["mail_from"].partition("@")[2])
    dmarc_word = dmarc_result(zone, letter["domain"], passed)
    signer = smime_result(message, root, letter["at"]) if letter["smime"] else None
    is_signed = signer is not None and signer == letter["from"]
    dkim_expected = [word == "pass" for word, _, _ in ministries.dkim_words(letter)]
    complaints.unless(spf_word == letter["spf"], letter["domain"], "SPF", spf_word, "not", letter["spf"])
    complaints.unless(good == dkim_expected, letter["domain"], "DKIM", good, "not", dkim_expected)
    complaints.unless(dmarc_word == letter["dmarc"], letter["domain"], "DMARC", dmarc_word, "not", letter["dmarc"])
    complaints.unless(is_signed == bool(letter["smime"]), letter["domain"], "S/MIME", signer)
    marks = (is_signed, spf_word == "pass", any(good), dmarc_word == "pass")
    return "".join("o" if mark else "x" for mark in marks), dmarc_word


def check_ministries(complaints, zone, letters, mbox, root):
    messages = list(split_mbox(mbox))
    complaints.unless(len(messages) == 72, "messages", len(messages))
    found = [check_letter(complaints, zone, letter, hop, message, root)
             for (letter, hop, _), message in zip(letters, messages)]
    for (letter, _, made), message in zip(letters, messages):
        complaints.unless(made == message, letter["domain"], "does not come out of the mbox as it went in")
    complaints.unless(dict(collections.Counter(f[0] for f in found)) == EXPECTED, "patterns",
                      collections.Counter(f[0] for f in found))
    complaints.unless(dict(collections.Counter(f[1] for f in found)) == DMARC, "DMARC",
                      collections.Counter(f[1] for f in found))
    complaints.unless(len({letter["from"] for letter, _, _ in letters}) == 72, "senders are not 72")


def check_incident(complaints, zone, files):
    names = {os.path.basename(p)[:-4]: octets for p, octets in files.items() if p.startswith("incident/")}
    complaints.unless(set(names) == set(INCIDENT), "files of the incident", sorted(names))
    for name, octets in names.items():
        message = octets.replace(b"\n", b"\r\n")
        sender = re.search(rb"Return-Path: <(.*?)>", message).group(1).decode()
        helo, ip = re.search(rb"(?m)^Received: from (\S+) \(\S+ \[([^]]+)\]\)\r\n\t\(using", message).groups()
        found = (spf_result(zone, ip.decode(), sender, helo.decode()), dkim_results(zone, message))
        complaints.unless(found == INCIDENT[name], name, found, "not", INCIDENT[name])
    signer = smime_result(names["smime-other-signer"].replace(b"\n", b"\r\n"), files["ca.pem"], 1636400000)
    complaints.unless(signer == "kaito.1987@free-post.example", "smime-other-signer: signer", signer)


def check_evidence(complaints, name, text):
    lines = text.decode().splitlines(keepends=True)[1:]
    while lines:
        head, _, crc = lines.pop(0).rstrip("\n").rpartition(" crc=")
        count = int(re.search(r" n=(\d+) ", head).group(1))
        group, lines = lines[:count], lines[count:]
        complaints.unless(zlib.crc32((head + "".join(group)).encode()) == int(crc, 16), name, head)


def run(folder, files, zone, letters, other):
    complaints = Complaints()
    for path, octets in files.items():
        with open(os.path.join(folder, path), "rb") as file:
            complaints.unless(file.read() == octets, path, "is not what is made now")
    check_ministries(complaints, zone, letters, files["ministries.mbox"], files["ca.pem"])
    check_incident(complaints, other, files)
    for name in ("ministries.dns", "incident.dns", "municipalities.dns", "companies.dns"):
        check_evidence(complaints, name, files[name])
    print("%d messages, %d files of the incident: %s" % (
        len(letters), len(INCIDENT), "all as meant" if complaints.count == 0 else "%d complaints" % complaints.count))
    return 0 if complaints.count == 0 else 1
