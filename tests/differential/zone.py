"""The DNS of a case: names and their records, and the evidence file that kantei reads them from.

A zone is {name: {type: [rdata]}}, names in lower case without a final dot. {"CNAME": [name]} leads
elsewhere, {"ERR": "SERVFAIL"} or {"ERR": "TIMEOUT"} answers nothing, a name that begins with "*."
answers for all below it that has no name of its own. TXT is a text or a list of strings, each octet
a character; MX is [preference, name].
"""
import re
import zlib

AT = "2026-01-05T00:00:10.000Z"
CHAIN = 8


def find(zone, name):
    """The records of a name, its own or those of a wildcard above it."""
    if name in zone:
        return zone[name]
    labels = name.split(".")
    for i in range(1, len(labels)):
        if "*." + ".".join(labels[i:]) in zone:
            return zone["*." + ".".join(labels[i:])]
        if ".".join(labels[i:]) in zone:
            return None
    return None


def lookup(zone, name, kind):
    """(outcome, [(owner, type, rdata)]) with the CNAMEs in front."""
    name, rrs = name.lower().rstrip("."), []
    for _ in range(CHAIN):
        types = find(zone, name)
        if types is None:
            return "NXDOMAIN", rrs
        if "ERR" in types:
            return types["ERR"], []
        if "CNAME" not in types:
            return "NOERROR", rrs + [(name, kind, value) for value in types.get(kind, [])]
        target = types["CNAME"][0].lower()
        rrs.append((name, "CNAME", target))
        name = target
    return "SERVFAIL", []


def strings(value):
    """The character strings of a TXT value, as octets."""
    parts = value if isinstance(value, list) else [value[i:i + 255] for i in range(0, max(len(value), 1), 255)]
    return [part.encode("latin-1") for part in parts]


def quoted(octets):
    return '"%s"' % "".join("\\" + chr(o) if o in b'"\\' else chr(o) if 0x20 <= o < 0x7F else "\\%03d" % o
                            for o in octets)


def owner(name):
    return re.sub(r'[^!#%&\'*+,\-./0-9:<=>?A-Z\[\]^_`a-z{|}~]', lambda m: "\\%03d" % ord(m[0]), name) + "."


def rdata(kind, value):
    if kind == "TXT":
        return " ".join(quoted(part) for part in strings(value))
    if kind == "MX":
        return "%d %s" % (value[0], owner(value[1]))
    return value if kind in ("A", "AAAA") else owner(value)


def plain_name(text):
    """A name out of a record of kantei's: escapes undone, no final dot."""
    text = re.sub(r"\\(\d{3}|.)", lambda m: chr(int(m[1])) if len(m[1]) == 3 else m[1], text)
    return text.rstrip(".")


def group(zone, name, kind):
    """The lines of the evidence file that answer a question."""
    outcome, rrs = lookup(zone, name, kind)
    lines = "".join("%s\t300\tIN\t%s\t%s\n" % (owner(n), k, rdata(k, v)) for n, k, v in rrs)
    question = ";q %s %s %s n=%d at=%s ms=1 via=192.0.2.53@53/udp sec=no" % (
        owner(name), kind, outcome, len(rrs), AT)
    return "%s crc=%08x\n%s" % (question, zlib.crc32((question + lines).encode()), lines)
