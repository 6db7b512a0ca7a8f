"""Holds every line of JSON Lines files to the schema: validate.py SCHEMA FILE…"""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft7Validator.check_schema(schema)
# The first line is of the kind that the schema names first.
first = next(iter(schema["definitions"]))
bad = 0
for name in sys.argv[2:]:
    lines = open(name, encoding="utf-8").read().splitlines()
    for number, line in enumerate(lines, 1):
        value = json.loads(line)
        kind = next(iter(value)) if len(value) == 1 else "message"
        wanted = first if number == 1 else "summary" if number == len(lines) else "message"
        if kind != wanted:
            print("%s:%d: a %s where a %s belongs" % (name, number, kind, wanted))
            bad += 1
            continue
        part = dict(schema["definitions"][kind])
        for error in jsonschema.Draft7Validator(part).iter_errors(value):
            print("%s:%d: %s: %s" % (name, number, "/".join(map(str, error.path)), error.message))
            bad += 1
        # Members keep the order of the schema; only an account has all of them.
        if list(value) != [name for name in part["properties"] if name in value]:
            print("%s:%d: members in another order" % (name, number))
            bad += 1
print("%d lines do not hold" % bad if bad else "all lines hold")
sys.exit(bad > 0)
