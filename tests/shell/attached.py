"""Mail that carries mail, for attached.sh: "make" writes it into the working folder, where links lead to samples and
tests; "same", "places" and "octets" read records."""
import base64
import glob
import json
import os
import quopri
import sys

INCIDENT = "samples/incident/"
QUOTED = "tests/data/mailboxes/maildir/new/1794441604.M3P1.mx,S=1157"


def read(name):
    with open(name, "rb") as file:
        return file.read()


def write(name, octets):
    with open(name, "wb") as file:
        file.write(octets)


def multipart(parts, boundary=b"b", subtype=b"mixed", name=b"carrier", end=b"--"):
    """A message of these parts, each with its own header."""
    head = (b"Received: from out.archive.example (out.archive.example [192.0.2.7]) by mx.example; Fri, 3 Dec 2021 09:00:00 +0900\n"
            b"From: journal@archive.example\nSubject: report " + name + b"\nMessage-ID: <" + name + b"@archive.example>\n"
            b"MIME-Version: 1.0\nContent-Type: multipart/" + subtype + b"; boundary=" + boundary + b"\n\npreamble\n")
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return head + body + b"--" + boundary + end + b"\n"


def attached(octets, encoding=b"7bit", kind=b"message/rfc822"):
    code = {b"base64": base64.encodebytes, b"quoted-printable": lambda text: quopri.encodestring(text, quotetabs=False)}
    octets = code.get(encoding, lambda text: text)(octets)
    return b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n" + octets


TEXT = b"Content-Type: text/plain\n\nSender: a@archive.example\nMessage-Id: <x@archive.example>"


def from_line(number):
    return b"From journal@archive.example Fri Dec  3 09:00:%02d 2021\n" % number


def quoted(octets):
    """As mboxrd stores it."""
    lines = octets.split(b"\n")
    return b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)


def forged():
    """What a stranger attaches: Received lines that name our own host."""
    return (b"Return-Path: <info@shoko-bank.example>\n"
            b"Received: from mail.shoko-bank.example (mail.shoko-bank.example [192.0.2.70]) by mx.yamabuki.example; "
            b"Fri, 3 Dec 2021 08:00:00 +0900\n"
            b"Authentication-Results: mx.yamabuki.example; dkim=pass header.d=shoko-bank.example\n"
            b"From: info@shoko-bank.example\nSubject: forged\nMessage-ID: <forged@shoko-bank.example>\n"
            b"Date: Fri, 3 Dec 2021 07:59:00 +0900\n\npay here\n")


def make():
    genuine, listed, other = (read(INCIDENT + name) for name in ("genuine.eml", "mailing-list.eml", "smime-other-signer.eml"))
    inner = multipart([TEXT, attached(listed), attached(other, b"base64")], b"inner", name=b"inner")
    messages = [
        multipart([TEXT, attached(genuine)], name=b"journal"),
        multipart([TEXT, attached(inner), attached(genuine, b"base64"), attached(genuine, b"quoted-printable")], name=b"forward"),
        genuine,
        multipart([b"\n" + genuine, b"\n" + listed], subtype=b"digest", name=b"digest"),
        multipart([TEXT, b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n", attached(genuine)],
                  subtype=b"report", name=b"bounce"),
        multipart([TEXT, attached(forged())], name=b"forged"),
    ]
    write("mail.mbox", b"".join(from_line(i) + quoted(text) + b"\n" for i, text in enumerate(messages)))
    os.makedirs("folder")
    for i, text in enumerate(messages):
        write("folder/%d.eml" % i, text)
    write("crlf.eml", messages[0].replace(b"\n", b"\r\n"))
    write("genuine-crlf.eml", genuine.replace(b"\n", b"\r\n"))
    write("genuine.eml", genuine)
    write("open.eml", multipart([TEXT, attached(genuine)], name=b"open")[:-len(b"\n--b--\n")])
    write("many.eml", multipart([b"\nSubject: %d\n\nx" % i for i in range(1, 1004)], subtype=b"digest", name=b"many"))
    write("deep.eml", b"Content-Type: message/rfc822\n\n" * 500 + genuine)
    bomb = genuine
    for _ in range(15):
        bomb = attached(bomb, b"base64")
    write("bomb.eml", bomb)
    write("unknown.eml", multipart([TEXT, attached(genuine, b"x-secret")], name=b"unknown"))
    # Signed with a line "From ", which the mbox quotes.
    signed = read(QUOTED)
    write("quoted.mbox", from_line(1) + quoted(multipart([TEXT, attached(signed), attached(signed, b"base64")], name=b"quoted")) + b"\n")
    files = sorted(glob.glob(INCIDENT + "*.eml"))
    write("big.mbox", b"".join(
        from_line(i % 60) + quoted(multipart(
            [TEXT] + [attached(read(name), (b"7bit", b"base64")[k % 2]) for k, name in enumerate(files[i % 5:i % 5 + 1 + i % 9])],
            name=b"big%d" % i)) + b"\n" for i in range(40)))
    os.makedirs("box/cur"), os.makedirs("box/new"), os.makedirs("box/tmp")
    for i, name in enumerate(files):
        write("box/new/16367%d.host" % i, multipart([TEXT, attached(read(name)), attached(inner)], name=b"box%d" % i))


def records(name):
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith('{"schema"')]


def same(attached_name, part, alone_name):
    """The record of an attached message is that of the same octets in a file, but for its place and its origin."""
    one, = [record for record in records(attached_name) if record["source"].get("attached", {}).get("part") == part]
    other, = records(alone_name)
    for record in one, other:
        record["findings"] = [finding for finding in record["findings"] if not finding["code"].startswith("attached-")]
        record["source"] = {member: record["source"][member] for member in ("length", "sha256")}
    for member in other:
        if one[member] != other[member]:
            print(member, one[member], other[member])


def places(name):
    for record in records(name):
        attached = record["source"].get("attached", {})
        print("%d:%s" % (record["source"]["index"], attached.get("part", "")), attached.get("carrier") or "-",
              attached.get("encoding") or "-", "".join({"yes": "o", "no": "x", "unknown": "-"}[record["marks"][method]]
                                                       for method in ("smime", "spf", "dkim", "dmarc")))


def octets(name, mailbox):
    """Every attached message that was not decoded stands at its offset in the file; carriers are there, with their digest."""
    import hashlib
    file = read(mailbox)
    seen = {}
    for record in records(name):
        source = record["source"]
        attached = source.get("attached")
        seen[source["index"], attached and attached["part"]] = source["sha256"]
        if attached is None:
            continue
        if seen[source["index"], attached["carrier"]] != attached["carrier_sha256"]:
            print("carrier", source)
        if attached["encoding"] is None and attached["carrier"] is None:
            part = file[source["offset"]:source["offset"] + source["length"]]
            if hashlib.sha256(part).hexdigest() != source["sha256"]:
                print("octets", source)


{"make": make, "same": same, "places": places, "octets": octets}[sys.argv[1]](*sys.argv[2:])
