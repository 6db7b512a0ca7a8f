#!/usr/bin/python3
"""Writes kantei-findings(7): every finding that the sources can tell, with its severity and its sentence.

    findings.py SRC >kantei-findings.7     "make findings" does

The sources are the one place where a finding is worded; this reads the codes, severities and texts out of them. A
finding that it cannot read ends it with status 1.
"""
import os
import re
import sys
import textwrap

LITERAL = r'"(?:[^"\\]|\\.)*"'
FINDING = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)*)",\s*((?:[^,;{}"]*\?\s*)?SEVERITY_[A-Z]+(?:\s*:\s*SEVERITY_[A-Z]+)?),'
                     r'\s*N_\(((?:\s*' + LITERAL + r')+)\s*\)')
# A row of a table that stands for no finding.
NO_FINDING = re.compile(r'NULL,\s*SEVERITY_[A-Z]+,\s*NULL')
ROOMS = (("mailbox", "The store"), ("message", "The message"), ("auth", "The methods"),
         ("analysis", "All of it together"), ("engine", "The run"), ("survey", "What a sender publishes"))
HEAD = r""".\" Made by man/findings.py from the sources; "make findings" makes it again.
.\" Licence: GPL-3.0-or-later
.Dd November 24, 2026
.Dt KANTEI-FINDINGS 7
.Os
.Sh NAME
.Nm kantei-findings
.Nd what kantei remarks on in a message, and in what a sender publishes
.Sh DESCRIPTION
A finding is what is remarkable about a message, its store, or the DNS answers that it was judged by;
in a survey, about the records that a sender publishes.
It changes no mark: where a trick forbids a pass, the verdict says so itself.
.Xr kantei 1
lists the findings in the account of a message and in its record, each with a code, a severity, a
sentence, data for the sentence, and the octets that it is about, as offset and length from the start
of the message as it is stored.
A survey lists them with each sender, without a place, and counts how many senders have each.
There, codes begin with
.Cm survey- ,
but where the methods find the same in mail
.Pq The methods .
Codes are stable; programs match them.
.Bl -tag -width Ds
.It Cm info
To be known, no cause for worry.
.It Cm notice
Unusual, or limits what the verdicts prove.
.It Cm warning
Not as the standards have it; may mislead a reader.
.It Cm alert
A known trick to deceive.
.El
"""
TAIL = r""".Sh SEE ALSO
.Xr kantei 1
"""


def text_of(literals):
    return "".join(re.sub(r'\\(.)', r'\1', part[1:-1]) for part in re.findall(LITERAL, literals))


def read(path):
    """[(code, severities, text)] of a file."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    found = []
    for match in FINDING.finditer(source):
        severities = [s.lower() for s in re.findall(r"SEVERITY_([A-Z]+)", match[2])]
        found.append((match[1], severities, text_of(match[3])))
    told = len(re.findall(r"\bSEVERITY_[A-Z]+", NO_FINDING.sub("", source)))
    if told != sum(len(severities) for _, severities, _ in found):
        sys.exit("%s: %d severities, but only %s can be read" % (path, told, [code for code, _, _ in found]))
    return found


def gather(src):
    """{room: {code: {text: severities}}}"""
    rooms = {}
    for room, _ in ROOMS:
        codes = rooms.setdefault(room, {})
        for folder, _, names in os.walk(os.path.join(src, room)):
            for name in sorted(n for n in names if n.endswith(".c")):
                for code, severities, text in read(os.path.join(folder, name)):
                    known = codes.setdefault(code, {}).setdefault(text, [])
                    known += [s for s in severities if s not in known]
    return rooms


def mdoc(text):
    sentences = re.split(r"(?<=[.]) (?=[A-Z])", text.replace("\\", r"\e"))
    lines = [line for sentence in sentences
             for line in textwrap.wrap(sentence, 96, break_long_words=False, break_on_hyphens=False)]
    return "".join((r"\&" if line[0] in ".'" else "") + line + "\n" for line in lines)


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    out = HEAD
    for room, title in ROOMS:
        codes = gather(sys.argv[1])[room]
        out += ".Ss %s\n" % title
        out += ".Bl -tag -width Ds\n"
        for code in sorted(codes):
            order = ("info", "notice", "warning", "alert")
            severities = sorted({s for texts in codes[code].values() for s in texts}, key=order.index)
            out += ".It Cm %s Pq %s\n" % (code, " or ".join(severities))
            out += "".join(mdoc(text) for text in codes[code])
        out += ".El\n"
    sys.stdout.write(out + TAIL)


if __name__ == "__main__":
    main()
