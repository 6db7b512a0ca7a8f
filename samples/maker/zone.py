"""The made-up DNS: a model of zones, and the evidence file that a run of that day would have left."""
import datetime
import zlib

NOERROR, NXDOMAIN = "NOERROR", "NXDOMAIN"
MS = 1000


def owner(name):
    return name.rstrip(".").lower() + "."


def txt_rdata(text):
    octets = text.encode()
    strings = [octets[i:i + 255] for i in range(0, max(len(octets), 1), 255)]
    return " ".join('"' + s.decode().replace("\\", "\\\\").replace('"', '\\"') + '"' for s in strings)


def rfc3339(milliseconds):
    moment = datetime.datetime.fromtimestamp(milliseconds // MS, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (milliseconds % MS)


class Zone:
    """Names and their records. What is not there does not exist, save names that something is below."""

    def __init__(self):
        self.names = {}      # name -> {type: [rdata value]}
        self.asked = {}      # (name, type) -> milliseconds when it was first asked
        self.secure = set()  # names at and below which the resolver validates answers
        self.failing = {}    # name -> the outcome of every question for it
        self.known = (0, frozenset())

    def add(self, name, kind, *values):
        records = self.names.setdefault(name.lower(), {})
        for value in values:
            if value not in records.setdefault(kind, []):
                records[kind].append(value)

    def exists(self, name):
        if self.known[0] != len(self.names):
            self.known = len(self.names), {".".join(n.split(".")[i:]) for n in self.names for i in range(n.count(".") + 1)}
        return name in self.known[1]

    def chain(self, name, kind):
        """The records that answer a question, the CNAME chain first: (owner, type, value)."""
        types = self.names.get(name, {})
        if "CNAME" in types and kind != "CNAME":
            target = types["CNAME"][0]
            return [(name, "CNAME", target)] + self.chain(target, kind)
        return [(name, kind, value) for value in types.get(kind, [])]

    def end(self, name):
        types = self.names.get(name, {})
        return self.end(types["CNAME"][0]) if "CNAME" in types else name

    def values(self, name, kind):
        return [v for _, k, v in self.chain(name.rstrip(".").lower(), kind) if k == kind]

    def ask(self, name, kind, at):
        key = (name.rstrip(".").lower(), kind)
        self.asked[key] = min(at, self.asked.get(key, at))

    def ask_host(self, name, at):
        for kind in ("TXT", "A", "AAAA", "MX"):
            self.ask(name, kind, at)

    def ask_walk(self, name, at):
        """All that the tree walk of RFC 9989 and the look-up of RFC 7489 may ask for."""
        labels = name.split(".")
        for i in range(len(labels)):
            self.ask("_dmarc." + ".".join(labels[i:]), "TXT", at)

    def evidence(self):
        out = [";kantei-evidence 1\n"]
        for (name, kind), at in sorted(self.asked.items(), key=lambda item: (item[1], item[0])):
            out.append(self.group(name, kind, at))
        return "".join(out)

    def group(self, name, kind, at):
        records = self.chain(name, kind)
        outcome = NOERROR if self.exists(self.end(name)) else NXDOMAIN
        is_there = any(k == kind for _, k, _ in records)
        # Figures that look measured and are always the same.
        spread = zlib.crc32(("%s %s" % (name, kind)).encode())
        if name in self.failing:
            outcome, records, is_there = self.failing[name], [], True
        question = ";q %s %s %s n=%d%s at=%s ms=%d via=192.0.2.53@53/udp sec=%s" % (
            owner(name), kind, outcome, len(records), "" if is_there else " soa=900",
            rfc3339(at + spread % 4000), 4 + spread % 90, self.security(name))
        lines = "".join("%s\t%d\tIN\t%s\t%s\n" % (owner(n), 300 if k == "CNAME" else 3600, k, rdata(k, v))
                        for n, k, v in records)
        return "%s crc=%08x\n%s" % (question, zlib.crc32((question + lines).encode()), lines)

    def security(self, name):
        if name in self.failing:
            return "?"
        labels = name.split(".")
        return "ad" if any(".".join(labels[i:]) in self.secure for i in range(len(labels))) else "no"


def rdata(kind, value):
    if kind == "TXT":
        return txt_rdata(value)
    if kind == "MX":
        return "0 ." if value == "." else "10 " + owner(value)
    return owner(value) if kind == "CNAME" else value
