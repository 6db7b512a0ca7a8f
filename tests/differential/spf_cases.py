"""SPF records as people and machines might write them, right and wrong, with the DNS under them."""

SYNTAX_ERRORS = (
    "a:", "mx:", "ptr:", "include:", "exists:", "redirect=", "include", "exists", "ip4", "ip6", "ip4:", "ip4:1.2.3",
    "ip4:1.2.3.4.5", "ip4:1.2.3.256", "ip4:1.2.3.4/33", "ip4:1.2.3.4/032", "ip4:1.2.3.4//32", "ip4:1.2.3.4/", "ip4:1.2.3.4:25",
    "ip6:::1/129", "ip6:1:2:3", "ip6:::1//64", "ip6:1.2.3.4", "a/33", "a//129", "a/24/64", "a/", "a//", "mx/08", "a/+24", "ptr/24",
    "all:x.example", "all/8", "all.", "--all", "+-all", "exists:%{z}.x.example", "exists:%{i", "exists:%(i).x.example",
    "exists:%%{d0}.x.example", "exists:%{d0}.x.example", "a:x", "a:x.", "a:1.2.3.4", "a:x.123", "a:x.-com", "a:x.com-", "redirect:x.example",
    "exp:x.example", "foo", "foo:bar", "foo=%{z}", "foo=%", "1foo=bar", "=bar", "include=x.example", "a:x..example", "\xe9", "a:\xe9.example",
    "exists:%{c}.x.example", "exists:x.example/24", "ip4:01.2.3.4", "a:x.example//64/24", "a:/24", "mx//0128", "v=spf1", "ipv4:1.2.3.4", "a:%{d}%",
)
MACROS = ("%{i}", "%{ir}", "%{I}", "%{d}", "%{d1}", "%{dr}", "%{d2r}", "%{o}", "%{o1}", "%{h}", "%{H}", "%{l}", "%{lr}", "%{l1r-}", "%{l+}",
          "%{L}", "%{s}", "%{S}", "%{v}", "%{%", "%%", "%_", "%-", "%{d128}", "%{p}", "%{p2}", "%{h1r}", "%{l-+,/_=}", "%{ir-}")
QUALIFIERS = ("", "", "", "", "+", "-", "~", "?")
VERSIONS = ("V=SPF1", "v=SpF1", "v=spf10", "v=spf1.0", "v=spf2.0/mfrom", " v=spf1", "v=spf1\t", "v= spf1", "v=spf", "\"v=spf1")


class Case:
    """One case while it is made: its names, its client, its zone."""

    def __init__(self, rng, number):
        self.rng, self.number = rng, number
        self.domain = "s%d.example" % number
        self.zone = {}
        self.parts = 0
        self.four = rng.random() < 0.7
        high, low = divmod(number, 250)
        self.net4 = "81.%d.%d." % (high % 250 + 1, low + 1)
        self.net6 = "2a01:%x:%x::" % (0x100 + high, low + 1)
        self.ip = self.net4 + "10" if self.four else self.net6 + "10"

    def chance(self, share):
        return self.rng.random() < share

    def near(self):
        """The client's address, or one of its neighbours."""
        last = self.rng.choice(("10", "10", "11", "20", "200"))
        return self.net4 + last, self.net6 + last


def reverse(ip):
    if "." in ip:
        return ".".join(reversed(ip.split("."))) + ".in-addr.arpa"
    head, tail = ip.split("::")
    groups = head.split(":")
    groups += ["0"] * (7 - len(groups)) + [tail]
    return ".".join(reversed("".join(g.rjust(4, "0") for g in groups))) + ".ip6.arpa"


def host(case):
    """A name with addresses, without, missing, or out of order."""
    case.parts += 1
    name = "h%d.%s" % (case.parts, case.domain)
    kind = case.rng.choices(("both", "four", "six", "many", "nodata", "nxdomain", "cname", "SERVFAIL", "TIMEOUT", "loop"),
                            (20, 14, 8, 4, 4, 8, 5, 2, 1, 1))[0]
    four, six = case.near()
    if kind in ("both", "four", "six", "many"):
        types = case.zone[name] = {}
        if kind != "six":
            types["A"] = [four]
        if kind != "four":
            types["AAAA"] = [six]
        if kind == "many":
            types["A"] = [case.net4 + str(i) for i in range(100, 112)] + [four]
    elif kind == "nodata":
        case.zone[name] = {"TXT": ["nothing here"]}
    elif kind == "cname":
        case.zone[name] = {"CNAME": [host(case)]}
    elif kind == "loop":
        case.zone[name] = {"CNAME": ["loop." + name]}
        case.zone["loop." + name] = {"CNAME": [name]}
    elif kind != "nxdomain":
        case.zone[name] = {"ERR": kind}
    return name


def exchangers(case):
    case.parts += 1
    name = "m%d.%s" % (case.parts, case.domain)
    count = case.rng.choice((0, 1, 1, 1, 2, 2, 3, 10, 11, 12)) if not case.chance(0.15) else -1
    if count == 0:
        case.zone[name] = {"A": [case.near()[0]]}
    elif count > 0:
        case.zone[name] = {"MX": [[10 * i, host(case)] for i in range(count)]}
        if case.chance(0.05):
            case.zone[name]["MX"] = [[0, ""]]
    return name


def prefix(case):
    four = case.rng.choice(("", "", "", "/24", "/31", "/32", "/8", "/0"))
    six = case.rng.choice(("", "", "", "//64", "//128", "//126", "//0"))
    return four + six


def macro_name(case):
    macros = "".join(case.rng.choice(MACROS) + case.rng.choice((".", ".", "", "-", "_")) for _ in range(case.rng.randint(1, 3)))
    macros = macros.rstrip(".")
    case.parts += 1
    below = "e%d.%s" % (case.parts, case.domain)
    if case.chance(0.5):
        case.zone["*." + below] = {"A": ["127.0.0.2"]}
    return macros + "." + below


def target(case):
    """What stands behind "a" or "mx": nothing, a name, a name out of macros."""
    if case.chance(0.15):
        return ""
    if case.chance(0.08):
        return ":" + macro_name(case)
    return None


def term_a(case):
    where = target(case)
    return "a" + (where if where is not None else ":" + host(case)) + prefix(case)


def term_mx(case):
    where = target(case)
    return "mx" + (where if where is not None else ":" + exchangers(case)) + prefix(case)


def term_ptr(case):
    if case.chance(0.6):
        names = ["p%d.%s" % (i, case.domain) for i in range(case.rng.choice((1, 1, 2, 11, 12)))]
        case.zone[reverse(case.ip)] = {"PTR": names}
        for name in names:
            if case.chance(0.6):
                case.zone[name] = {"A": [case.near()[0]], "AAAA": [case.near()[1]]}
    elif case.chance(0.3):
        case.zone[reverse(case.ip)] = {"ERR": "SERVFAIL"}
    return case.rng.choice(("ptr", "ptr:" + case.domain, "ptr:p0." + case.domain, "ptr:other.example"))


def term_ip4(case):
    return "ip4:" + case.near()[0] + case.rng.choice(("", "", "/32", "/31", "/24", "/28", "/8", "/1", "/0"))


def term_ip6(case):
    address = case.rng.choice((case.near()[1], case.near()[1].upper(), "::", "::ffff:" + case.near()[0]))
    return "ip6:" + address + case.rng.choice(("", "", "/128", "/127", "/64", "/48", "/1", "/0"))


def term_exists(case):
    return "exists:" + (macro_name(case) if case.chance(0.7) else host(case))


def term_include(case, depth=0):
    return "include:" + child(case, depth + 1)


def child(case, depth):
    """A name with a record of its own, to be included or redirected to."""
    case.parts += 1
    name = "i%d.%s" % (case.parts, case.domain)
    kind = case.rng.choices(("record", "none", "nxdomain", "two", "SERVFAIL", "self", "cname"), (30, 2, 2, 1, 1, 1, 2))[0]
    if kind == "record":
        case.zone[name] = {"TXT": [record(case, depth)]}
    elif kind == "none":
        case.zone[name] = {"TXT": ["no policy here"]}
    elif kind == "two":
        case.zone[name] = {"TXT": ["v=spf1 +all", "v=spf1 -all"]}
    elif kind == "self":
        case.zone[name] = {"TXT": ["v=spf1 include:%s -all" % name]}
    elif kind == "cname":
        case.zone[name] = {"CNAME": ["c." + name]}
        case.zone["c." + name] = {"TXT": [record(case, depth)]}
    elif kind == "SERVFAIL":
        case.zone[name] = {"ERR": kind}
    return name


TERMS = ((term_a, 20), (term_mx, 14), (term_ptr, 8), (term_ip4, 16), (term_ip6, 12), (term_exists, 14), (term_include, 16))


def mechanism(case, depth):
    make = case.rng.choices([t for t, _ in TERMS], [w for _, w in TERMS])[0]
    if make is term_include:
        return make(case, depth) if depth < 4 else "ip4:192.0.2.1"
    return make(case)


def mixed_case(case, term):
    return term[:1].upper() + term[1:] if case.chance(0.05) else term


def record(case, depth=0):
    count = case.rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 8, 11 if depth < 2 else 2))
    terms = [case.rng.choice(QUALIFIERS) + mixed_case(case, mechanism(case, depth)) for _ in range(count)]
    if case.chance(0.7):
        terms.append(case.rng.choice(("-all", "~all", "?all", "+all", "all", "-ALL")))
    if case.chance(0.15 if depth < 4 else 0):
        terms.insert(case.rng.randint(0, len(terms)), "redirect=" + child(case, depth + 1))
    if case.chance(0.05):
        terms.insert(case.rng.randint(0, len(terms)), case.rng.choice(("foo=bar", "x.y-z_1=%{i}", "exp=e." + case.domain, "op=", "A=%%")))
    if case.chance(0.12 if depth == 0 else 0.06):
        terms.insert(case.rng.randint(0, len(terms)), case.rng.choice(SYNTAX_ERRORS))
    if case.chance(0.03):
        terms.append(case.rng.choice(("redirect=%s redirect=%s" % (host(case), host(case)), "exp=a.example exp=b.example")))
    version = "v=spf1" if not case.chance(0.03) else case.rng.choice(VERSIONS)
    between = case.rng.choice((" ",) * 12 + ("  ", "   ", "\t" if case.chance(0.3) else " "))
    return between.join([version] + terms) + case.rng.choice(("",) * 12 + (" ", "  "))


def top_level(case):
    """The TXT records of the sender's domain."""
    texts = [record(case)]
    if case.chance(0.03):
        texts.append(case.rng.choice(("v=spf1 -all", "v=spf1", "V=SPF1 +all")))
    if case.chance(0.1):
        texts.insert(0, "site-verification=0123456789")
    if case.chance(0.1) and len(texts[-1]) > 20:
        cut = case.rng.randint(1, len(texts[-1]) - 1)
        texts[-1] = [texts[-1][:cut], texts[-1][cut:]]
    return [t if isinstance(t, list) else [t[i:i + 255] for i in range(0, len(t), 255)] or [""] for t in texts]


def make(rng, number):
    case = Case(rng, number)
    case.zone[case.domain] = {"TXT": top_level(case)}
    if case.chance(0.4):
        case.zone[case.domain].update({"A": [case.near()[0]], "AAAA": [case.near()[1]]})
    if case.chance(0.3):
        case.zone[case.domain]["MX"] = [[10, host(case)], [20, host(case)]]
    if case.chance(0.02):
        case.zone[case.domain] = {"ERR": case.rng.choice(("SERVFAIL", "TIMEOUT"))}
    local = rng.choice(("news", "a-b-c", "strong-bad", "x+tag", "Mixed.Case", "a.b", "o'neil", "under_score", "eq=al", "s/lash"))
    helo = rng.choice(("mta%d.helo.example" % number, case.domain, "mail-1." + case.domain))
    return {"id": "spf-%d" % number, "method": "spf", "ip": case.ip, "helo": helo, "sender": "%s@%s" % (local, case.domain),
            "zone": case.zone}
