"""Runs kantei and other verifiers over random cases, and names every difference.

    run.py --kantei KANTEI [--seed N] [--cases N] [--modules FOLDER] [--scratch FOLDER] [--show KIND]

Status 0: every difference is of a kind that README names; 1: one is not; 2: nothing could be compared.
"""
import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

import dkim_cases
import dmarc_cases
import kantei_side
import kinds
import signer
import spf_cases

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = 4


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kantei", required=True, help="the program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000, help="cases of each method")
    parser.add_argument("--methods", default="spf,dkim,dmarc")
    parser.add_argument("--modules", help="a node_modules folder that holds mailauth")
    parser.add_argument("--scratch", help="keep messages, evidence and cases here")
    parser.add_argument("--show", help="print the cases of this kind in full ('unnamed': of none)")
    parser.add_argument("--most", type=int, default=5, help="how many of a kind are shown")
    return parser.parse_args()


def make_cases(rng, args):
    keys = {name: [signer.Key(name) for _ in range(KEYS)] for name in ("rsa", "ed25519")}
    makers = {"spf": lambda n: spf_cases.make(rng, n), "dkim": lambda n: dkim_cases.make(rng, n, keys),
              "dmarc": lambda n: dmarc_cases.make(rng, n, keys)}
    return [makers[method](n) for method in args.methods.split(",") for n in range(args.cases)]


def run_peer(command, cases_file):
    """The lines that a peer says; none if it is not there."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, cwd=HERE,
                          env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        print("# %s does not run: %s" % (os.path.basename(command[1]), " ".join(last)))
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]


def run_peers(cases, scratch, modules):
    cases_file = os.path.join(scratch, "cases.jsonl")
    with open(cases_file, "w", encoding="ascii") as out:
        for case in cases:
            out.write(json.dumps({k: v for k, v in case.items() if k != "message"}) + "\n")
    commands = [[sys.executable, os.path.join(HERE, "peer_python.py"), cases_file], ["perl", os.path.join(HERE, "peer_perl.pl"), cases_file]]
    if modules:
        commands.append(["node", os.path.join(HERE, "peer_mailauth.js"), cases_file, os.path.abspath(modules)])
    return [answer for command in commands for answer in run_peer(command, cases_file)]


def compare(cases, records, answers):
    """Agreements by peer, and differences by (peer, kind)."""
    by_id = {case["id"]: case for case in cases}
    agreed, found, agreeing = collections.Counter(), [], set()
    for answer in answers:
        difference = kinds.difference(by_id[answer["id"]], records[answer["id"]], answer)
        if difference is None:
            agreed[answer["peer"]] += 1
            agreeing.add(answer["id"])
        else:
            found.append(difference)
    differing = collections.defaultdict(list)
    for difference in found:
        difference.supported = difference.case["id"] in agreeing
        differing[difference.peer, kinds.name(difference)].append(difference)
    return agreed, differing


def show(difference, full):
    case = difference.case
    print("  %s: kantei %s/%s (%s), %s %s (%s)" % (case["id"], difference.ours, difference.reason, difference.text, difference.peer, difference.theirs,
                                               difference.detail[:200]))
    for part in ("ip", "helo", "sender", "author", "spf", "dkim", "marks"):
        if part in case:
            print("      %s %s" % (part, case[part]))
    for name, types in case["zone"].items():
        if full or "TXT" in types or "ERR" in types:
            print("      %s %s" % (name, str(types)[:600]))
    if "message" in case and (full or case["method"] == "dkim"):
        print("      %r" % case["message"][:1500])


def report(agreed, differing, args):
    known = kinds.known(os.path.join(HERE, "README"))
    unnamed = 0
    for peer in sorted(set(agreed) | {peer for peer, _ in differing}):
        print("%s: %d agreed, %d differ" % (peer, agreed[peer], sum(len(d) for (p, _), d in differing.items() if p == peer)))
    for (peer, kind), found in sorted(differing.items(), key=lambda item: (item[0][1], item[0][0])):
        print("%-34s %-12s %6d%s" % (kind, peer, len(found), "" if kind in known else "  not in README"))
        unnamed += 0 if kind in known else len(found)
        if args.show == kind or (kind not in known and not args.show):
            for difference in found[:args.most]:
                show(difference, args.show == kind)
    return 1 if unnamed else 0


def main():
    args = options()
    cases = make_cases(random.Random(args.seed), args)
    with tempfile.TemporaryDirectory() as folder:
        scratch = args.scratch or folder
        records = kantei_side.run(args.kantei, cases, scratch)
        answers = run_peers(cases, scratch, args.modules)
    if not answers:
        print("none of the other verifiers is installed")
        return 2
    print("seed %d, %d cases" % (args.seed, len(cases)))
    return report(*compare(cases, records, answers), args)


sys.exit(main())
