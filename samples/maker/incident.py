"""One small incident: letters of a made-up bank, genuine and not, each in a file of its own."""
import datetime

from . import mail, sign

RECEIVER = {"mx": "mx.yamabuki.example", "domain": "yamabuki.example"}
DAY = int(datetime.datetime(2021, 11, 8, 0, 30, tzinfo=datetime.timezone.utc).timestamp())
EVIDENCE = int(datetime.datetime(2021, 11, 22, 6, 0, tzinfo=datetime.timezone.utc).timestamp()) * 1000
OLD = int(datetime.datetime(2020, 3, 2, 1, 0, tzinfo=datetime.timezone.utc).timestamp())

BANK, LOOKALIKE, FREE = "shoko-bank.example", "shoko-bamk.example", "free-post.example"
ATTACKER, FORWARDER, LIST = "cheap-vps.example", "alumni.example", "lists.kaikei.example"
KEYS = {BANK: ("bank", "2021a"), LOOKALIKE: ("lookalike", "x1"), FREE: ("free-post", "fp1"),
        LIST: ("list", "ml")}
IPS = {BANK: "192.0.2.70", LOOKALIKE: "198.51.100.210", FREE: "203.0.113.25", ATTACKER: "198.51.100.199",
       FORWARDER: "203.0.113.150", LIST: "203.0.113.77"}
BANK_NAME = "商工信用銀行"
TEXT = ("%s をご利用いただきありがとうございます。\n\n"
        "11月15日（月）午前2時から午前5時まで、システムの点検のため、\n"
        "インターネットバンキングをご利用いただけません。\n\n"
        "お問い合わせ　https://www.shoko-bank.example/\n" % BANK_NAME)
BAIT = ("%s からの重要なお知らせ\n\n"
        "お客様の口座の利用を制限しました。24時間以内に次のページでご確認ください。\n"
        "https://login.cheap-vps.example/shoko/\n" % BANK_NAME)


def make_zone(zone, keys):
    for domain, ip in IPS.items():
        zone.add("mail." + domain, "A", ip)
        zone.add(domain, "MX", "mail." + domain)
        zone.add(domain, "TXT", "v=spf1 ip4:%s -all" % ip)
    for domain, (key, selector) in KEYS.items():
        zone.add("%s._domainkey.%s" % (selector, domain), "TXT", keys.dkim_record("dkim-" + key, 2048))
    zone.add("_dmarc." + BANK, "TXT", "v=DMARC1; p=reject; rua=mailto:dmarc@shoko-bank.example")
    zone.add("_dmarc." + LOOKALIKE, "TXT", "v=DMARC1; p=none")
    zone.add("_dmarc." + FREE, "TXT", "v=DMARC1; p=quarantine")
    zone.add("_dmarc." + LIST.split(".", 1)[1], "TXT", "v=DMARC1; p=none")


def letter(text, sender, at, subject="システム点検のお知らせ", to="keiri@yamabuki.example", more=()):
    fields = [("Date", mail.rfc5322(at - 6))] + [("From", s) for s in ([sender] if isinstance(sender, str) else sender)]
    fields += [("To", to), ("Message-ID", "<%d.77@%s>" % (at, fields[1][1].rpartition("@")[2].rstrip(">"))),
               ("Subject", mail.encoded_words(subject, "utf-8")), ("MIME-Version", "1.0")] + list(more)
    part, body = mail.entity("plain", text, "", "utf-8", "base64")
    return mail.whole(fields + part, body)


def bank_sender(address="info@" + BANK):
    return mail.display(BANK_NAME, "utf-8", address)


def signed(message, keys, domain, at, **more):
    key, selector = KEYS[domain]
    return sign.dkim_sign(message, keys, "dkim-" + key, 2048, domain, selector, "relaxed/relaxed", at - 5, **more)


def delivered(message, source, mail_from, at, spf, dkim, dmarc, from_domain=BANK, to="keiri@yamabuki.example"):
    hop = dict(helo="mail." + source, ip=IPS[source], mail_from=mail_from, from_domain=from_domain, to=to,
               id="4J%05X" % (at % 999983))
    return mail.delivered(RECEIVER, hop, dict(spf=spf, dkim=dkim, dmarc=dmarc), at, message)


def good(domain):
    return [("pass", "signature was verified", domain)]


# --- the cases, in the order in which they came

def genuine(keys, at):
    message = signed(letter(TEXT, bank_sender(), at), keys, BANK, at)
    return delivered(message, BANK, "bounce@" + BANK, at, "pass", good(BANK), "pass")


def exact_domain_spoof(keys, at):
    message = letter(BAIT, bank_sender(), at, "【重要】口座の確認")
    return delivered(message, ATTACKER, "info@" + BANK, at, "fail", [], "fail")


def lookalike_domain(keys, at):
    message = signed(letter(BAIT, bank_sender("info@" + LOOKALIKE), at, "【重要】口座の確認"), keys, LOOKALIKE, at)
    return delivered(message, LOOKALIKE, "info@" + LOOKALIKE, at, "pass", good(LOOKALIKE), "pass", LOOKALIKE)


def display_name_spoof(keys, at):
    sender = '"info@shoko-bank.example" <kaito.1987@%s>' % FREE
    message = signed(letter(BAIT, sender, at, "【重要】口座の確認"), keys, FREE, at)
    return delivered(message, FREE, "kaito.1987@" + FREE, at, "pass", good(FREE), "pass", FREE)


def two_from_fields(keys, at):
    message = signed(letter(BAIT, "kaito.1987@" + FREE, at, "【重要】口座の確認"), keys, FREE, at)
    message = mail.field_lines([("From", bank_sender())]) + message
    return delivered(message, FREE, "kaito.1987@" + FREE, at, "pass", good(FREE), "pass", FREE)


def forwarded(keys, at):
    message = signed(letter(TEXT, bank_sender(), at, to="sato@alumni.example"), keys, BANK, at)
    trace = ("from mail.%s (mail.%s [%s])\r\n\tby mail.%s with ESMTPS id 7c1d9; %s" % (
        BANK, BANK, IPS[BANK], FORWARDER, mail.rfc5322(at - 2)))
    message = mail.field_lines([("Received", trace)]) + message
    return delivered(message, FORWARDER, "bounce@" + BANK, at, "fail", good(BANK), "pass")


def mailing_list(keys, at):
    subject = "システム点検のお知らせ"
    message = signed(letter(TEXT, bank_sender(), at, subject, "kaikei@" + LIST), keys, BANK, at)
    message = message.replace(b"Subject: ", b"Subject: [kaikei 00341]\r\n ", 1)
    head, _, body = message.partition(b"\r\n\r\n")
    text = mail.base64_lines((mail.crlf(TEXT) + "\r\n-- \r\nkaikei mailing list\r\n").encode())
    message = head + b"\r\n\r\n" + text
    message = mail.field_lines([("List-Id", "<kaikei.%s>" % LIST), ("List-Post", "<mailto:kaikei@%s>" % LIST)]) + message
    message = signed(message, keys, LIST, at + 2)
    # The list seals what it sends, with the results of what it received.
    message = sign.arc_seal(mail.field_lines([("Authentication-Results", (
        "%s;\r\n\tspf=pass smtp.mailfrom=%s;\r\n\tdkim=pass header.d=%s;\r\n\tdmarc=pass header.from=%s" % (
            "mail." + LIST, BANK, BANK, BANK)))]) + message, keys, "dkim-list", LIST, "ml", "mail." + LIST, at - 3)
    broken = [("fail", "body hash did not verify", BANK)]
    return delivered(message, LIST, "kaikei-bounces@" + LIST, at, "pass", good(LIST) + broken, "fail")


def altered_body(keys, at):
    message = signed(letter(TEXT, bank_sender(), at), keys, BANK, at)
    head = message.partition(b"\r\n\r\n")[0]
    text = mail.base64_lines(mail.crlf(TEXT.replace("www.shoko-bank.example", "login.cheap-vps.example")).encode())
    broken = [("fail", "body hash did not verify", BANK)]
    return delivered(head + b"\r\n\r\n" + text, ATTACKER, "news@" + ATTACKER, at, "pass", broken, "fail")


def key_gone(keys, at):
    message = sign.dkim_sign(letter(TEXT, bank_sender(), OLD), keys, "dkim-bank-2019", 2048, BANK, "2019a",
                             "relaxed/relaxed", OLD - 5)
    return delivered(message, BANK, "bounce@" + BANK, OLD, "pass", good(BANK), "pass")


def length_tag_appended(keys, at):
    part = "--=_part\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    text = part.encode() + mail.base64_lines(mail.crlf(TEXT).encode()) + b"--=_part--\r\n"
    fields = letter("", bank_sender(), at).partition(b"Content-Type:")[0]
    message = fields + b'Content-Type: multipart/alternative; boundary="=_part"\r\n\r\n' + text
    message = signed(message, keys, BANK, at, length=True)
    message += (b"--=_part\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                mail.base64_lines(("<p>%s</p>\r\n" % mail.crlf(BAIT)).encode()) + b"--=_part--\r\n")
    return delivered(message, ATTACKER, "news@" + ATTACKER, at, "pass", good(BANK), "pass")


def signature_expired(keys, at):
    key, selector = KEYS[BANK]
    message = sign.dkim_sign_expiring(letter(TEXT, bank_sender(), at), keys, "dkim-" + key, BANK, selector,
                                      at - 5 * 86400, at - 2 * 86400)
    return delivered(message, FORWARDER, "bounce@" + FORWARDER, at, "pass",
                     [("fail", "signature expired", BANK)], "fail")


def smime_other_signer(keys, at, authority):
    name = "smime-kaito"
    certificate = authority.certificate(name, "Kaito", "kaito.1987@" + FREE)
    part, body = mail.entity("plain", BAIT, "", "utf-8", "base64")
    content = mail.whole(part, body)
    cms = sign.cms_sign(content, keys.private(name, 2048), certificate, [authority.issuing], at - 30, True)
    signature = mail.whole([("Content-Type", "application/pkcs7-signature; name=smime.p7s"),
                            ("Content-Transfer-Encoding", "base64")], mail.base64_lines(cms))
    fields, body = mail.multipart("signed", "=_smime", [content, signature],
                                  '; protocol="application/pkcs7-signature"; micalg=sha-256')
    head = letter("", bank_sender(), at, "【重要】口座の確認").partition(b"Content-Type:")[0]
    message = head + mail.whole(fields, body)
    return delivered(message, ATTACKER, "news@" + ATTACKER, at, "pass", [], "fail")


def replay(keys, at):
    """The octets of the genuine letter to another recipient, a week later, from another host."""
    first = DAY
    message = signed(letter(TEXT, bank_sender(), first), keys, BANK, first)
    return delivered(message, ATTACKER, "news@" + ATTACKER, at + 7 * 86400, "pass", good(BANK), "pass",
                     to="soumu@yamabuki.example")


def outlook_rewritten(keys, at):
    """Verified at the boundary; then the mailbox's server put its <meta> into the HTML."""
    page = ("<html>\n<head>\n<title>システム点検のお知らせ</title>\n</head>\n<body>\n%s</body>\n</html>\n" % "".join(
        "<p>%s</p>\n" % line for line in TEXT.split("\n") if line))
    head = letter("", bank_sender(), at).partition(b"Content-Type:")[0]
    part, body = mail.entity("html", "", page, "utf-8", "base64")
    message = signed(head + mail.whole(part, body), keys, BANK, at)
    meta = '<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
    rewritten = mail.entity("html", "", page.replace("<head>\n", meta), "utf-8", "base64")[1]
    message = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + rewritten
    return delivered(message, BANK, "bounce@" + BANK, at, "pass", good(BANK), "pass")


CASES = (genuine, exact_domain_spoof, lookalike_domain, display_name_spoof, two_from_fields, forwarded, mailing_list,
         altered_body, key_gone, length_tag_appended, signature_expired, smime_other_signer, replay, outlook_rewritten)


def ask(zone):
    for domain in IPS:
        for name in (domain, "mail." + domain):
            zone.ask_host(name, EVIDENCE)
            zone.ask_walk(name, EVIDENCE)
    for domain, (_, selector) in KEYS.items():
        zone.ask("%s._domainkey.%s" % (selector, domain), "TXT", EVIDENCE)
    zone.ask("2019a._domainkey." + BANK, "TXT", EVIDENCE)


def make(keys, authority, zone):
    """{name: the message with LF}"""
    make_zone(zone, keys)
    made = {}
    for number, case in enumerate(CASES):
        at = DAY + number * 5400
        message = case(keys, at, authority) if case is smime_other_signer else case(keys, at)
        made[case.__name__.replace("_", "-")] = message.replace(b"\r\n", b"\n")
    ask(zone)
    return made
