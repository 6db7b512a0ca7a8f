"""The tools with which samples/ is made: keys, zones, dates, folding."""
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))))
sys.path.insert(0, os.path.join(TOP, "samples"))

from maker import keys, mail, sign, zone  # noqa: E402,F401


def unfolded(head):
    """[(name, value with its line ends)] of a header block, as its octets have it."""
    fields = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    return [(f.partition(b":")[0], f.partition(b":")[2] + b"\r\n") for f in fields]
