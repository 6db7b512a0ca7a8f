"""What surveys of published records need: the questions that going through a sender's records asks."""
import datetime
import zlib


def midnight(day):
    moment = datetime.datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 1000


def number(text, below):
    """A figure that looks drawn and is always the same."""
    return zlib.crc32(text.encode()) % below


def spf_records(zone, domain):
    return [text for text in zone.values(domain, "TXT") if (text + " ").startswith("v=spf1 ")]


def ask_spf(zone, domain, at, left=60):
    zone.ask(domain, "TXT", at)
    for term in " ".join(spf_records(zone, domain)).split()[1:]:
        name, _, target = term.lstrip("+-~?").partition(":")
        if name.startswith("redirect="):
            name, target = "include", name.partition("=")[2]
        target = target.partition("/")[0] or domain
        if name == "include" and left:
            ask_spf(zone, target, at, left - 1)
        if name.partition("/")[0] == "mx":
            zone.ask(target, "MX", at)
        for host in [target] if name.partition("/")[0] == "a" else zone.values(target, "MX") if name == "mx" else []:
            if host != ".":
                zone.ask(host, "A", at)
                zone.ask(host, "AAAA", at)


def ask_sender(zone, domain, selectors, at):
    ask_spf(zone, domain, at)
    zone.ask(domain, "MX", at)
    zone.ask_walk(domain, at)
    for selector in selectors:
        zone.ask("%s._domainkey.%s" % (selector, domain), "TXT", at)


def has_spf(zone, domain):
    return bool(spf_records(zone, domain))


def has_dmarc(zone, domain):
    """A record of the domain, or of one that it lies below."""
    labels = domain.split(".")
    return any(zone.values("_dmarc." + ".".join(labels[i:]), "TXT") for i in range(len(labels)))


def csv(head, rows):
    for row in rows:
        assert not any(c in cell for cell in row for c in ",\"\r\n")
    return "".join(",".join(row) + "\r\n" for row in [head] + rows).encode()
