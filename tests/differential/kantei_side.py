"""kantei itself over all cases in one run: a folder of messages, and an evidence file that grows by what it lacks."""
import json
import os
import subprocess

import zone as dns

ROUNDS = 40
BORDER = "mx.receiver.example"


def trace(case):
    """The fields that a receiving host writes; they carry the envelope."""
    ip, helo = case.get("ip", "83.1.1.10"), case.get("helo", "mta.helo.example")
    shown = "IPv6:" + ip if ":" in ip else ip
    return ("Return-Path: <%s>\r\nReceived: from %s (unknown [%s])\r\n\tby %s with ESMTP id 1\r\n"
            "\tfor <c@receiver.example>; Mon, 5 Jan 2026 00:00:05 +0000\r\n"
            % (case.get("sender", "a@bounce.example"), helo, shown, BORDER)).encode()


def write_messages(cases, folder):
    os.makedirs(folder, exist_ok=True)
    for case in cases:
        case["file"] = os.path.join(folder, case["id"] + ".eml")
        plain = b"From: <a@author.example>\r\nDate: Mon, 5 Jan 2026 00:00:00 +0000\r\n\r\ntext\r\n"
        with open(case["file"], "wb") as out:
            out.write(trace(case) + case.get("message", plain))


def records(kantei, evidence, folder):
    done = subprocess.run([kantei, "-q", "-f", "jsonl", "--offline", "-e", evidence, "--border", BORDER, folder],
                          stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit("kantei ended with status %d" % done.returncode)
    return [record for record in map(json.loads, done.stdout.splitlines()) if "source" in record]


def run(kantei, cases, scratch):
    """The record of every case, by its id."""
    folder, evidence = os.path.join(scratch, "mail"), os.path.join(scratch, "evidence.dns")
    write_messages(cases, folder)
    names, asked = {}, set()
    for case in cases:
        names.update(case["zone"])
    with open(evidence, "w", encoding="ascii") as out:
        out.write(";kantei-evidence 1\n")
    for _ in range(ROUNDS):
        found = records(kantei, evidence, folder)
        lacking = {(dns.plain_name(q["name"]), q["type"]) for record in found for q in record["lacking"]} - asked
        if not lacking:
            break
        asked |= lacking
        with open(evidence, "a", encoding="ascii") as out:
            out.writelines(dns.group(names, name, kind) for name, kind in sorted(lacking))
    return {os.path.basename(record["source"]["path"])[:-4]: record for record in found}
