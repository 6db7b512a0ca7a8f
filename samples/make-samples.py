#!/usr/bin/python3
"""Makes the mailboxes of samples/ and their DNS evidence; every run gives the same octets.

    make-samples.py           writes the files beside it
    make-samples.py --check   makes them in memory, compares, and verifies every message by other programs:
                              dkimpy, pyspf, openssl cms

Everything in them is made up: names below .example, addresses kept for documentation (RFC 2606, 5737, 3849).
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402

from maker import check, companies, incident, ministries, municipalities, roster  # noqa: E402
from maker.keys import Authority, Keys  # noqa: E402
from maker.zone import Zone  # noqa: E402


def make():
    """{path below samples: octets}, and what the check needs."""
    os.makedirs(os.path.join(HERE, "keys"), exist_ok=True)
    keys = Keys(os.path.join(HERE, "keys"))
    authority = Authority(keys)
    files = {"ca.pem": authority.root.public_bytes(Encoding.PEM)}

    zone = Zone()
    files["ministries.mbox"], letters = ministries.make(keys, authority, zone)
    files["ministries.dns"] = zone.evidence().encode()
    files["ministries.csv"] = roster.make()

    other = Zone()
    cases = incident.make(keys, authority, other)
    for name, message in cases.items():
        files["incident/%s.eml" % name] = message
    files["incident.dns"] = other.evidence().encode()

    for name, survey in (("municipalities", municipalities), ("companies", companies)):
        published = Zone()
        files[name + ".csv"] = survey.make(published)
        files[name + ".dns"] = published.evidence().encode()
    return files, zone, letters, other


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    files, zone, letters, other = make()
    if args.check:
        sys.exit(check.run(HERE, files, zone, letters, other))
    for path, octets in files.items():
        path = os.path.join(HERE, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(octets)
    return 0


if __name__ == "__main__":
    main()
