"""pyspf, dkimpy and authheaders over a file of cases (a JSON object a line): peer_python.py CASES; a result a line."""
import json
import sys

import zone as dns

try:
    import spf
except ImportError:
    spf = None
try:
    import dkim
    import dkim.util
except ImportError:
    dkim = None
try:
    import authheaders
    import authres
except ImportError:
    authheaders = None


def say(case, peer, result, detail=""):
    print(json.dumps({"id": case["id"], "peer": peer, "result": result, "detail": detail}))


def ask(case, name, kind):
    outcome, rrs = dns.lookup(case["zone"], name, kind)
    if outcome not in ("NOERROR", "NXDOMAIN"):
        raise TimeoutError(outcome)
    return rrs


# pyspf is asked through the module's own hook for look-ups.
def spf_lookup(case):
    def look(name, kind, *_):
        if kind not in ("TXT", "A", "AAAA", "MX", "PTR", "CNAME"):
            return []
        try:
            rrs = ask(case, name, kind)
        except TimeoutError as problem:
            raise spf.TempError("DNS " + str(problem)) from problem
        return [((owner, k), spf_data(k, value)) for owner, k, value in rrs]
    return look


def spf_data(kind, value):
    if kind == "TXT":
        return dns.strings(value)
    if kind == "AAAA":
        return spf.inet_pton(value) if hasattr(spf, "inet_pton") and not isinstance(value, str) else value
    return tuple(value) if kind == "MX" else value


def run_spf(case):
    spf.DNSLookup = spf_lookup(case)
    try:
        result, _, text = spf.query(i=case["ip"], s=case["sender"], h=case["helo"], timeout=0, querytime=0).check()
    except Exception as problem:  # whatever a verifier throws is its answer here
        result, text = "crash", "%s: %s" % (type(problem).__name__, problem)
    say(case, "pyspf", result, text)


# dkimpy returns a truth, or throws.
def dkim_txt(case):
    def look(name, timeout=5):
        name = name.decode() if isinstance(name, bytes) else name
        texts = [b"".join(dns.strings(v)) for _, k, v in ask(case, name, "TXT") if k == "TXT"]
        return texts[0] if texts else None
    return look


def run_dkim(case):
    with open(case["file"], "rb") as message:
        octets = message.read()
    try:
        verdict, text = ("pass" if dkim.DKIM(octets).verify(dnsfunc=dkim_txt(case)) else "fail"), ""
    except TimeoutError as problem:
        verdict, text = "temperror", str(problem)
    except dkim.DKIMException as problem:
        verdict, text = "permerror", str(problem)
    except Exception as problem:
        verdict, text = "crash", "%s: %s" % (type(problem).__name__, problem)
    say(case, "dkimpy", verdict, text)


# authheaders takes one signature and gives the rules of RFC 7489.
def run_dmarc(case):
    spf_result = authres.SPFAuthenticationResult(result=case["spf"]["result"], smtp_mailfrom=case["sender"].lower())
    best = sorted(case["dkim"], key=lambda s: s["result"] != "pass")
    if len([s for s in best if s["result"] == "pass"]) > 1:
        return
    signature = authres.DKIMAuthenticationResult(result=best[0]["result"], header_d=best[0]["domain"].lower()) if best else None

    def look(name, *_):
        texts = [b"".join(dns.strings(v)).decode("latin-1") for _, k, v in ask(case, name, "TXT") if k == "TXT"]
        return texts[0] if len(texts) == 1 else None
    if any(len(types.get("TXT", [])) > 1 for name, types in case["zone"].items() if name.startswith("_dmarc")):
        return  # its hook for look-ups can hold one text only
    try:
        verdict, text = authheaders.dmarc_per_from(case["author"], spf_result, signature, dnsfunc=look)[:2]
        verdict = verdict.result if hasattr(verdict, "result") else verdict
    except TimeoutError as problem:
        verdict, text = "temperror", str(problem)
    except Exception as problem:
        verdict, text = "crash", "%s: %s" % (type(problem).__name__, problem)
    say(case, "authheaders", verdict, str(text))


def main():
    table = {"spf": (spf, run_spf), "dkim": (dkim, run_dkim), "dmarc": (authheaders, run_dmarc)}
    with open(sys.argv[1], encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            module, run = table[case["method"]]
            if module:
                run(case)


main()
