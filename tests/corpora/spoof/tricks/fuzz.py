"""FZ: From fields put together from pieces that programs are known to read differently. Every one of them carries
an address of the impersonated domain somewhere, and comes from the attacker, for whom SPF passes."""
import base64
import itertools

from . import samples
from .wire import ATT, LEG, RECEIVED, captured, letter

L, A = "admin@" + LEG, "any@" + ATT
B64 = base64.b64encode(L.encode()).decode()

# How an address is written; True: it stands there as text that has to be listed.
FORMS = (("%s", True), ("<%s>", True), ("<%s", True), ("%s>", True), ("<<%s>>", True), ("\"%s\"", False), ("(%s)", False),
         ("<@a.example:%s>", True), ("Name <%s>", True), ("\"N\" <%s>", True), ("[%s]", False), ("\\%s", True),
         ("<%s>(", True), ("%s\0", True), ("Group: %s;", True), ("<\t%s>", True), ("<%s >", True), (";%s", True))
JOINTS = (",", " ", "", ", ", ";", "\\,", "\0", "\r\n ", ",,", "()", "\t", "<>", "\x01")
WORDS = ("=?utf-8?B?%s?=" % B64, "=?utf-8?Q?%s?=" % L.replace("@", "=40"), "=?us-ascii?b?%s?=" % B64,
         "\"=?utf-8?B?%s?=\"" % B64, "=?utf-8?B?%s?==?utf-8?Q?=00?=" % B64, "=?utf-8?Q?%s=0A?=" % L)


def values():
    """(value of From, addresses that must be listed)."""
    for number, ((first, is_first), (second, is_second), joint) in enumerate(itertools.product(FORMS, FORMS, JOINTS)):
        # Every seventh of the four thousand: each piece meets each other kind of piece often enough.
        if number % 7:
            continue
        pair = (L, A) if number % 2 else (A, L)
        listed = [address for address, there in zip(pair, (is_first, is_second)) if there]
        # Two addresses without anything between them are no two addresses.
        if joint in ("", "()", "\x01", "\0", "<>") or "\\" in first + second + joint or "(" in first:
            listed = []
        yield (first % pair[0]) + joint + (second % pair[1]), listed
    for text, tail in itertools.product(WORDS, ("@" + ATT, " <%s>" % A, ", %s" % A, "<%s>" % A)):
        yield text + tail, []


def make():
    """An mboxrd of them all."""
    out = []
    for value, listed in values():
        head = [b"From: " + value.encode("latin-1") + b"\r\n"]
        if listed:
            head.append(("X-Fuzz-Lists", " ".join(listed)))
        message = captured(letter(*head, body=b"x\r\n"), ATT, "any@" + ATT)
        out.append(samples.mail.mbox_message("any@" + ATT, RECEIVED, message))
    return b"".join(out), len(out)
