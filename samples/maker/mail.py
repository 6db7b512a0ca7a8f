"""Messages: MIME entities in the encodings that Japanese newsletters use, fields, and the receiver's trace."""
import base64
import datetime
import quopri

JST = datetime.timezone(datetime.timedelta(hours=9))
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CRLF = b"\r\n"


def rfc5322(second):
    moment = datetime.datetime.fromtimestamp(second, JST)
    return "%s, %02d %s %d %s +0900" % (DAYS[moment.weekday()], moment.day, MONTHS[moment.month - 1], moment.year,
                                        moment.strftime("%H:%M:%S"))


def asctime(second):
    moment = datetime.datetime.fromtimestamp(second, datetime.timezone.utc)
    return "%s %s %2d %s %d" % (DAYS[moment.weekday()], MONTHS[moment.month - 1], moment.day,
                                moment.strftime("%H:%M:%S"), moment.year)


def encoded_words(text, charset):
    """RFC 2047, "B", in words of at most 75 octets on lines of their own."""
    words, part = [], ""
    for char in text:
        if len(base64.b64encode((part + char).encode(charset))) > 48:
            words.append(part)
            part = ""
        part += char
    words.append(part)
    return "\r\n ".join("=?%s?B?%s?=" % (charset.upper(), base64.b64encode(w.encode(charset)).decode())
                        for w in words)


def display(text, charset, address):
    return "%s <%s>" % (encoded_words(text, charset), address)


def crlf(text):
    return text.replace("\n", "\r\n")


def base64_lines(octets):
    text = base64.b64encode(octets)
    return CRLF.join(text[i:i + 76] for i in range(0, len(text), 76)) + CRLF


def entity(kind, text, html, charset, encoding):
    """(fields, body) of a text part."""
    octets = crlf(html if kind == "html" else text).encode(charset)
    fields = [("Content-Type", "text/%s; charset=%s" % (kind, charset)), ("Content-Transfer-Encoding", encoding)]
    if encoding == "base64":
        return fields, base64_lines(octets)
    if encoding == "quoted-printable":
        lines = octets.split(CRLF)
        return fields, CRLF.join(quopri.encodestring(line).replace(b"\n", CRLF) for line in lines)
    return fields, octets


def field_lines(fields):
    return b"".join(("%s: %s\r\n" % field).encode() for field in fields)


def multipart(subtype, boundary, parts, more=""):
    body = b"".join(b"--" + boundary.encode() + CRLF + part + CRLF for part in parts)
    fields = [("Content-Type", 'multipart/%s; boundary="%s"%s' % (subtype, boundary, more))]
    return fields, body + b"--" + boundary.encode() + b"--" + CRLF


def whole(fields, body):
    return field_lines(fields) + CRLF + body


def received_by(receiver, hop, second):
    """The two trace lines of the receiver: the inner hand-over, and the boundary."""
    inner = ("from %(mx)s (%(mx)s [10.20.0.5])\r\n\tby mbox1.%(domain)s (Postfix) with LMTP id %(id)s2\r\n"
             "\tfor <%(to)s>; %(date)s" % dict(receiver, **hop, date=rfc5322(second + 1)))
    border = ("from %(helo)s (%(helo)s [%(shown)s])\r\n"
              "\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))\r\n"
              "\tby %(mx)s (Postfix) with ESMTPS id %(id)s1\r\n\tfor <%(to)s>; %(date)s" % dict(
                  receiver, **hop, date=rfc5322(second), shown=shown(hop["ip"])))
    return inner, border


def shown(ip):
    return "IPv6:" + ip if ":" in ip else ip


def results(receiver, hop, verdict):
    """Authentication-Results as the receiver writes them (in the words of Exchange Online)."""
    domain = hop["mail_from"].rpartition("@")[2] or hop["helo"]
    dkim = "; ".join("dkim=%s (%s) header.d=%s" % item for item in verdict["dkim"]) or \
        "dkim=none (message not signed) header.d=none"
    return ("%s;\r\n\tspf=%s (sender IP is %s) smtp.mailfrom=%s;\r\n\t%s;\r\n"
            "\tdmarc=%s action=none header.from=%s" % (receiver["mx"], verdict["spf"], hop["ip"], domain,
                                                       dkim.replace("; ", ";\r\n\t"), verdict["dmarc"],
                                                       hop["from_domain"]))


def delivered(receiver, hop, verdict, second, message):
    """The message as it lies in the mailbox, with CRLF."""
    inner, border = received_by(receiver, hop, second)
    trace = [("Return-Path", "<%s>" % hop["mail_from"]), ("Delivered-To", hop["to"]), ("Received", inner)]
    if verdict is not None:
        trace.append(("Authentication-Results", results(receiver, hop, verdict)))
    return field_lines(trace + [("Received", border)]) + message


def mbox_message(mail_from, second, message):
    """mboxrd: lines that look like the start of a message get one more '>'."""
    lines = message.replace(CRLF, b"\n").split(b"\n")
    lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
    start = "From %s %s\n" % (mail_from or "MAILER-DAEMON", asctime(second))
    text = b"\n".join(lines)
    return start.encode() + text + (b"" if text.endswith(b"\n") else b"\n") + b"\n"
