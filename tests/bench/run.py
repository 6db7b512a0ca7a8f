"""What kantei costs, beside two floors and other programs, and whether what it says is right.

    run.py --kantei KANTEI --floor FLOOR [--messages N] [--rounds N] [--modules FOLDER] [--data FOLDER] [--linearity]

All take turns, round by round, so that a busy machine slows all alike; the figures are medians. --linearity measures
kantei alone over 1,000, 10,000 and 100,000 messages instead. Status 1: kantei says of a message what is not so.
"""
import argparse
import collections
import csv
import glob
import json
import os
import re
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "corpus"))

import evidence  # noqa: E402
import make  # noqa: E402
import measure  # noqa: E402
import peers  # noqa: E402

METHODS = ("spf", "dkim", "dmarc", "smime", "arc")
LINEAR = (1000, 10000, 100000)
# What peers say in words of their own.
SAME = {("dkim", "fail", "neutral"), ("dkim", "permerror", "neutral"), ("dkim", "permerror", "fail"),
        ("dkim", "permerror", "invalid"), ("dkim", "fail", "invalid"), ("arc", "fail", "invalid")}


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kantei", required=True, help="the program, built with -O2")
    parser.add_argument("--floor", help="tests/bench/floor")
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", help="a node_modules folder that holds mailauth")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--data", default="bench-data", help="where corpora are kept between runs")
    parser.add_argument("--linearity", action="store_true")
    return parser.parse_args()


def kantei_command(args, folder, *more):
    return [args.kantei, "-q", "-f", "jsonl", "--offline", "--border", "mx.receiver.example",
            "-e", os.path.join(folder, "evidence.dns"), "--ca-file", os.path.join(folder, "ca.pem"),
            *more, os.path.join(folder, "mail.mbox")]


def smaller_evidence(args, messages):
    """Of the largest corpus that is the beginning of this one."""
    counts = [int(re.search(r"-(\d+)/done$", path)[1]) for path in glob.glob("%s/%d-*/done" % (args.data, args.seed))]
    below = [count for count in counts if count < messages]
    return os.path.join(args.data, "%d-%d" % (args.seed, max(below)), "evidence.dns") if below else None


def corpus(args, messages, for_all=True):
    """Its folder; made where it is not there yet."""
    folder = os.path.join(args.data, "%d-%d" % (args.seed, messages))
    done = os.path.join(folder, "done")
    if not os.path.exists(done):
        print("# making %d messages" % messages, file=sys.stderr)
        make.make(folder, messages, args.seed, eml=for_all, work=for_all)
        evidence.make(folder, kantei_command(args, folder), smaller_evidence(args, messages))
        with open(done, "w", encoding="ascii"):
            pass
    return folder


# --- right or wrong

def expectations(folder):
    with open(os.path.join(folder, "expected.csv"), encoding="ascii") as file:
        yield from csv.DictReader(file)


def agreement(folder, answers):
    """({method: agreed}, {method: answered}, Counter of (method, expected, said)); answers: {number: {method: word}}"""
    agreed, answered, wrong = collections.Counter(), collections.Counter(), collections.Counter()
    for row in expectations(folder):
        said = answers.get(int(row["number"]), {})
        for method in METHODS:
            if method not in said or row["length_tag"] == "1" and "smime" not in said:
                continue  # of l= others say pass; kantei says policy
            answered[method] += 1
            is_same = said[method] == row[method] or (method, row[method], said[method]) in SAME
            agreed[method] += is_same
            if not is_same:
                wrong[method, row[method], said[method]] += 1
    return agreed, answered, wrong


def kantei_answers(lines):
    """The records stand in the order of the mailbox."""
    records = (json.loads(line) for line in lines if b'"source":' in line)
    return {number: {m: "none" if record[m]["result"] == "bestguesspass" else record[m]["result"] for m in METHODS}
            for number, record in enumerate(records, 1)}


def peer_answers(folder, commands, read):
    answers = {}
    for command in commands:
        path = os.path.join(folder, "said")
        with open(path, "wb") as out:
            measure.run(command, out, cwd=os.path.join(folder, "eml"))
        with open(path, encoding="utf-8", errors="replace") as said:
            answers.update(read(said.read()))
    return answers


# --- the table

class Contender:
    def __init__(self, name, commands, answers=None, cwd=None):
        self.name, self.commands, self.answers, self.cwd = name, commands, answers, cwd
        self.cpu, self.wall, self.peak = [], [], (0, 0)

    def take_turn(self):
        costs = [measure.run(command, cwd=self.cwd) for command in self.commands]
        if any(cost.status for cost in costs):
            raise SystemExit("%s ended with status %d" % (self.name, costs[-1].status))
        self.cpu.append(sum(cost.cpu for cost in costs))
        self.wall.append(sum(cost.wall for cost in costs))

    def weigh(self):
        peaks = [measure.memory(command, cwd=self.cwd) for command in self.commands]
        self.peak = tuple(max(p[i] for p in peaks) for i in (0, 1))


def contenders(args, folder):
    yield Contender("bare floor", [[args.floor, "bare", *(os.path.join(folder, n) for n in ("work.bin", "ca.pem"))]])
    yield Contender("library floor", [[args.floor, "library", *(os.path.join(folder, n) for n in ("work.bin", "ca.pem"))]])
    for jobs in ("1", "2"):
        command = kantei_command(args, folder, "-j", jobs)
        yield Contender("kantei -j " + jobs, [command], lambda c=command: kantei_answers(output_of(c, folder)))
    if args.no_peers:
        return
    for name, (commands, read) in peers.installed(folder, args.messages, args.modules).items():
        yield Contender(name, commands, lambda c=commands, r=read: peer_answers(folder, c, r),
                        os.path.join(folder, "eml"))


def output_of(command, folder):
    path = os.path.join(folder, "said")
    with open(path, "wb") as out:
        measure.run(command, out)
    with open(path, "rb") as said:
        yield from said


def ratios(contender, floor):
    """Of each round with the floor of the same round."""
    return statistics.median(a / b for a, b in zip(contender.cpu, floor.cpu))


def row_of(contender, messages, bare, library):
    cpu, wall = statistics.median(contender.cpu), statistics.median(contender.wall)
    return "%-28s %10.4f %11.0f %9.0f %9.2f %9.2f %8.0f %8.0f" % (
        contender.name, 1000 * cpu / messages, messages / cpu, messages / wall, ratios(contender, library),
        ratios(contender, bare), *contender.peak)


def print_table(args, folder, all_of_them):
    by_name = {c.name: c for c in all_of_them}
    bare, library = by_name["bare floor"], by_name["library floor"]
    size = os.path.getsize(os.path.join(folder, "mail.mbox"))
    print("%d messages, %.1f MB, medians of %d rounds, load %.1f" % (
        args.messages, size / 1e6, args.rounds, os.getloadavg()[1]))
    print("%-28s %10s %11s %9s %9s %9s %8s %8s" % ("", "CPU s/1000", "msg/CPU s", "msg/s", "x library", "x bare",
                                                 "MiB", "worker"))
    for contender in all_of_them:
        print(row_of(contender, args.messages, bare, library))
    one, two = by_name["kantei -j 1"], by_name["kantei -j 2"]
    print("kantei -j 2 is %.2f times as fast in wall time" % statistics.median(a / b for a, b in zip(one.wall, two.wall)))


def print_agreement(folder, all_of_them):
    """Whether kantei is right in all."""
    is_right = True
    for contender in (c for c in all_of_them if c.answers):
        agreed, answered, wrong = agreement(folder, contender.answers())
        print("%-28s %s" % (contender.name, "  ".join("%s %d/%d" % (m, agreed[m], answered[m]) for m in METHODS if answered[m])))
        for (method, expected, said), count in sorted(wrong.items()):
            print("%30s %s: %d times %s where %s is right" % ("", method, count, said, expected))
        if contender.name.startswith("kantei"):
            is_right = is_right and not wrong and all(answered.values())
    return is_right


def bench(args):
    folder = os.path.abspath(corpus(args, args.messages))
    all_of_them = list(contenders(args, folder))
    for number in range(args.rounds):
        print("# round %d" % (number + 1), file=sys.stderr)
        for contender in all_of_them:
            contender.take_turn()
    for contender in all_of_them:
        contender.weigh()
    print_table(args, folder, all_of_them)
    return print_agreement(folder, all_of_them)


# --- does it stay so?

def linearity(args):
    print("%9s %9s %10s %11s %8s %8s" % ("messages", "MB", "CPU s", "CPU ns/byte", "MiB", "worker"))
    for messages in LINEAR:
        folder = os.path.abspath(corpus(args, messages, for_all=False))
        size = os.path.getsize(os.path.join(folder, "mail.mbox"))
        command = kantei_command(args, folder, "-j", "1")
        rounds = 1 if messages == LINEAR[-1] else args.rounds
        cpu = statistics.median(measure.run(command).cpu for _ in range(rounds))
        own, worker = measure.memory(command)
        print("%9d %9.1f %10.3f %11.1f %8.0f %8.0f" % (messages, size / 1e6, cpu, 1e9 * cpu / size, own, worker), flush=True)
    return True


def main():
    args = options()
    args.kantei, args.floor = os.path.abspath(args.kantei), args.floor and os.path.abspath(args.floor)
    os.makedirs(args.data, exist_ok=True)
    return 0 if (linearity(args) if args.linearity else bench(args)) else 1


if __name__ == "__main__":
    sys.exit(main())
