#!/usr/bin/env python3
"""Turns a test suite of RFC 7208 or RFC 4408 (YAML) into lines that test-spf-suite reads.

    convert.py rfc7208-tests.yml > rfc7208.txt

S description                              a scenario begins
Z name TYPE value                          a record of its zone (MX: preference and host)
Z name TIMEOUT %                           what stands behind it in the scenario is not answered
T id client mail-from helo results explanation|-

Octets outside of A-Z a-z 0-9 . _ : / @ = - are written %XX; an empty text is a lone %. As the
suites have it, a name without TXT records has those of type SPF for TXT, and NONE for a value
means that this is not so, and no record.
"""
import re
import sys

import yaml


def escape(text):
    octets = text.encode("utf-8")
    plain = re.compile(rb"[A-Za-z0-9._:/@=-]")
    shown = "".join(chr(o) if plain.match(bytes([o])) else f"%{o:02X}" for o in octets)
    return shown or "%"


def joined(value):
    return value if isinstance(value, str) else "".join(value)


def record_lines(name, kind, value):
    if value == "NONE":
        return []
    if value == "TIMEOUT":
        return [f"Z {name} TIMEOUT {kind}"]
    if kind == "MX":
        return [f"Z {name} MX {value[0]} {escape(value[1])}"]
    text = joined(value) if kind in ("TXT", "SPF") else str(value)
    return [f"Z {name} {kind} {escape(text)}"]


def zone_lines(name, entries):
    name = escape(str(name))
    records = [(kind, value) for entry in entries if isinstance(entry, dict)
               for kind, value in entry.items()]
    has_txt = any(kind == "TXT" for kind, _ in records)
    lines = []
    for entry in entries:
        if entry == "TIMEOUT":
            lines.append(f"Z {name} TIMEOUT %")
            continue
        for kind, value in entry.items():
            lines += record_lines(name, kind, value)
    if not has_txt:
        for kind, value in records:
            if kind == "SPF" and value not in ("NONE", "TIMEOUT"):
                lines += record_lines(name, "TXT", value)
    return lines


def test_line(name, test):
    results = test["result"]
    results = results if isinstance(results, str) else ",".join(results)
    explanation = test.get("explanation")
    return " ".join(["T", name, test["host"], escape(test["mailfrom"]), escape(test["helo"]),
                     results, "-" if explanation is None else escape(explanation)])


def main():
    with open(sys.argv[1], "rb") as suite:
        for scenario in yaml.safe_load_all(suite):
            if not scenario:
                continue
            print("S", escape(scenario.get("description", "-")))
            for name, entries in scenario["zonedata"].items():
                print("\n".join(zone_lines(name, entries)))
            for name, test in scenario["tests"].items():
                print(test_line(name, test))


main()
