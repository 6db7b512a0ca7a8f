"""The evidence file of a corpus: what a live run would have been told, and no more."""
import json
import os
import shutil
import subprocess

import keys  # noqa: F401 (finds tests/differential)
import zone

ROUNDS = 40


def lacking_in(output):
    """Of every record that lacks an answer, the questions."""
    for line in output:
        if b'"lacking":[]' not in line and b'"lacking":' in line:
            for question in json.loads(line)["lacking"]:
                yield zone.plain_name(question["name"]), question["type"]


def make(folder, command, start):
    """command: kantei with its options; it says what it lacks until it lacks nothing. start: the evidence file of a
    smaller corpus, which holds a part of the answers, or None."""
    path = os.path.join(folder, "evidence.dns")
    with open(os.path.join(folder, "zone.json"), encoding="ascii") as file:
        names = json.load(file)
    if start:
        shutil.copyfile(start, path)
    else:
        with open(path, "w", encoding="ascii") as out:
            out.write(";kantei-evidence 1\n")
    asked = set()
    for _ in range(ROUNDS):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as kantei:
            lacking = set(lacking_in(kantei.stdout)) - asked
        if not lacking:
            return
        asked |= lacking
        with open(path, "a", encoding="ascii") as out:
            out.writelines(zone.group(names, *question) for question in sorted(lacking))
