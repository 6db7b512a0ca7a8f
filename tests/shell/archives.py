"""The sample as archives of every kind, and some that are broken: archives.py MBOX DIR."""
import bz2
import gzip
import io
import lzma
import mailbox
import os
import subprocess
import sys
import tarfile
import zipfile

mbox, into = sys.argv[1:]
with open(mbox, "rb") as file:
    octets = file.read()
single = b"From: a@b.example\nSubject: %b\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n\nhello\n"


def put(name, content):
    with open(os.path.join(into, name), "wb") as file:
        file.write(content)


def tar(entries):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content, kind in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.type = kind
            entry.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def files(*entries):
    return tar([(name, content, tarfile.REGTYPE) for name, content in entries])


def zipped(*entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


def maildir():
    """The messages, as a tar holds a Maildir."""
    entries = []
    for number, message in enumerate(mailbox.mbox(mbox, create=False)):
        name = "Maildir/cur/%d.M%d.host:2,FS" % (1610000000 + number, number)
        entries.append((name, message.as_bytes()))
    entries.append(("Maildir/tmp/1610000099.M99.host", single % b"not delivered"))
    return files(*entries)


packed = gzip.compress(octets)
put("mail.mbox.gz", packed)
put("mail.mbox.bz2", bz2.compress(octets))
put("mail.mbox.xz", lzma.compress(octets))
put("mail.mbox.zst", subprocess.run(["zstd", "-qc"], input=octets, capture_output=True, check=True).stdout)
put("mail.zip", zipped(("in/mail.mbox", octets)))
put("mail.tar", files(("in/mail.mbox", octets)))
put("mail.tar.gz", gzip.compress(files(("in/mail.mbox", octets))))
put("nested.tar", files(("in/mail.mbox.gz", packed)))
put("nested.zip", zipped(("in/mail.tar.xz", lzma.compress(files(("mail.mbox", octets))))))
put("maildir.tar.gz", gzip.compress(maildir()))
os.mkdir(os.path.join(into, "folder"))
put("folder/mail.mbox.gz", packed)
put("folder/slides.pptx", zipped(("a.eml", single % b"in a document")))

put("cut.mbox.gz", packed[:len(packed) // 2])
put("names.tar", tar([
    ("../../x.eml", single % b"above", tarfile.REGTYPE),
    ("/abs.eml", single % b"absolute", tarfile.REGTYPE),
    ("a\033[31m\u202e.eml", single % b"control", tarfile.REGTYPE),
    ("b\udcff.eml", single % b"no UTF-8", tarfile.REGTYPE),
    ("dup.eml", single % b"first", tarfile.REGTYPE),
    ("dup.eml", single % b"second", tarfile.REGTYPE),
    ("empty.eml", b"", tarfile.REGTYPE),
    ("soft.eml", b"", tarfile.SYMTYPE),
    ("hard.eml", b"", tarfile.LNKTYPE),
    ("device", b"", tarfile.CHRTYPE),
    ("fifo", b"", tarfile.FIFOTYPE),
    (".hidden.eml", single % b"hidden", tarfile.REGTYPE),
    ("picture.png", b"\x89PNG" + bytes(3000), tarfile.REGTYPE)]))
secret = bytearray(zipped(("secret.eml", single % b"secret"), ("open.eml", single % b"open")))
secret[6] |= 1
put("secret.zip", bytes(secret))

with gzip.open(os.path.join(into, "large.mbox.gz"), "wb", 6) as file:
    for number in range(100):
        file.write(b"From a@b.example Sat Jan  3 01:05:34 1996\n" + single % b"large" + (b"0" * 76 + b"\n") * 27000 + b"\n")
with zipfile.ZipFile(os.path.join(into, "bomb.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    with archive.open("bomb.eml", "w", force_zip64=True) as file:
        file.write(single % b"bomb")
        for number in range(640):
            file.write(bytes(1 << 20))
    archive.writestr("after.eml", single % b"after")
