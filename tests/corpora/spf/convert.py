#!/usr/bin/env python3
"""Turns a test suite of RFC 7208 or RFC 4408 (YAML), or mail-auth's, into lines that test-spf-suite reads.

    convert.py rfc7208-tests.yml > rfc7208.txt
    convert.py stalwart/*.yml > stalwart.txt

S description                              a scenario begins
Z name TYPE value                          a record of its zone (MX: preference and host)
Z name TIMEOUT %                           what stands behind it in the scenario is not answered
T id client mail-from helo results explanation|-

Octets outside of A-Z a-z 0-9 . _ : / @ = - are written %XX; an empty text is a lone %. As the
suites have it, a name without TXT records has those of type SPF for TXT, and NONE for a value
means that this is not so, and no record.

mail-auth's files only look like YAML: keys repeat, and an "expect:" is a test of what the lines
above it say. "domain" is the HELO; an address under "mx" stands for a host with that address.
"""
import ipaddress
import os
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


def convert_suite(path):
    with open(path, "rb") as suite:
        for scenario in yaml.safe_load_all(suite):
            if not scenario:
                continue
            print("S", escape(scenario.get("description", "-")))
            for name, entries in scenario["zonedata"].items():
                print("\n".join(zone_lines(name, entries)))
            for name, test in scenario["tests"].items():
                print(test_line(name, test))


# --- mail-auth

def mx_lines(name, addresses):
    lines = []
    for number, address in enumerate(addresses):
        host = f"mx{number}.{re.sub('[^0-9a-f]', '-', address.lower())}.host.test"
        kind = "AAAA" if ":" in address else "A"
        lines += [f"Z {name} MX {number + 1} {host}", f"Z {host} {kind} {address}"]
    return lines


def mail_auth_lines(kind, name, text):
    """The zone of "kind: name value, value"."""
    if kind in ("spf", "exp"):
        return [f"Z {escape(name)} TXT {escape(text)}"]
    values = [part.strip() for part in text.split(",")]
    if kind == "ptr":
        pointer = ipaddress.ip_address(name).reverse_pointer
        return [f"Z {pointer} PTR {escape(host)}" for host in values]
    if kind == "mx":
        return mx_lines(name, values)
    return [f"Z {name} {kind.upper()} {value}" for value in values]


class MailAuth:
    """One section: its zone so far, and what the next "expect" is about."""

    def __init__(self, prefix):
        self.prefix, self.name, self.count = prefix, "", 0
        self.zone, self.is_new = {}, True
        self.state = {"domain": "", "sender": "", "ip": "127.0.0.1"}

    def add(self, kind, text):
        """What a name has of a kind takes the place of what it had."""
        name, _, value = text.partition(" ")
        self.zone[kind, name] = mail_auth_lines(kind, name, value.strip())
        self.is_new = True

    def expect(self, text):
        result, _, explanation = text.partition(" ")
        self.count += 1
        if self.is_new:
            print("S", escape(self.name))
            print("".join(line + "\n" for lines in self.zone.values() for line in lines), end="")
            self.is_new = False
        print("T", escape(f"{self.prefix}: {self.name}, {self.count}"), self.state["ip"],
              escape(self.state["sender"]), escape(self.state["domain"]), result,
              escape(explanation) if explanation else "-")

    def line(self, line):
        key, _, value = line.partition(":")
        value = value.strip()
        if key == "name":
            self.name, self.count = value, 0
        elif key == "expect":
            self.expect(value)
        elif key in self.state:
            self.state[key] = value
        elif key not in ("records", "tests"):
            self.add(key, value)


def convert_mail_auth(path):
    prefix = os.path.basename(path).removesuffix(".yml")
    with open(path, encoding="utf-8") as suite:
        for section in suite.read().split("---\n"):
            reader = MailAuth(prefix)
            for line in section.split("\n"):
                line = line.strip().removeprefix("-").strip()
                if line and not line.startswith("#"):
                    reader.line(line)


def main():
    for path in sys.argv[1:]:
        convert_mail_auth(path) if "stalwart" in path else convert_suite(path)


main()
