"""What a survey of a large list costs, and whether it grows in step with the list.

    survey.py --kantei KANTEI [--senders N…] [--data FOLDER] [--options OPTIONS]

Makes a list of N made-up domains and the DNS answers that a survey of it asks for; the same N makes the same octets.
Three in four publish SPF, one in six DMARC, half of the SPF records include a provider's. Then kantei surveys it offline, as
JSON Lines with a cross table, and the figures of its summary are held against what was made. Status 1: they differ.
"""
import argparse
import json
import os
import random
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import measure  # noqa: E402

AT = "2026-01-05T00:00:00.000Z"
PROVIDERS = 50
KINDS = ("農業", "製造", "小売", "運輸", "金融", "教育", "医療", "自治体")
SIZES = (10000, 100000, 400000)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kantei", required=True, help="the program, built with -O2")
    parser.add_argument("--senders", type=int, nargs="+", default=SIZES)
    parser.add_argument("--data", default="bench-data", help="where lists are kept between runs")
    parser.add_argument("--options", default="", help="further options of kantei, as '-j 2'")
    return parser.parse_args()


def group(name, kind, records, outcome="NOERROR"):
    """A question with its answer, as the evidence file has it."""
    negative = " soa=300" if not records else ""
    head = ";q %s. %s %s n=%d%s at=%s ms=20 via=192.0.2.53@53/udp sec=no" % (name, kind, outcome, len(records), negative, AT)
    lines = "".join("%s.\t300\tIN\t%s\t%s\n" % (name, kind, data) for data in records)
    return "%s crc=%08x\n%s" % (head, zlib.crc32((head + lines).encode()), lines)


def provider(chance, number):
    name = "spf.provider%d.example" % number
    nets = " ".join("ip4:198.%d.%d.0/24" % (18 + number // 25, (number * 7 + i) % 256) for i in range(chance.randrange(1, 9)))
    return group(name, "TXT", ['"v=spf1 %s ~all"' % nets])


def spf_of(chance):
    """The record, or None."""
    shape = chance.random()
    if shape < 0.25:
        return None
    if shape < 0.5:
        return "v=spf1 ip4:203.0.113.%d -all" % chance.randrange(256)
    return "v=spf1 ip4:192.0.2.%d include:spf.provider%d.example ~all" % (chance.randrange(256), chance.randrange(PROVIDERS))


def answers(chance, domain, spf, has_dmarc):
    yield group(domain, "TXT", ['"site-verification=%016x"' % chance.getrandbits(64)] + (['"%s"' % spf] if spf else []))
    yield group(domain, "MX", ["10 mx.%s." % domain])
    if has_dmarc:
        yield group("_dmarc." + domain, "TXT", ['"v=DMARC1; p=%s; rua=mailto:dmarc@%s"' % (
            chance.choice(("none", "quarantine", "reject")), domain)])
    else:
        yield group("_dmarc." + domain, "TXT", [], "NXDOMAIN")


def write(folder, senders):
    """The list, its evidence, and what is to be counted."""
    chance = random.Random(senders)
    counts = {"units": senders, "spf": 0, "dmarc": 0, "both": 0, "neither": 0}
    with open(os.path.join(folder, "senders.csv"), "w", encoding="utf-8") as table, \
            open(os.path.join(folder, "evidence.dns"), "w", encoding="ascii") as dns:
        table.write("company,kind,capital,domain\n")
        dns.write(";kantei-evidence 1\n" + "".join(provider(chance, i) for i in range(PROVIDERS)))
        dns.write(group("_dmarc.example", "TXT", [], "NXDOMAIN"))
        for number in range(senders):
            domain = "company%d.example" % number
            spf, has_dmarc = spf_of(chance), chance.random() < 1 / 6
            table.write("会社%d,%s,%d,%s\n" % (number, chance.choice(KINDS), chance.randrange(10 ** 6), domain))
            dns.writelines(answers(chance, domain, spf, has_dmarc))
            counts["spf"] += spf is not None
            counts["dmarc"] += has_dmarc
            counts["both"] += spf is not None and has_dmarc
            counts["neither"] += spf is None and not has_dmarc
    with open(os.path.join(folder, "counts.json"), "w", encoding="ascii") as file:
        json.dump(counts, file)


def corpus(args, senders):
    """Its folder; made where it is not there yet."""
    folder = os.path.join(args.data, "senders-%d" % senders)
    if not os.path.exists(os.path.join(folder, "counts.json")):
        print("# making %d senders" % senders, file=sys.stderr)
        os.makedirs(folder, exist_ok=True)
        write(folder, senders)
    return folder


def is_right(folder, out):
    with open(os.path.join(folder, "counts.json"), encoding="ascii") as file:
        wanted = json.load(file)
    with open(out, "rb") as file:
        file.seek(max(0, os.path.getsize(out) - 100000))
        summary = json.loads(file.read().splitlines()[-1])["summary"]
    got = {name: summary["total"][name] for name in wanted}
    if got != wanted or summary["lacking"] > 0:
        print("# counted: %s, made: %s, lacking: %d" % (got, wanted, summary["lacking"]))
    return got == wanted and summary["lacking"] == 0


def main():
    args = options()
    is_good = True
    print("%9s %9s %9s %9s %12s %12s %9s" % ("senders", "CPU s", "wall s", "MiB", "us/sender", "KiB/sender", "MiB dns"))
    for senders in args.senders:
        folder = corpus(args, senders)
        out = os.path.join(folder, "out.jsonl")
        evidence = os.path.join(folder, "evidence.dns")
        command = [args.kantei, "survey", "-q", "--offline", "-f", "jsonl", "--cross", "kind", *args.options.split(), "-o", out,
                   "-e", evidence, os.path.join(folder, "senders.csv")]
        cost = measure.run(command)
        own, below = measure.memory(command)
        print("%9d %9.2f %9.2f %9.0f %12.1f %12.2f %9.0f" % (
            senders, cost.cpu, cost.wall, own, cost.cpu / senders * 1e6, own * 1024 / senders, os.path.getsize(evidence) / 2 ** 20),
            flush=True)
        if below:
            print("# largest process below: %.0f MiB" % below)
        is_good = is_right(folder, out) and cost.status == 0 and is_good
    return 0 if is_good else 1


sys.exit(main())
