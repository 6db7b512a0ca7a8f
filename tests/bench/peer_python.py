"""dkimpy and pyspf over a corpus: peer_python.py CORPUS MESSAGES; a JSON object a message. DNS is a table in memory."""
import csv
import itertools
import json
import os
import sys

import dkim
import spf

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "differential"))
import zone  # noqa: E402 (a neighbour's folder)


def shaped(kind, value):
    if kind == "TXT":
        return tuple(zone.strings(value))
    return tuple(value) if kind == "MX" else value


def check_dkim(message, txt):
    checker, results = dkim.DKIM(message), ["none"]
    for index in range(sum(1 for name, _ in checker.headers if name.lower() == b"dkim-signature")):
        try:
            results.append("pass" if checker.verify(idx=index, dnsfunc=txt) else "fail")
        except dkim.KeyFormatError:
            results.append("permerror")
        except dkim.DKIMException:
            results.append("fail")
    return next(word for word in ("pass", "fail", "permerror", "none") if word in results)


def main():
    folder, messages = sys.argv[1], int(sys.argv[2])
    with open(os.path.join(folder, "zone.json"), encoding="ascii") as file:
        names = json.load(file)

    def look(name, kind, *_):
        return [((owner, k), shaped(k, value)) for owner, k, value in zone.lookup(names, name, kind)[1]]

    def txt(name, timeout=5):
        found = [v for _, k, v in zone.lookup(names, name.decode(), "TXT")[1] if k == "TXT"]
        return found[0].encode() if found else None

    spf.DNSLookup = look
    with open(os.path.join(folder, "expected.csv"), encoding="ascii") as file:
        for row in itertools.islice(csv.DictReader(file), messages):
            with open(os.path.join(folder, "eml", "%06d.eml" % int(row["number"])), "rb") as mail:
                message = mail.read()
            print(json.dumps({
                "number": row["number"], "dkim": check_dkim(message, txt),
                "arc": dkim.ARC(message).verify(txt)[0].decode(),
                "spf": spf.check2(i=row["client_ip"], s=row["mail_from"], h=row["helo"])[0]}))


main()
