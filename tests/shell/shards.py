"""Deals the records of saved results out to shards: shards.py RESULTS COUNT block|deal PREFIX

block: so many one behind the other, as a split run has them; deal: one to each in turn.
"""
import json
import sys

name, count, how, prefix = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
header, *records, summary = open(name, encoding="utf-8").read().splitlines(True)
size = -(-len(records) // count)
for i in range(count):
    part = records[i * size:(i + 1) * size] if how == "block" else records[i::count]
    end = json.loads(summary)
    end["summary"]["messages"] = len(part)
    with open("%s%d" % (prefix, i + 1), "w", encoding="utf-8") as file:
        file.write(header + "".join(part))
        file.write(json.dumps(end, ensure_ascii=False, separators=(",", ":")) + "\n")
