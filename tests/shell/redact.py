"""redact.py plant FOLDER: a mailbox with a secret in every place that mail has for one, and its DNS answers.
redact.py secrets MAIL…: what may not be seen of mail: addresses, subjects, lines of bodies.
redact.py seen SECRETS FILE…: names each secret that is in one of the files, as it is or escaped."""
import base64
import email
import email.header
import email.policy
import pathlib
import re
import sqlite3
import sys
from xml.sax import saxutils

PLANTED = """From zqenvelope+zqalice=rcpt.example@shop.example Wed May  1 00:00:00 2024
Return-Path: <zqenvelope+zqalice=rcpt.example@shop.example>
Delivered-To: zqdelivered@rcpt.example
X-Original-To: zqoriginal@rcpt.example
Received: by backend.rcpt.example with LMTP id 4Qx1 for <zqlmtp@rcpt.example>; Wed, 1 May 2024 00:00:03 +0000
Authentication-Results: mx.rcpt.example; spf=zqspfword (domain of zqcomment@shop.example)
 smtp.mailfrom=zqsmtp@shop.example; dkim=fail reason="zqreason text" header.i=zqheaderi@shop.example;
 dmarc=fail header.from=shop.example
Received-SPF: fail (mx.rcpt.example: domain of zqreceivedspf@shop.example) receiver=mx.rcpt.example;
 envelope-from="zqenvfrom@shop.example"; helo=zqhelo
Received: from ZQPC (host.shop.example [203.0.113.9]) (authenticated sender zqauth@shop.example)
 by mx.rcpt.example with ESMTPS id zq!id2@rcpt.example for <zqfor@rcpt.example>; Wed, 1 May 2024 00:00:02 +0000
Received: from zqlaptop ([192.168.1.2]) by zqserver (zqwords) with zq"proto" id 3
 for zqforbare@rcpt.example; Wed, 1 May 2024 00:00:01 +0000
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example; i=zqidentity@shop.example; s=s; l=4;
 h=from:to:subject; z=From:zqzfrom@shop.example|Subject:zqzsubject=20zqzwords;
 bh=MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=; b=AAAA
DKIM-Signature: v=1; a=zqalgorithm; d=shop.example; s=zqzq..s; i=zqotheri@elsewhere.example; h=to; bh=zqbh!; b=zqb!
ARC-Seal: i=1; cv=zqcv; a=rsa-sha256; d=shop.example; s=s; t=1714521600; b=AAAA
ARC-Message-Signature: i=1; a=rsa-sha256; d=shop.example; s=s; h=from; bh=AAAA; b=AAAA
ARC-Authentication-Results: i=1; zqarcid; spf=pass smtp.mailfrom=zqarcmail@shop.example
List-Id: zqlistphrase for zqlistname <zqlistid>
List-Unsubscribe: <https://shop.example/u/zqtoken>, <mailto:zqunsub@shop.example?subject=zqunsubwords>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: zqfeedback
From: "zqshown zqatsign@other.example" <zqfrom@shop.example>
From: zqsecondname <zqsecond@xn--shp-zla.example>, zqthird
Sender: zqsendername <zqsender@shop.example>
Reply-To: zqreplyname <zqreply@reply.example>
To: zqtoname <zqto@rcpt.example>, zqgroup: zqmember@rcpt.example;
Cc: "zqccname" <zqcc@rcpt.example>
Subject: =?UTF-8?B?%s?= zqsubjectplain
Message-ID: <zqmessage.id.%%zqpart@zqhost.shop.example.zqtail>
In-Reply-To: <zqinreply@shop.example>
References: <zqref@shop.example>
Date: Wed, 1 May 2024 00:00:00 +0000 (zqdatecomment)
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="zqboundary"

zqpreamble
--zqboundary
Content-Type: text/plain; charset=utf-8

zqbody line one, to zqbodymail@rcpt.example
>From zqquoted
--zqboundary
Content-Type: application/pdf; name="zqfile.pdf"
Content-Disposition: attachment; filename="zqfile2.pdf"

zqattachment
--zqboundary--

"""

EVIDENCE = """;kantei-evidence 1
;q shop.example. TXT NOERROR n=1 at=2024-05-01
shop.example. 5 TXT "v=spf1 exists:%{l}._spf.shop.example exists:%{s}.s.shop.example include:%{l-}.i.shop.example exp=x.shop.example -all"
;q x.shop.example. TXT NOERROR n=1 at=2024-05-01
x.shop.example. 5 TXT "mail of %{s} is not ours: %{l}"
;q _dmarc.shop.example. TXT NOERROR n=1 at=2024-05-01
_dmarc.shop.example. 5 TXT "v=DMARC1; p=reject"
"""


def plant(folder):
    subject = base64.b64encode("zqsubject zq伏字".encode()).decode()
    text = PLANTED % subject
    folder = pathlib.Path(folder)
    plain = text.replace("From zqenvelope", "From zqenvelope", 1)
    # Another one whose From breaks the grammar, and one that is hardly a message.
    broken = re.sub(r"From: \"zqshown.*\nFrom: .*\n", "From: zqbroken zqname <zqbroken at shop> zqnot@ @zq\n", plain)
    broken = broken.replace("zqmessage.id.%zqpart@zqhost.shop.example.zqtail", "zqnoatsign zqblank")
    (folder / "planted.mbox").write_text(plain + broken + "From zqlast Wed May  1 00:00:00 2024\nzqno zqheader\n\n")
    (folder / "planted.dns").write_text(EVIDENCE)
    (folder / "planted.secrets").write_text("zq\n伏字\n")


def decoded(value):
    parts = []
    for text, charset in email.header.decode_header(value):
        parts.append(text if isinstance(text, str) else text.decode(charset or "latin-1", "replace"))
    return "".join(parts)


def messages(path):
    path = pathlib.Path(path)
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        data = file.read_bytes()
        for part in re.split(rb"(?m)^From [^\n]*\n", data) if data.startswith(b"From ") else [data]:
            yield part


def secrets(paths):
    found = set()
    for path in paths:
        for data in messages(path):
            message = email.message_from_bytes(data, policy=email.policy.compat32)
            if not message.keys():
                continue
            head = data.split(b"\n\n")[0].split(b"\r\n\r\n")[0].decode("latin-1")
            found |= set(re.findall(r"[\w.+=-]{3,}@[\w.-]+\.\w+", head))
            for value in message.get_all("Subject", []):
                text = re.sub(r"\s+", " ", decoded(str(value))).strip()
                if len(text) > 3:
                    found.add(text)
            for part in message.walk():
                if part.get_content_maintype() != "text":
                    continue
                body = (part.get_payload(decode=True) or b"").decode(part.get_content_charset() or "latin-1", "replace")
                found |= {line.strip() for line in body.splitlines()
                          if len(line.strip()) > 15 and not re.fullmatch(r"\s*(<[^>]*>\s*)+", line)}
    print("\n".join(sorted(s for s in found if not re.search(r"^r[0-9a-f]{16}@", s))))


def text_of(path):
    data = pathlib.Path(path).read_bytes()
    if not data.startswith(b"SQLite"):
        return data.decode("utf-8", "replace")
    base = sqlite3.connect(path)
    return "\n".join(base.iterdump())


def seen(secret_file, paths):
    wanted = [line for line in open(secret_file, encoding="utf-8").read().split("\n") if line]
    if not wanted:
        print("no secrets")
    for path in paths:
        text = text_of(path)
        if not text.strip():
            print(path, "is empty")
        plain = re.sub(r"&#x?([0-9A-Fa-f]+);", " ", saxutils.unescape(text, {"&quot;": '"'}))
        bare = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m.group(1), 16)), text).replace('\\"', '"')
        whole = "\n".join((text, plain, bare)).lower()
        for secret in wanted:
            at = whole.find(secret.lower())
            if at >= 0:
                print("%s: %s … %s" % (pathlib.Path(path).name, secret, whole[max(0, at - 60):at + 60].replace("\n", " ")))


command, *rest = sys.argv[1:]
if command == "plant":
    plant(rest[0])
elif command == "secrets":
    secrets(rest)
else:
    seen(rest[0], rest[1:])
