"""Makes a corpus: mail whose results are known by construction.

    make.py --out FOLDER [--messages N] [--seed N] [--eml] [--no-work]

mail.mbox, expected.csv, zone.json, ca.pem, work.bin (what the floors do; see floor.c), keys.json (primes, kept), and
with --eml a file a message. The same seed makes the same octets; more messages are added behind those of a smaller corpus.
"""
import argparse
import csv
import json
import multiprocessing
import os
import re
import struct
import time

import smime
from keys import Ring
from message import Draft, People
from world import World, rsa_labels

QUOTED = re.compile(rb"(?m)^(>*From )")
maker = None


class Maker:
    def __init__(self, seed, cache, jobs):
        domains = rsa_labels(seed)
        self.seed, self.ring = seed, Ring(seed, cache, domains + People.LABELS, domains, jobs)
        self.world = World(seed, self.ring)
        self.people = People(seed, self.ring, self.world.brands)


def draft(number):
    return Draft(maker.world, maker.people, maker.seed, number).finish()


def mbox_entry(mail_from, second, message):
    text = QUOTED.sub(rb">\1", message.replace(b"\r\n", b"\n"))
    moment = time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(second))
    return b"From %s %s\n%s\n" % ((mail_from or "MAILER-DAEMON").encode(), moment.encode(), text)


def write_keys(ring, out):
    """How many, then each: 1 (RSA, modulus, exponent 65537) or 2 (Ed25519), length, octets."""
    out.write(b"KBENCH1\n" + struct.pack("<I", len(ring.keys)))
    for key in ring.keys.values():
        out.write(struct.pack("<II", 1 if key.algorithm == "rsa" else 2, len(key.floor_form)) + key.floor_form)


def write_messages(folder, made, work_file, eml):
    """In the work list each message's work has its length in front."""
    with open(os.path.join(folder, "mail.mbox"), "wb") as mbox, \
            open(os.path.join(folder, "expected.csv"), "w", newline="", encoding="ascii") as expected:
        rows = None
        for row, mail_from, second, message, work in made:
            if rows is None:
                rows = csv.DictWriter(expected, row)
                rows.writeheader()
            rows.writerow(row)
            mbox.write(mbox_entry(mail_from, second, message))
            if work_file:
                work_file.write(struct.pack("<I", len(work)) + work)
            if eml:
                with open(os.path.join(folder, "eml", "%06d.eml" % row["number"]), "wb") as out:
                    out.write(message)
    if work_file:
        work_file.write(struct.pack("<I", 0))


def make(folder, messages, seed=1, eml=False, work=True, jobs=os.cpu_count()):
    global maker
    os.makedirs(os.path.join(folder, "eml"), exist_ok=True)
    maker = Maker(seed, os.path.join(folder, "..", "keys-%s.json" % seed), jobs)
    with open(os.path.join(folder, "zone.json"), "w", encoding="ascii") as out:
        json.dump(maker.world.zone, out, indent=0)
    with open(os.path.join(folder, "ca.pem"), "wb") as out:
        out.write(smime.to_pem(maker.people.authority.root))
    with multiprocessing.get_context("fork").Pool(jobs) as pool, open(os.path.join(folder, "work.bin"), "wb") as out:
        write_keys(maker.ring, out)
        write_messages(folder, pool.imap(draft, range(1, messages + 1), 32), out if work else None, eml)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--eml", action="store_true", help="also a file a message, for other programs")
    parser.add_argument("--no-work", dest="work", action="store_false", help="nothing for the floors")
    args = parser.parse_args()
    make(args.out, args.messages, args.seed, args.eml, args.work)


if __name__ == "__main__":
    main()
