#!/usr/bin/python3
"""Makes a message of every row of the catalogue of spoofing tricks, the DNS of that day, and what must be found.

    make.py            writes the messages, spoof.dns and expected.tsv beside it; always the same octets
    make.py --check    makes them in memory and compares

Needs Debian's python3-dkim and python3-cryptography, and samples/maker. Names and addresses are kept for
documentation; the keys in keys/ are worth nothing.
"""
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from tricks import fuzz, others, samples, server  # noqa: E402
from tricks.wire import ATT, HOMOGRAPH, HOSTER, IPS, LEG, OUTLOOK, RECEIVED  # noqa: E402

KEYS = {LEG: ("legitimate", "s1"), ATT: ("attack", "selector"), HOSTER: ("hoster", "h1"), HOMOGRAPH: ("homograph", "x1")}
OTHER_NAMES = ("elsewhere.example", "xn--reciver-9gg.example", "receiver.example", "sender." + LEG,
               "mailfrom.notexist." + LEG, "co.jp", "any." + ATT, "1egitimate.example", "www." + LEG, "open.example",
               "half.example", "two.example", "case.example")


def make_zone(keys):
    zone = samples.zone.Zone()
    for domain, ip in IPS.items():
        zone.add(domain, "TXT", "v=spf1 ip4:%s -all" % ip)
        zone.add("helo." + domain, "TXT", "v=spf1 ip4:%s -all" % ip)
        zone.add("helo." + domain, "A", ip)
        zone.add("_dmarc." + domain, "TXT", "v=DMARC1; p=%s" % ("none" if domain == ATT else "reject"))
    zone.add("any." + ATT, "TXT", "v=spf1 ip4:%s -all" % IPS[ATT])
    for domain, (key, selector) in KEYS.items():
        zone.add("%s._domainkey.%s" % (selector, domain), "TXT", keys.dkim_record(key, 2048))
    zone.add("testing._domainkey." + LEG, "TXT", keys.dkim_record("legitimate", 2048, "t=y; "))
    zone.add("wildcard._domainkey." + LEG, "TXT", "v=spf1 -all")
    zone.add("open.example", "TXT", "v=spf1 +all")
    zone.add("half.example", "TXT", "v=spf1 ip4:128.0.0.0/1 -all")
    zone.add("_dmarc.open.example", "TXT", "v=DMARC1; p=reject")
    zone.add("_dmarc.half.example", "TXT", "v=DMARC1; p=reject")
    zone.add("_dmarc.two.example", "TXT", "v=DMARC1; p=reject", "v=DMARC1; p=none")
    zone.add("_dmarc.case.example", "TXT", "v=dmarc1; p=reject")
    # Keys at the names that wrong readers ask.
    zone.add("selector._domainkey.co.jp", "TXT", keys.dkim_record("attack", 2048))
    for selector, domain in [("testing", LEG), ("wildcard", LEG), ("selector", "co.jp")] + [
            (s, d) for d, (_, s) in KEYS.items()]:
        zone.ask("%s._domainkey.%s" % (selector, domain), "TXT", RECEIVED * 1000)
    for name in list(IPS) + ["helo." + domain for domain in IPS] + list(OTHER_NAMES) + [
            "eur03-db5-obe.outbound.protection.outlook.com"]:
        zone.ask_host(name, RECEIVED * 1000)
        zone.ask_walk(name, RECEIVED * 1000)
    return zone


def make():
    os.makedirs(os.path.join(HERE, "keys"), exist_ok=True)
    keys = samples.keys.Keys(os.path.join(HERE, "keys"))
    cases = list(server.make(keys)) + list(others.make(keys))
    files = {case.file(): case.message for case in cases}
    assert len(files) == len(cases)
    files["FZ.mbox"], _ = fuzz.make()
    files["spoof.dns"] = make_zone(keys).evidence().encode()
    files["expected.tsv"] = ("# case\tfile\trow\timpersonated\tfindings, with the octets at their place\tresults\tnote\n" +
                             "".join(case.line() for case in cases)).encode()
    return files


def main():
    files = make()
    bad = 0
    for name, octets in files.items():
        path = os.path.join(HERE, name)
        if "--check" in sys.argv[1:]:
            with open(path, "rb") as file:
                if file.read() != octets:
                    print("%s is not what make.py makes" % name)
                    bad = 1
            continue
        with open(path, "wb") as file:
            file.write(octets)
    if "--check" in sys.argv[1:]:
        print("%d files" % len(files))
    return bad


if __name__ == "__main__":
    sys.exit(main())
