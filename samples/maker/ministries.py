"""72 newsletters of made-up ministries and agencies, with the patterns of results that a survey of 2021 found."""
import datetime

from . import mail, sign

RECEIVER = {"mx": "mx.survey-lab.example", "domain": "survey-lab.example"}
FIRST = int(datetime.datetime(2021, 10, 1, 1, 5, tzinfo=datetime.timezone.utc).timestamp())
STEP = 80 * 86400 // 72

AREAS = (
    ("noumu", "農務", "米と野菜の作柄"), ("rinya-hozen", "林野保全", "森林の手入れ"), ("kaiyo-shigen", "海洋資源", "漁場の調査"),
    ("chiiki-kotsu", "地域交通", "バス路線の再編"), ("bunka-suishin", "文化推進", "文化財の公開"), ("gakujutsu", "学術", "研究費の公募"),
    ("koyo", "雇用", "職業訓練の募集"), ("kenko-zoshin", "健康増進", "健診の受け方"), ("kosodate", "子育て支援", "保育の相談窓口"),
    ("bosai", "防災", "避難訓練の日程"), ("kiko", "気候", "季節の予報"), ("suido", "水道", "水質検査の結果"),
    ("dempa", "電波", "無線局の手続"), ("tokei", "統計", "統計調査へのお願い"), ("shohi", "消費生活", "悪質商法への注意"),
    ("chusho-jigyo", "中小事業", "補助金の申請期限"), ("boeki", "貿易", "輸出手続の電子化"), ("shinsa", "意匠審査", "出願の手引"),
    ("kanko", "観光", "地域の催し"), ("kokudo", "国土計画", "計画案への意見募集"), ("kowan", "港湾", "岸壁の工事予定"),
    ("koku-anzen", "航空安全", "無人機の飛行規則"), ("homu", "法務", "登記の窓口時間"), ("kobunsho", "公文書", "所蔵資料の展示"))
OFFICES = (("", "省", "メールマガジン"), ("-cho", "情報庁", "お知らせメール"), ("-ken", "研究機構", "研究だより"))
LOCALS = ("mailmag", "info", "news", "kouhou", "merumaga", "magazine")

# The mass-mail providers: MAIL FROM of their own with the recipient in it, hosts, a selector for customers.
PROVIDERS = {
    "mailhaishin": dict(domain="mailhaishin.example", host="out3.mailhaishin.example", ip="192.0.2.19",
                        mail_from="bounce+%(n)04d-magazine=survey-lab.example@bnc.mailhaishin.example",
                        selector="k2021", customer="mh1", canon="relaxed/relaxed", bits=2048),
    "kouhou-cloud": dict(domain="kouhou-cloud.example", host="mta12.kouhou-cloud.example", ip="198.51.100.12",
                         mail_from="rt-%(n)06d-9f@r.kouhou-cloud.example",
                         selector="s1", customer="kc1", canon="relaxed/simple", bits=1024),
    "haiso-net": dict(domain="haiso-net.example", host="mx6.haiso-net.example", ip="2001:db8:25::6",
                      mail_from="bounces-%(n)d@haiso-net.example",
                      selector="mail", customer="hn", canon="simple/simple", bits=2048),
}
P1, P2, P3 = "mailhaishin", "kouhou-cloud", "haiso-net"
CUSTOMERS = "customers"  # the key behind the selectors that customers point at a provider


def provider_zone(zone, keys):
    add = zone.add
    add("bnc.mailhaishin.example", "TXT", "v=spf1 redirect=_spf.mailhaishin.example")
    add("bnc.mailhaishin.example", "MX", "in.mailhaishin.example")
    add("_spf.mailhaishin.example", "TXT", "v=spf1 ip4:192.0.2.16/28 ip6:2001:db8:16::/48 -all")
    add("out3.mailhaishin.example", "A", "192.0.2.19")
    add("in.mailhaishin.example", "A", "192.0.2.18")
    add("r.kouhou-cloud.example", "TXT",
        "v=spf1 include:spf1.kouhou-cloud.example include:spf2.kouhou-cloud.example ~all")
    add("r.kouhou-cloud.example", "MX", "mta12.kouhou-cloud.example")
    add("spf1.kouhou-cloud.example", "TXT", "v=spf1 ip4:203.0.113.192/28 -all")
    add("spf2.kouhou-cloud.example", "TXT", "v=spf1 ip4:198.51.100.0/27 -all")
    add("mta12.kouhou-cloud.example", "A", "198.51.100.12")
    add("mta12.kouhou-cloud.example", "TXT", "v=spf1 a -all")
    add("haiso-net.example", "TXT", "haiso-net-verification=31f0", "v=spf1 mx a:mx6.haiso-net.example -all")
    add("haiso-net.example", "MX", "mx4.haiso-net.example")
    add("mx4.haiso-net.example", "A", "203.0.113.4")
    add("mx6.haiso-net.example", "AAAA", "2001:db8:25::6")
    add("mx6.haiso-net.example", "TXT", "v=spf1 a -all")
    for name, provider in PROVIDERS.items():
        bits = provider["bits"]
        add("%(selector)s._domainkey.%(domain)s" % provider, "TXT", keys.dkim_record("dkim-" + name, bits))
        add("%(customer)s.dkim.%(domain)s" % provider, "TXT",
            keys.dkim_record("dkim-%s-%s" % (name, CUSTOMERS), 2048))


# --- the letters: what each row of the table is made of

# own: SPF of the sender's own; provider: MAIL FROM of the provider's. dkim: none, provider (d= is the
# provider's), own (a key of the sender's), customer (a selector that is a CNAME to the provider's), …
# dmarc is the result that the receiver writes; record is the TXT at _dmarc, with %s for the domain.
def rows():
    def row(count, smime, spf, dkim, dmarc, **more):
        return [dict(smime=smime, spf=spf, dkim=dkim, dmarc=dmarc, **more) for _ in range(count)]

    none, guess = "none", "bestguesspass"
    report = "; rua=mailto:dmarc-report@%s"
    return (
        # x o o x: 30
        row(7, "", "pass", "provider", none, by=P1) + row(6, "", "pass", "provider", none, by=P2) +
        row(4, "", "pass", "provider", none, by=P3) +
        row(2, "", "pass", "own", guess, by="own", canon="relaxed/relaxed") +
        row(1, "", "pass", "own", guess, by="own", canon="simple/simple") +
        row(2, "", "pass", "customer", guess, by=P1) + row(1, "", "pass", "customer", guess, by=P2) +
        row(2, "", "pass", "provider", guess, by=P2, mail_from="bounce") +
        row(1, "", "pass", "sub", "fail", by="own", mail_from="bounce",
            record="v=DMARC1; p=none; adkim=s; aspf=s" + report) +
        row(1, "", "pass", "provider", "fail", by=P1, record="v=DMARC1; p=none" + report) +
        row(1, "", "pass", "provider", "fail", by=P3, record="v=DMARC1; p=quarantine; pct=50" + report) +
        row(1, "", "pass", "own", "permerror", by="own", canon="relaxed/simple",
            record="v=DMARC1; p=none; rua=mailto:dmarc@%s; rua=mailto:r@dmarc.example") +
        row(1, "", "pass", "customer", "permerror", by=P1, record="v=DMARC1; p=none; p=quarantine") +
        # x o x x: 21
        row(5, "", "pass", "none", guess, by="own") +
        row(1, "", "pass", "none", "fail", by=P2, record="v=DMARC1; p=none" + report) +
        row(4, "", "pass", "none", none, by=P1) + row(3, "", "pass", "none", none, by=P2) +
        row(3, "", "pass", "none", none, by=P3) +
        row(1, "", "pass", "missing", none, by=P1) + row(1, "", "pass", "revoked", none, by=P2) +
        row(1, "", "pass", "garbled", none, by=P3) + row(2, "", "pass", "footer", none, by=P2) +
        # o o x x: 12
        row(4, "detached", "pass", "none", guess, by="own") + row(1, "opaque", "pass", "none", guess, by="own") +
        row(1, "detached", "pass", "none", "permerror", by="own", record="v=DMARC1; p=reject; p=reject; rua=mailto:dmarc@%s") +
        row(3, "detached", "pass", "none", none, by=P3) + row(2, "detached", "pass", "none", none, by=P1) +
        row(1, "opaque", "pass", "none", none, by=P1) +
        # x o o o: 6
        row(1, "", "pass", "own", "pass", by="own", canon="relaxed/relaxed", record="v=DMARC1; p=reject" + report) +
        row(1, "", "pass", "two", "pass", by="own", record="v=DMARC1; p=quarantine; sp=reject" + report) +
        row(1, "", "pass", "customer", "pass", by=P1, record="v=DMARC1; p=none; adkim=s" + report) +
        row(1, "", "pass", "customer", "pass", by=P2, record="v=DMARC1; p=quarantine" + report) +
        row(1, "", "pass", "provider", "pass", by=P1, mail_from="bounce", record="v=DMARC1; p=none" + report) +
        row(1, "", "pass", "own", "pass", by=P3, canon="relaxed/simple", record="v=DMARC1; p=none; fo=1" + report) +
        # x o x o, x x o x, x x x x
        row(1, "", "pass", "none", "pass", by="own", record="v=DMARC1; p=none" + report) +
        row(1, "", "none", "own", guess, by="own", canon="relaxed/relaxed") +
        row(1, "", "permerror", "none", "fail", by="own", record="v=DMARC1; p=none" + report))


def letters():
    """The rows, dealt to the senders so that neighbours differ: 29 and 72 have no common divisor."""
    table = rows()
    assert len(table) == len(AREAS) * len(OFFICES) == 72
    for index in range(72):
        area, office = AREAS[index % len(AREAS)], OFFICES[index // len(AREAS)]
        letter = dict(table[index * 29 % 72])
        letter.update(index=index, domain="%s%s.example" % (area[0], office[0]),
                      name=area[1] + office[1], title="%s%s" % (area[1] + office[1], office[2]), topic=area[2],
                      at=FIRST + index * STEP + index * 397 % 7200)
        letter["from"] = "%s@%s" % (LOCALS[index % len(LOCALS)], letter["domain"])
        yield letter


# --- DNS of a sender

OWN_SPF = ("v=spf1 mx -all", "v=spf1 a:mail.%s ~all", "v=spf1 ip4:%s -all", "v=spf1 include:_spf.%s -all",
           "v=spf1 +mx a ip4:192.0.2.240/29 ~all")


def own_host(letter):
    return dict(host="mail.%s" % letter["domain"], ip="203.0.113.%d" % (64 + letter["index"]))


def own_spf(zone, name, letter):
    """One of the usual ways to allow the sender's own host."""
    ip = own_host(letter)["ip"]
    text = OWN_SPF[letter["index"] % len(OWN_SPF)]
    if "ip4:%s" in text:
        text %= ip
    elif "include:" in text:
        zone.add("_spf." + letter["domain"], "TXT", "v=spf1 ip4:%s ip6:2001:db8:64::/64 ?all" % ip)
        text %= letter["domain"]
    elif "%s" in text:
        text %= letter["domain"]
    zone.add(name, "TXT", text)
    zone.add(name, "MX", "mail." + letter["domain"])


def sender_zone(zone, letter):
    domain = letter["domain"]
    host = own_host(letter)
    zone.add(domain, "A", "203.0.113.%d" % (192 + letter["index"] % 60))
    zone.add(domain, "MX", host["host"])
    zone.add(host["host"], "A", host["ip"])
    if letter["spf"] == "permerror":
        zone.add(domain, "TXT", "v=spf1 include:spf.kyu-haishin.example a mx -all")
    elif letter["spf"] == "none":
        zone.add(domain, "TXT", "kensho-token=5c1d7a90")
    elif letter.get("mail_from") == "bounce" and letter["by"] != "own":
        zone.add("bounce." + domain, "TXT", "v=spf1 include:_spf.mailhaishin.example "
                 "include:spf2.kouhou-cloud.example -all")
        zone.add(domain, "TXT", "v=spf1 mx -all")
    elif letter.get("mail_from") == "bounce":
        own_spf(zone, "bounce." + domain, letter)
    elif letter["by"] == "own":
        own_spf(zone, domain, letter)
    elif letter["index"] % 3:
        zone.add(domain, "TXT", "v=spf1 mx include:_spf.mailhaishin.example -all")
    if letter.get("record"):
        text = letter["record"]
        zone.add("_dmarc." + domain, "TXT", text % domain if "%s" in text else text)


def envelope(letter):
    """Who sends, from where, with which MAIL FROM."""
    own = letter["by"] == "own"
    source = own_host(letter) if own else PROVIDERS[letter["by"]]
    if letter.get("mail_from") == "bounce":
        address = "b-%05d@bounce.%s" % (letter["index"] * 37 + 11, letter["domain"])
    elif own:
        address = "%s@%s" % ("bounce" if letter["index"] % 2 else letter["from"].split("@")[0], letter["domain"])
    else:
        address = source["mail_from"] % {"n": letter["index"] * 101 + 7}
    return dict(helo=source["host"], ip=source["ip"], mail_from=address, from_domain=letter["domain"],
                to="magazine-%02d@survey-lab.example" % letter["index"], id="4H%05X" % (letter["index"] * 7919 + 4096))


# --- what the letter says

def text_of(letter):
    n = letter["index"]
    lines = [
        "━" * 20, "%s　第%d号" % (letter["title"], 100 + n), "━" * 20, "",
        "いつもご愛読ありがとうございます。%sです。" % letter["name"], "",
        "【1】%sについて" % letter["topic"],
        "  今月は%sについてお知らせします。" % letter["topic"],
        "  詳しくは https://www.%s/news/%d.html をご覧ください。" % (letter["domain"], 202100 + n), "",
        "【2】説明会のご案内",
        "  日時：令和3年12月%d日　午後%d時から" % (1 + n % 28, 1 + n % 4),
        "  会場：オンライン（申込みは先着%d名）" % (50 + n), ""]
    if n % 12 == 5:
        lines += ["From the editors: this issue has an English summary on our web site."]
        # An mboxo cannot tell this line from a quoted one; an mboxrd can.
        lines += [">From now on it comes twice a month.", ""] if n % 24 == 5 else [""]
    lines += ["-- ", "発行　%s 広報室" % letter["name"], "配信停止　https://www.%s/unsubscribe" % letter["domain"], ""]
    return "\n".join(lines)


def html_of(letter):
    return ("<!DOCTYPE html>\n<html lang=\"ja\">\n<head><meta charset=\"utf-8\"><title>%(title)s</title></head>\n"
            "<body>\n<h1>%(title)s</h1>\n<p>%(name)sから、%(topic)sについてのお知らせです。</p>\n"
            "<p><a href=\"https://www.%(domain)s/\">ウェブサイト</a>をご覧ください。</p>\n"
            "</body>\n</html>\n" % letter)


def entity_of(letter):
    """By turns: the ways in which such letters are encoded. A signature wants 7 bits (RFC 8551, 3.1.3)."""
    text, html = text_of(letter), html_of(letter)
    kind = letter["index"] % 6
    if letter["smime"] and kind in (2, 4):
        kind = 1
    if kind in (0, 5):
        return mail.entity("plain", text, html, "iso-2022-jp", "7bit")
    if kind == 1:
        return mail.entity("plain", text, html, "utf-8", "base64")
    if kind == 2:
        return mail.entity("html", text, html, "utf-8", "quoted-printable")
    if kind == 4:
        return mail.entity("plain", text, html, "utf-8", "8bit")
    parts = [mail.whole(*mail.entity("plain", text, html, "iso-2022-jp", "7bit")),
             mail.whole(*mail.entity("html", text, html, "utf-8", "base64"))]
    return mail.multipart("alternative", "----=_alt_%04d" % letter["index"], parts)


def charset_of(letter):
    return "iso-2022-jp" if letter["index"] % 6 in (0, 3, 5) else "utf-8"


def fields_of(letter, to):
    charset, domain = charset_of(letter), letter["domain"]
    fields = [("Date", mail.rfc5322(letter["at"] - 4)),
              ("From", mail.display(letter["title"], charset, letter["from"])),
              ("To", to),
              ("Message-ID", "<%d.%06d@%s>" % (letter["at"], letter["index"] * 7331, domain)),
              ("Subject", mail.encoded_words("【%s】第%d号　%s" % (letter["title"], 100 + letter["index"],
                                                            letter["topic"]), charset)),
              ("MIME-Version", "1.0")]
    if letter["index"] % 3 != 2:
        fields.append(("List-Id", "<%s.%s>" % (letter["from"].split("@")[0], domain)))
        fields.append(("List-Unsubscribe", "<https://www.%s/unsubscribe>" % domain))
    return fields


# --- signatures

def smime_signed(letter, entity, keys, authority):
    name = "smime-%s" % letter["domain"].split(".")[0]
    certificate = authority.certificate(name, letter["title"].encode("ascii", "ignore").decode() or
                                        letter["domain"], letter["from"])
    content = mail.whole(*entity)
    cms = sign.cms_sign(content, keys.private(name, 2048), certificate, [authority.issuing], letter["at"] - 30,
                        letter["smime"] == "detached")
    body = mail.base64_lines(cms)
    if letter["smime"] == "opaque":
        return [("Content-Type", "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"),
                ("Content-Transfer-Encoding", "base64"),
                ("Content-Disposition", "attachment; filename=smime.p7m")], body
    part = mail.whole([("Content-Type", "application/pkcs7-signature; name=smime.p7s"),
                       ("Content-Transfer-Encoding", "base64"),
                       ("Content-Disposition", "attachment; filename=smime.p7s")], body)
    return mail.multipart("signed", "----=_smime_%04d" % letter["index"], [content, part],
                          '; protocol="application/pkcs7-signature"; micalg=sha-256')


def provider_signed(message, letter, keys, zone, selector=None):
    provider = PROVIDERS[letter["by"]]
    return sign.dkim_sign(message, keys, "dkim-" + letter["by"], provider["bits"], provider["domain"],
                          selector or provider["selector"], provider["canon"], letter["at"] - 3)


def own_signed(message, letter, keys, zone, domain=None, selector="sel2021", bits=2048, canon=None):
    """With the key of the sender, published as "selector" below domain."""
    domain = domain or letter["domain"]
    key = "dkim-%s%s" % (letter["domain"].split(".")[0], "" if bits else "-ed25519")
    zone.add("%s._domainkey.%s" % (selector, domain), "TXT", keys.dkim_record(key, bits))
    return sign.dkim_sign(message, keys, key, bits, domain, selector, canon or letter.get("canon", "relaxed/relaxed"),
                          letter["at"] - 3)


def customer_signed(message, letter, keys, zone):
    provider = PROVIDERS[letter["by"]]
    zone.add("%s._domainkey.%s" % (provider["customer"], letter["domain"]), "CNAME",
             "%(customer)s.dkim.%(domain)s" % provider)
    return sign.dkim_sign(message, keys, "dkim-%s-%s" % (letter["by"], CUSTOMERS), 2048, letter["domain"],
                          provider["customer"], provider["canon"], letter["at"] - 3)


def broken_signed(message, letter, keys, zone):
    """The three errors of configuration, and the footer that a provider adds behind the signature."""
    provider, kind = PROVIDERS[letter["by"]], letter["dkim"]
    selector = {"missing": "k2019", "revoked": "s0", "garbled": "mail2"}.get(kind)
    if kind == "revoked":
        zone.add("s0._domainkey." + provider["domain"], "TXT", "v=DKIM1; k=rsa; p=")
    if kind == "garbled":
        zone.add("mail2._domainkey." + provider["domain"], "TXT", "v=DKIM1; k=rsa; p=MIIBIjANBgkq<snip>IDAQAB")
    return provider_signed(message, letter, keys, zone, selector)


def signed(message, letter, keys, zone):
    kind = letter["dkim"]
    if kind == "none":
        return message
    if kind == "provider":
        return provider_signed(message, letter, keys, zone)
    if kind == "customer":
        return customer_signed(message, letter, keys, zone)
    if kind == "own":
        return own_signed(message, letter, keys, zone)
    if kind == "sub":
        return own_signed(message, letter, keys, zone, "mail." + letter["domain"], "m1", 1024)
    if kind == "two":
        message = own_signed(message, letter, keys, zone, canon="relaxed/relaxed")
        return own_signed(message, letter, keys, zone, selector="ed2021", bits=0)
    return broken_signed(message, letter, keys, zone)


FOOTER = b"\r\n__________\r\nThis letter was delivered by kouhou-cloud.example\r\n"


def dkim_words(letter):
    """(result, comment, d=) as the receiver saw it."""
    kind, domain = letter["dkim"], letter["domain"]
    provider = PROVIDERS.get(letter["by"], {}).get("domain", domain)
    good = "signature was verified"
    return {"none": [], "provider": [("pass", good, provider)], "own": [("pass", good, domain)],
            "customer": [("pass", good, domain)], "sub": [("pass", good, "mail." + domain)],
            "two": [("pass", good, domain), ("pass", good, domain)],
            "missing": [("permerror", "no key for signature", provider)],
            "revoked": [("permerror", "key was revoked", provider)],
            "garbled": [("permerror", "key syntax error", provider)],
            "footer": [("fail", "body hash did not verify", provider)]}[kind]


def make_letter(letter, keys, authority, zone):
    """The message as the receiver stored it, with CRLF; its envelope."""
    sender_zone(zone, letter)
    hop = envelope(letter)
    entity = entity_of(letter)
    if letter["smime"]:
        entity = smime_signed(letter, entity, keys, authority)
    message = mail.whole(fields_of(letter, hop["to"]) + entity[0], entity[1])
    message = signed(message, letter, keys, zone)
    if letter["dkim"] == "footer":
        message += FOOTER
    submission = ("from app%d.%s ([10.%d.4.%d])\r\n\tby %s with ESMTP id 19%06d;\r\n\t%s" % (
        1 + letter["index"] % 3, letter["domain"], letter["index"], 10 + letter["index"], hop["helo"],
        letter["index"] * 5413, mail.rfc5322(letter["at"] - 3)))
    message = mail.field_lines([("Received", submission)]) + message
    verdict = dict(spf=letter["spf"], dkim=dkim_words(letter), dmarc=letter["dmarc"])
    return mail.delivered(RECEIVER, hop, verdict, letter["at"], message), hop


def ask(zone, letter, hop, message):
    """The questions of the letter, asked when it came."""
    at = letter["at"] * 1000
    domain = hop["mail_from"].partition("@")[2]
    names = {letter["domain"], domain, hop["helo"], own_host(letter)["host"]}
    names |= {n for n in zone.names if n.endswith(letter["domain"]) and not n.split(".")[0].startswith("_dmarc")
              and "_domainkey" not in n}
    if letter["by"] != "own" or letter.get("mail_from"):
        names |= {n for n in zone.names if any(n.endswith(p["domain"]) for p in PROVIDERS.values())
                  and "_domainkey" not in n and ".dkim." not in n}
    for name in names | ({"spf.kyu-haishin.example"} if letter["spf"] == "permerror" else set()):
        zone.ask_host(name, at)
    for name in names:
        zone.ask_walk(name, at)
    for line in message.split(b"DKIM-Signature:")[1:]:
        tags = dict(t.strip().split("=", 1) for t in line.partition(b"\r\n\r\n")[0].decode("ascii", "ignore")
                    .replace("\r\n", "").split(";") if "=" in t)
        zone.ask("%s._domainkey.%s" % (tags["s"], tags["d"]), "TXT", at)
        zone.ask_walk(tags["d"], at)


def make(keys, authority, zone):
    """(mbox, list of (letter, hop, message))."""
    provider_zone(zone, keys)
    out, made = [], []
    for letter in sorted(letters(), key=lambda item: item["at"]):
        message, hop = make_letter(letter, keys, authority, zone)
        made.append((letter, hop, message))
        out.append(mail.mbox_message(hop["mail_from"], letter["at"], message))
    for letter, hop, message in made:
        ask(zone, letter, hop, message)
    return b"".join(out), made
