"""What a command costs: processor time with that of its children, and memory."""
import os
import subprocess
import threading
import time

POLL_SECONDS = 0.05


class Cost:
    def __init__(self, cpu, wall, status):
        self.cpu, self.wall, self.status = cpu, wall, status


def run(command, output=subprocess.DEVNULL, **more):
    """wait4 counts what the command itself has waited for as well."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=output, **{"stderr": subprocess.DEVNULL, **more})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start, process.returncode)


def high_water(pid):
    """In MiB; 0 when the process is gone."""
    try:
        with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as file:
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def descendants(pid):
    for child in children(pid):
        yield child
        yield from descendants(child)


def memory(command, output=subprocess.DEVNULL, **more):
    """(MiB of the command itself, MiB of the largest process below it). Looks from outside: not for timed runs."""
    process = subprocess.Popen(command, stdout=output, **{"stderr": subprocess.DEVNULL, **more})
    own, below, is_done = [0], [0], threading.Event()

    def watch():
        while not is_done.wait(POLL_SECONDS):
            own[0] = max(own[0], high_water(process.pid))
            below[0] = max(below + [high_water(pid) for pid in descendants(process.pid)])

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    is_done.set()
    watcher.join()
    return own[0], below[0]
