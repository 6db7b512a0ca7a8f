"""Writes the messages of an mboxrd in every other form: kinds.py MBOX DIR"""
import os
import re
import sys

mbox, out = sys.argv[1], sys.argv[2]
raw = open(mbox, "rb").read()
parts = re.split(rb"(?m)^(From [^\n]*\d{4}\n)", raw)[1:]
lines = parts[0::2]
# The blank line before the next From_ line belongs to the mbox; >From is undone once.
messages = [re.sub(rb"(?m)^>(>*From )", rb"\1", m[:-1] if m.endswith(b"\n\n") else m) for m in parts[1::2]]


def put(name, octets):
    path = os.path.join(out, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(octets)


def quote(message, pattern):
    return re.sub(pattern, rb">\g<0>", message)


def crlf(octets):
    return octets.replace(b"\n", b"\r\n")


rd = [quote(m, rb"(?m)^>*From ") for m in messages]
o = [quote(m, rb"(?m)^From ") for m in messages]
put("mboxrd-lf", b"".join(l + m + b"\n" for l, m in zip(lines, rd)))
put("mboxrd-crlf", crlf(b"".join(l + m + b"\n" for l, m in zip(lines, rd))))
put("mboxo-lf", b"".join(l + m + b"\n" for l, m in zip(lines, o)))
put("mboxcl2-lf", b"".join(
    l + m.replace(b"\n\n", b"\nContent-Length: %d\n\n" % len(m.split(b"\n\n", 1)[1]), 1) + b"\n"
    for l, m in zip(lines, messages)))
put("thunderbird", b"".join(
    b"From - Sat Dec  4 09:36:25 2021\nX-Mozilla-Status: %s\nX-Mozilla-Status2: 00000000\n"
    b"X-Mozilla-Keys:                \n" % (b"0009" if i == 3 else b"0001") + m + b"\n" for i, m in enumerate(rd)))
put("takeout", b"".join(
    b"From 28668125511680@xxx Sat Dec 04 09:36:25 +0000 2021\nX-GM-THRID: 1718\n"
    b"X-Gmail-Labels: =?UTF-8?Q?=E5=8F=97=E4=BF=A1,Opened?=\n" + m + b"\n" for m in rd))
for i, m in enumerate(messages):
    put("maildir/%s/16385%05d.M%dP1.host,S=%d%s" % ("new" if i % 7 == 0 else "cur", i, i, len(m),
                                                   "" if i % 7 == 0 else ":2,S"), m)
    put("maildir-crlf/cur/16385%05d.M%dP1.host:2,RS" % (i, i), crlf(m))
    put("maildirpp/%scur/16385%05d.M%dP1.host:2,S" % (["", ".Lists/", ".Lists.Old/"][i % 3], i, i), m)
    put("folder/%s/%03d.eml" % (["a", "b/c"][i % 2], i), crlf(m) if i % 2 else m)
    put("emlx/Messages/%d.emlx" % i, b"%d\n" % len(m) + m + b'<?xml version="1.0"?>\n<plist version="1.0"><dict>'
        b"<key>flags</key><integer>1</integer></dict></plist>\n")
for name in ("maildir", "maildir-crlf", "maildirpp", "maildirpp/.Lists", "maildirpp/.Lists.Old"):
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(out, name, sub), exist_ok=True)
