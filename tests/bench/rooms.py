"""Instructions a message by room: what callgrind counted, added up by folder of src/ and by library.

    rooms.py --kantei KANTEI --corpus FOLDER [--messages N] [--top N]

The workers are counted with the process that feeds them. kantei has to be built with -g.
"""
import argparse
import collections
import glob
import itertools
import os
import re
import subprocess
import tempfile

ROOM = re.compile(r"(?:^|/)src/(\w+)/[\w.]+$")
NAMED = re.compile(r"\((\d+)\)(?: (.*))?$")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kantei", required=True)
    parser.add_argument("--corpus", required=True, help="a folder that run.py made")
    parser.add_argument("--messages", type=int, default=300, help="the first of them")
    parser.add_argument("--top", type=int, default=25, help="how many functions are named")
    return parser.parse_args()


def shortened(corpus, messages, scratch):
    """An mbox of the first messages."""
    path = os.path.join(scratch, "mail.mbox")
    with open(os.path.join(corpus, "mail.mbox"), "rb") as whole, open(path, "wb") as out:
        starts = itertools.count()
        for line in whole:
            if line.startswith(b"From ") and next(starts) == messages:
                break
            out.write(line)
    return path


class Names:
    """callgrind writes a name once, with a number, and the number alone from then on."""

    def __init__(self):
        self.known = {}

    def read(self, text):
        number, name = NAMED.match(text).groups()
        return self.known.setdefault(number, name) if name else self.known[number]


def costs(path):
    """(object, file, function, instructions, object called or None) of every line. Where a call is made, the
    instructions are those of all that happened in it."""
    objects, files, functions = Names(), Names(), Names()
    where, called, is_call = {"ob": "", "fl": "", "fn": ""}, None, False
    readers = {"ob": objects, "fl": files, "fi": files, "fe": files, "fn": functions}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            key, _, value = line.rstrip("\n").partition("=")
            if key in readers:
                where[{"fi": "fl", "fe": "fl"}.get(key, key)] = readers[key].read(value)
            elif key == "cob":
                called = objects.read(value)
            elif key in ("cfi", "cfl", "cfn"):
                (functions if key == "cfn" else files).read(value)
            elif key == "calls":
                is_call = True
            elif line[0] in "0123456789+-*":
                yield *where.values(), int(line.split()[1]), (called or where["ob"]) if is_call else None
                called, is_call = None, False


def library(binary):
    name = os.path.basename(binary).split(".so")[0]
    return None if name == "kantei" else name


def room_of(binary, file):
    found = ROOM.search(file)
    return "src/" + found[1] if found else library(binary) or "kantei, elsewhere"


class Tally:
    def __init__(self):
        self.own, self.through, self.functions = collections.Counter(), collections.Counter(), collections.Counter()

    def add(self, binary, file, function, count, called):
        room = room_of(binary, file)
        if called is None:
            self.own[room] += count
            self.functions[room, function] += count
        elif room.startswith("src/") and library(called):
            self.through[room, library(called)] += count

    def show(self, messages, top):
        total = sum(self.own.values())

        def line(count, *words):
            print("%9d  %4.1f %%  %s" % (count // messages, 100 * count / total, "  ".join(words)))

        print("%d messages, %d instructions a message" % (messages, total // messages))
        for room, count in self.own.most_common():
            if count > total / 1000:
                line(count, room)
        print("libraries, by the room that calls them")
        for (room, name), count in self.through.most_common(top):
            line(count, room, name)
        print("functions")
        for (room, function), count in self.functions.most_common(top):
            line(count, room, function)


def main():
    args = options()
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        mbox = shortened(args.corpus, args.messages, scratch)
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--trace-children=yes",
                        "--callgrind-out-file=%s/out.%%p" % scratch, args.kantei, "-q", "-f", "jsonl", "--offline",
                        "-j", "1", "--border", "mx.receiver.example", "-e", os.path.join(args.corpus, "evidence.dns"),
                        "--ca-file", os.path.join(args.corpus, "ca.pem"), mbox],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        for path in glob.glob(scratch + "/out.*"):
            for cost in costs(path):
                tally.add(*cost)
    tally.show(args.messages, args.top)


if __name__ == "__main__":
    main()
