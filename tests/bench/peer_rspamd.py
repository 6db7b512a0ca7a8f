"""rspamd over a corpus: peer_rspamd.py CORPUS MESSAGES; a JSON object a message.

rspamd is a server, and asks the DNS over the network. So it is started with a configuration that has SPF, DKIM, DMARC and ARC
and nothing else, one worker, and a DNS server on loopback that answers from zone.json. That server, and the client that hands
over one message after the other, are a process that nobody waits for: what this command costs is rspamd's.
"""
import csv
import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "differential"))
import zone  # noqa: E402 (a neighbour's folder)

PLUGINS = "/usr/share/rspamd/plugins"
START_SECONDS = 60
SETTINGS = """
options {
    tempdir = "%(folder)s"; pidfile = "%(folder)s/pid"; hs_cache_dir = "%(folder)s"; url_tld = "%(folder)s/suffixes";
    filters = "dkim"; local_addrs = [];
    dns { nameserver = ["127.0.0.1:%(dns)d"]; timeout = 5s; retransmits = 2; }
}
logging { type = "file"; filename = "%(folder)s/log"; level = "error"; }
worker "normal" { bind_socket = "127.0.0.1:%(port)d"; count = 1; }
modules { path = "%(plugins)s/spf.lua"; path = "%(plugins)s/dmarc.lua"; path = "%(plugins)s/arc.lua"; }
spf { check_local = true; }
dkim { check_local = true; }
dmarc { check_local = true; }
arc { check_local = true; }
"""
# Names that are registered under: the corpus' own, which no list has, and what stands in its zone.
SUFFIXES = "com\nexample\njp\nco.jp\nnet\norg\n"
SYMBOLS = {
    "spf": {"R_SPF_ALLOW": "pass", "R_SPF_PLUSALL": "pass", "R_SPF_FAIL": "fail", "R_SPF_SOFTFAIL": "softfail",
            "R_SPF_NEUTRAL": "neutral", "R_SPF_NA": "none", "R_SPF_PERMFAIL": "permerror", "R_SPF_DNSFAIL": "temperror"},
    "dkim": {"R_DKIM_ALLOW": "pass", "R_DKIM_REJECT": "fail", "R_DKIM_PERMFAIL": "permerror", "R_DKIM_TEMPFAIL": "temperror",
             "R_DKIM_NA": "none"},
    "dmarc": {"DMARC_POLICY_ALLOW": "pass", "DMARC_POLICY_ALLOW_WITH_FAILURES": "pass", "DMARC_POLICY_REJECT": "fail",
              "DMARC_POLICY_QUARANTINE": "fail", "DMARC_POLICY_SOFTFAIL": "fail", "DMARC_NA": "none",
              "DMARC_BAD_POLICY": "permerror", "DMARC_DNSFAIL": "temperror"},
    "arc": {"ARC_ALLOW": "pass", "ARC_REJECT": "fail", "ARC_INVALID": "fail", "ARC_NA": "none", "ARC_DNSFAIL": "temperror"},
}


def loopback(kind):
    """A socket on a free port."""
    found = socket.socket(socket.AF_INET, kind)
    found.bind(("127.0.0.1", 0))
    return found


def reply(names, octets):
    """None: the server says nothing."""
    import dns.message  # pylint: disable=import-outside-toplevel (rspamd's side does not pay for it)
    import dns.rcode
    import dns.rdatatype
    import dns.rrset

    message = dns.message.make_response(dns.message.from_wire(octets), recursion_available=True)
    question = message.question[0]
    outcome, rrs = zone.lookup(names, question.name.to_text(), dns.rdatatype.to_text(question.rdtype))
    if outcome == "TIMEOUT":
        return None
    message.set_rcode(dns.rcode.from_text(outcome))
    for name, kind, value in rrs:
        message.answer.append(dns.rrset.from_text(zone.owner(name), 300, "IN", kind, zone.rdata(kind, value)))
    return message.to_wire()


def serve(server, names):
    while True:
        octets, client = server.recvfrom(4096)
        answer = reply(names, octets)
        if answer is not None:
            server.sendto(answer, client)


def connect(port):
    """Once rspamd listens."""
    for _ in range(10 * START_SECONDS):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        except OSError:
            time.sleep(0.1)
    raise SystemExit("rspamd does not listen")


def ask(client, folder, row):
    path = os.path.join(folder, "eml", "%06d.eml" % int(row["number"]))
    client.request("POST", "/checkv2", headers={"File": path, "IP": row["client_ip"], "Helo": row["helo"],
                                                "From": row["mail_from"], "Rcpt": "reader@receiver.example"})
    symbols = json.loads(client.getresponse().read()).get("symbols", {})
    words = {method: next((word for name, word in known.items() if name in symbols), None) for method, known in SYMBOLS.items()}
    return {"number": row["number"], **words}


def feed(folder, messages, server, port, out):
    with open(os.path.join(folder, "zone.json"), encoding="ascii") as file:
        names = json.load(file)
    threading.Thread(target=serve, args=(server, names), daemon=True).start()
    client = connect(port)
    with open(os.path.join(folder, "expected.csv"), encoding="ascii") as file:
        for row in itertools.islice(csv.DictReader(file), messages):
            print(json.dumps(ask(client, folder, row)), file=out)


def fork_feeder(folder, messages, server, port):
    """What it says, to be read."""
    at, end = os.pipe()
    if os.fork() == 0:
        os.close(at)
        with os.fdopen(end, "w", encoding="ascii") as out:
            feed(folder, messages, server, port, out)
        os._exit(0)
    os.close(end)
    return os.fdopen(at, encoding="ascii")


def main():
    folder, messages = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    server, listener = loopback(socket.SOCK_DGRAM), loopback(socket.SOCK_STREAM)
    port = listener.getsockname()[1]
    listener.close()
    with tempfile.TemporaryDirectory() as scratch:
        settings = os.path.join(scratch, "rspamd.conf")
        with open(settings, "w", encoding="ascii") as out:
            out.write(SETTINGS % {"folder": scratch, "dns": server.getsockname()[1], "port": port, "plugins": PLUGINS})
        with open(os.path.join(scratch, "suffixes"), "w", encoding="ascii") as out:
            out.write(SUFFIXES)
        said = fork_feeder(folder, messages, server, port)
        rspamd = subprocess.Popen(["rspamd", "-f", "-i", "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = said.read()
        rspamd.send_signal(signal.SIGTERM)
        rspamd.wait()
    sys.stdout.write(lines)
    return 0 if lines.count("\n") == messages else 1


sys.exit(main())
