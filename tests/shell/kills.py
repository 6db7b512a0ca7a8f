"""Kills a run by SIGKILL at COUNT points, and lets it end then: kills.py COUNT SEED COMMAND… -o REPORT …

Half of the points are lengths of REPORT.partial, up to a step beyond what was there when the run began; the others
are moments after its start. A run that ends before its point is begun anew.
"""
import os
import random
import subprocess
import sys
import time

count, seed, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
report = command[command.index("-o") + 1]
partial = report + ".partial"
chance = random.Random(seed)


def length():
    try:
        return os.stat(partial).st_size
    except FileNotFoundError:
        return -1


def run():
    """True where it was killed, else its status."""
    process = subprocess.Popen(command + ["--resume"])
    began = time.monotonic()
    if chance.random() < 0.5:
        wanted = max(length(), 0) + chance.randrange(1, 60000)
        is_there = lambda: length() >= wanted
    else:
        wanted = began + chance.random() * 0.25
        is_there = lambda: time.monotonic() >= wanted
    while process.poll() is None and not is_there():
        time.sleep(0.0005)
    process.kill()
    return process.wait()


killed = failed = 0
while killed < count and failed < 5:
    status = run()
    if status < 0:
        killed += 1
    elif status != 0:
        failed += 1
    # What is finished is killed from its beginning on again.
    if killed < count and os.path.exists(report) and not os.path.exists(partial):
        os.unlink(report)
if not os.path.exists(report) or os.path.exists(partial):
    failed += subprocess.call(command + ["--resume"]) != 0
print("%d killed, %d failed" % (killed, failed))
