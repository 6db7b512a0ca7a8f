"""The invented internet of a corpus: who sends, from which addresses, and what its DNS says. Names are below .example,
addresses those that are set aside for documentation (RFC 5737, RFC 3849)."""
import ipaddress

from keys import stream

PROVIDERS, LISTS, BRANDS, STRANGERS = 12, 8, 180, 24
SYLLABLES = [a + b + c for a in "b d f g k l m n p r s t v".split() for b in "a e i o u".split() for c in ("", "n", "r")]
WORDS = ("", "", "", "-books", "-garden", "-coffee", "-travel", "-tools", "-maps", "-market")
SPF_LAYOUTS = {"include": 38, "ip4": 22, "a-mx": 10, "redirect": 8, "many-includes": 9, "macro": 4, "none": 4,
               "two-records": 1.5, "too-many-lookups": 2, "unknown-mechanism": 1.5}
SPF_ENDS = {("-all", "fail"): 50, ("~all", "softfail"): 38, ("?all", "neutral"): 7, ("", "neutral"): 5}
BROKEN = ("two-records", "too-many-lookups", "unknown-mechanism")


def pick(rng, weights):
    return rng.choices(list(weights), weights.values())[0]


def label_names(seed, count):
    rng, names = stream(seed, "names"), {}
    while len(names) < count:
        names["".join(rng.choice(SYLLABLES) for _ in range(3)) + rng.choice(WORDS)] = True
    return list(names)


def rsa_labels(seed):
    names = label_names(seed, PROVIDERS + LISTS + BRANDS)
    return [name + ".example" for name in names]


class Zone(dict):
    """As tests/differential/zone.py reads it."""

    def add(self, name, kind, value):
        values = self.setdefault(name, {}).setdefault(kind, [])
        if value not in values:
            values.append(value)

    def address(self, name, ip):
        self.add(name, "AAAA" if ":" in ip else "A", ip)


class Host:
    def __init__(self, zone, ip, helo, has_spf=True):
        self.ip, self.helo, self.helo_result = ip, helo, "pass" if has_spf else "none"
        zone.address(helo, ip)
        if has_spf:
            zone.add(helo, "TXT", "v=spf1 a -all")


class Sender:
    """A MAIL FROM domain: hosts that may use it, SPF's result from those, and from any other."""

    def __init__(self, domain, hosts, authorised, otherwise):
        self.domain, self.hosts, self.authorised, self.otherwise = domain, hosts, authorised, otherwise


class Provider:
    def __init__(self, zone, ring, domain, number):
        self.domain, self.selector, self.key = domain, "p2048", ring.rsa(domain)
        blocks = [ipaddress.ip_network("192.0.2.%d/28" % (16 * number)),
                  ipaddress.ip_network("198.51.100.%d/28" % (16 * number % 128))]
        six = ipaddress.ip_network("2001:db8:%x::/48" % (0x100 + number))
        self.hosts = [Host(zone, str(block[n]), "o%d-%d.out.%s" % (i, n, domain))
                      for i, block in enumerate(blocks) for n in range(1, 11)]
        self.hosts += [Host(zone, str(six[n]), "six%d.out.%s" % (n, domain)) for n in range(1, 5)]
        self.spf_name = "_spf." + domain
        zone.add(self.spf_name, "TXT", "v=spf1 ip4:%s include:_spf2.%s -all" % (blocks[0], domain))
        zone.add("_spf2." + domain, "TXT", "v=spf1 ip4:%s ip6:%s -all" % (blocks[1], six))
        zone.add(domain, "TXT", "v=spf1 redirect=" + self.spf_name)
        zone.add("bnc." + domain, "TXT", "v=spf1 include:%s -all" % self.spf_name)
        zone.add("p2048._domainkey." + domain, "TXT", self.key.record())
        self.sender = Sender("bnc." + domain, self.hosts, "pass", "fail")


class ListHost:
    def __init__(self, zone, ring, domain, number):
        self.domain, self.selector, self.key = domain, "arc1", ring.rsa(domain)
        self.host = Host(zone, "203.0.113.%d" % (192 + number), "out." + domain)
        zone.add(domain, "TXT", "v=spf1 ip4:%s -all" % self.host.ip)
        zone.add("arc1._domainkey." + domain, "TXT", self.key.record())


class Dmarc:
    def __init__(self, zone, rng, domain):
        self.is_published = rng.random() < 0.82
        self.is_strict = {"dkim": rng.random() < 0.12, "spf": rng.random() < 0.2}
        record = "v=DMARC1; p=%s" % rng.choice(["none", "none", "quarantine", "reject", "reject"])
        record += rng.choice(["", "", "; sp=none", "; sp=reject"])
        record += "; adkim=s" * self.is_strict["dkim"] + "; aspf=s" * self.is_strict["spf"]
        if self.is_published:
            zone.add("_dmarc." + domain, "TXT", record + "; rua=mailto:dmarc@" + domain)

    def judge(self, author, passed):
        """passed: (method, domain) pairs. Every organisation has its name right below .example."""
        def is_aligned(method, domain):
            return domain == author if self.is_strict[method] else domain.split(".")[-2:] == author.split(".")[-2:]

        if not self.is_published:
            return "none"
        return "pass" if any(is_aligned(*p) for p in passed) else "fail"


class Brand:
    """Whose newsletters and letters these are."""

    def __init__(self, zone, ring, rng, domain, number, providers):
        self.domain, self.name = domain, domain.split(".")[0].replace("-", " ").title()
        self.providers = rng.sample(providers, 3)
        self.key, self.ed_key = ring.rsa(domain), ring.ed25519(domain)
        self.hosts = [Host(zone, ip, "mail%d.%s" % (n, domain)) for n, ip in enumerate((
            "198.51.100.%d" % (128 + number % 128), "203.0.113.%d" % (1 + number), "2001:db8:%x::1" % (0x1000 + number)), 1)]
        bounces = rng.choices(["own", "sub", "provider"], [45, 35, 20])[0]
        layout, end = pick(rng, SPF_LAYOUTS), pick(rng, SPF_ENDS)
        if bounces == "provider":
            self.sender = self.providers[0].sender
        else:
            self.sender = self.publish_spf(zone, domain if bounces == "own" else "em." + domain, layout, *end)
        for name in (domain, "news." + domain):
            if "MX" not in zone.get(name, {}):
                zone.add(name, "MX", [10, self.hosts[0].helo])
        self.dmarc = Dmarc(zone, rng, domain)
        self.publish_keys(zone, rng)

    def publish_keys(self, zone, rng):
        self.selector = rng.choice(["s1", "k1", "mail", "sel2026", "default"])
        name = "%s._domainkey.%s" % (self.selector, self.domain)
        if rng.random() < 0.4:
            hosted = "%s.dkim.%s" % (self.domain.split(".")[0], self.providers[0].domain)
            zone.add(name, "CNAME", hosted)
            name = hosted
        zone.add(name, "TXT", self.key.record())
        zone.add("ed1._domainkey." + self.domain, "TXT", self.ed_key.record())
        zone.add("old._domainkey." + self.domain, "TXT", "v=DKIM1; k=rsa; p=")

    def publish_spf(self, zone, domain, layout, end, otherwise):
        own = ["ip%s:%s" % ("6" if ":" in h.ip else "4", h.ip) for h in self.hosts]
        includes = ["include:" + p.spf_name for p in self.providers]
        hosts, records = self.hosts, [own]
        if layout == "none":
            return Sender(domain, hosts, "none", "none")
        if layout == "include":
            hosts, records = self.hosts + self.providers[0].hosts, [own + includes[:1]]
        elif layout == "many-includes":
            hosts, records = self.providers[2].hosts, [includes]
        elif layout == "redirect":
            hosts, records, end, otherwise = self.providers[0].hosts, [["redirect=" + self.providers[0].spf_name]], "", "fail"
        elif layout == "a-mx":
            hosts, records = self.hosts[:2], [["a", "mx"]]
            zone.address(domain, self.hosts[0].ip)
            zone.add(domain, "MX", [10, self.hosts[1].helo])
        elif layout == "macro":
            hosts, records = self.hosts[:2], [["exists:%{ir}._ip.%{d}"]]
            for host in hosts:
                zone.add("%s._ip.%s" % (".".join(reversed(host.ip.split("."))), domain), "A", "127.0.0.2")
        elif layout == "two-records":
            records = [own, includes[:1]]
        elif layout == "unknown-mechanism":
            records = [["ipv4:192.0.2.1"] + own]
        elif layout == "too-many-lookups":
            records = [["include:_l1." + domain]]
            for n in range(1, 13):
                zone.add("_l%d.%s" % (n, domain), "TXT", "v=spf1 include:_l%d.%s -all" % (n + 1, domain))
            zone.add("_l13." + domain, "TXT", "v=spf1 ip4:192.0.2.0/24 -all")
        for terms in records:
            zone.add(domain, "TXT", " ".join(["v=spf1"] + terms + [end]).strip())
        return Sender(domain, hosts, *("permerror",) * 2 if layout in BROKEN else ("pass", otherwise))


class World:
    def __init__(self, seed, ring):
        domains, self.zone, rng = rsa_labels(seed), Zone(), stream(seed, "world")
        self.providers = [Provider(self.zone, ring, domains.pop(), n) for n in range(PROVIDERS)]
        self.lists = [ListHost(self.zone, ring, domains.pop(), n) for n in range(LISTS)]
        self.brands = [Brand(self.zone, ring, rng, domain, n, self.providers) for n, domain in enumerate(domains)]
        self.weights = [1 / (rank + 3) for rank in range(len(self.brands))]
        self.strangers = [Host(self.zone, "203.0.113.%d" % (225 + n), "vps%d.hosting.example" % n, False)
                          for n in range(STRANGERS)]
