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
    """(object, file, function, instructions) of every line that a function itself ran."""
    objects, files, functions = Names(), Names(), Names()
    where, is_call = {"ob": "", "fl": "", "fn": ""}, False
    readers = {"ob": objects, "fl": files, "fi": files, "fe": files, "fn": functions}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            key, _, value = line.rstrip("\n").partition("=")
            if key in readers:
                where[{"fi": "fl", "fe": "fl"}.get(key, key)] = readers[key].read(value)
            elif key in ("cob", "cfi", "cfl", "cfn"):
                {"cob": objects, "cfn": functions}.get(key, files).read(value)
            elif key == "calls":
                is_call = True
            elif line[0] in "0123456789+-*" and not is_call:
                yield where["ob"], where["fl"], where["fn"], int(line.split()[1])
            else:
                is_call = False


def room_of(binary, file):
    found = ROOM.search(file)
    if found:
        return "src/" + found[1]
    name = os.path.basename(binary)
    return "kantei, elsewhere" if name == "kantei" else name.split(".so")[0]


def main():
    args = options()
    rooms, functions = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        mbox = shortened(args.corpus, args.messages, scratch)
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--trace-children=yes",
                        "--callgrind-out-file=%s/out.%%p" % scratch, args.kantei, "-q", "-f", "jsonl", "--offline",
                        "-j", "1", "--border", "mx.receiver.example", "-e", os.path.join(args.corpus, "evidence.dns"),
                        "--ca-file", os.path.join(args.corpus, "ca.pem"), mbox], stdout=subprocess.DEVNULL, check=True)
        for path in glob.glob(scratch + "/out.*"):
            for binary, file, function, count in costs(path):
                rooms[room_of(binary, file)] += count
                functions[room_of(binary, file), function] += count
    total = sum(rooms.values())
    print("%d messages, %d instructions a message" % (args.messages, total // args.messages))
    for room, count in rooms.most_common():
        if count > total / 1000:
            print("%-24s %9d  %4.1f %%" % (room, count // args.messages, 100 * count / total))
    for (room, function), count in functions.most_common(args.top):
        print("%-24s %9d  %4.1f %%  %s" % (room, count // args.messages, 100 * count / total, function))


if __name__ == "__main__":
    main()
