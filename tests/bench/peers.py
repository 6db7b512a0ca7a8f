"""Other programs that answer some of the same questions. Each is handed the messages as files, the envelope, and DNS
answers out of memory: none has to parse a mailbox or to wait for a server, but for rspamd, which is one and asks one."""
import json
import os
import re
import shutil
import subprocess
import sys

import keys  # noqa: F401 (finds tests/differential)
import zone

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 1000  # messages that opendkim is given at a time: its list of files is one argument
WORDS = ("spf", "dkim", "dmarc", "arc")


def can_run(command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def opendkim_settings(folder):
    """Its own way to be told DNS answers."""
    settings, data = os.path.join(folder, "opendkim.conf"), os.path.join(folder, "opendkim.dns")
    with open(os.path.join(folder, "zone.json"), encoding="ascii") as file:
        names = json.load(file)
    with open(data, "w", encoding="ascii") as out:
        for name in names:
            if "._domainkey." in name:
                text = b"".join(p for _, kind, value in zone.lookup(names, name, "TXT")[1] if kind == "TXT"
                                for p in zone.strings(value)).decode()
                out.write("%s %s\n" % (name, text))
    with open(settings, "w", encoding="ascii") as out:
        out.write("Mode v\nOn-Default accept\nMinimumKeyBits 1024\nTestDNSData file:%s\n" % data)
    return settings


def opendkim(folder, messages):
    """Its commands."""
    settings = opendkim_settings(folder)
    names = ["%06d.eml" % n for n in range(1, messages + 1)]
    return [["opendkim", "-x", settings, "-v", "-t", ",".join(names[at:at + BATCH])]
            for at in range(0, messages, BATCH)]


def read_opendkim(text):
    for number, said in re.findall(r"(?m)^opendkim: 0*(\d+)\.eml: ((?:message not signed|verification).*)$", text):
        result = "none" if "not signed" in said else "pass" if said.endswith("succeeded") else \
            "permerror" if "key not found" in said or "revoked" in said else "fail"
        yield int(number), {"dkim": result}


def read_lines(text):
    """A JSON object a line."""
    for line in text.splitlines():
        item = json.loads(line)
        yield int(item["number"]), {word: item[word] for word in WORDS if item.get(word)}


def installed(folder, messages, modules):
    """{name: (commands, how their output is read)}"""
    found = {}
    if shutil.which("opendkim"):
        found["opendkim (DKIM only)"] = opendkim(folder, messages), read_opendkim
    python = [sys.executable, os.path.join(HERE, "peer_python.py"), folder, str(messages)]
    if can_run([sys.executable, "-c", "import dkim, spf"]):
        found["dkimpy, pyspf"] = [python], read_lines
    if can_run(["perl", "-MMail::DKIM", "-MMail::SPF", "-MMail::DMARC", "-e", "1"]):
        found["Mail::DKIM, ::SPF, ::DMARC"] = [["perl", os.path.join(HERE, "peer_perl.pl"), folder, str(messages)]], read_lines
    if shutil.which("rspamd") and can_run([sys.executable, "-c", "import dns.message"]):
        found["rspamd"] = [[sys.executable, os.path.join(HERE, "peer_rspamd.py"), folder, str(messages)]], read_lines
    if modules and os.path.isdir(os.path.join(modules, "mailauth")):
        found["mailauth"] = [["node", os.path.join(HERE, "peer_mailauth.js"), folder, str(messages),
                              os.path.abspath(modules)]], read_lines
    return found
