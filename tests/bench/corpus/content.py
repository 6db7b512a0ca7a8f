"""Bodies: newsletters and letters in several languages, charsets and transfer encodings, of a wished size."""
import base64
import binascii

from keys import stream

CRLF = b"\r\n"
ENGLISH = ("the of and to in for with our new week garden order book shop offer reader travel coffee market season "
           "delivery light paper map evening train early quiet river open list choice prices hours subscribe answer").split()
LATIN = ENGLISH[:20] + "für über Straße größte été déjà façade señor mañana naïve Ärzte øl århus čeština łódź".split()
JAPANESE = ("お知らせ", "今週の", "新しい", "特集", "庭と", "本の", "ご案内", "季節の", "予定を", "ご覧ください", "お申し込み", "読者の", "皆様へ")
LANGUAGES = {"en": (ENGLISH, " ", "us-ascii"), "latin": (LATIN, " ", "utf-8"), "ja": (JAPANESE, "", "utf-8")}
ENCODINGS = {"en": ("7bit", "7bit", "quoted-printable", "base64"), "latin": ("quoted-printable", "8bit", "base64"),
             "ja": ("base64", "base64", "8bit")}


def make_paragraph(rng, language):
    words, between, _ = LANGUAGES[language]
    lines = [between.join(rng.choice(words) for _ in range(rng.randint(7, 13))) for _ in range(rng.randint(2, 8))]
    return "\n".join(lines).capitalize() + ".\n"


POOL = {language: [make_paragraph(stream("text", language, n), language) for n in range(200)] for language in LANGUAGES}


def base64_lines(octets):
    text = base64.b64encode(octets)
    return CRLF.join(text[i:i + 76] for i in range(0, len(text), 76)) + CRLF


def encoded(text, encoding):
    octets = text.encode().replace(b"\n", CRLF)
    if encoding == "base64":
        return base64_lines(octets)
    if encoding == "quoted-printable":
        return binascii.b2a_qp(octets)
    return octets


def paragraphs(rng, language, size):
    out = []
    while size > 0:
        out.append(rng.choice(POOL[language]))
        size -= len(out[-1].encode())
    return out


def entity(fields, body):
    return "".join("%s: %s\r\n" % f for f in fields).encode() + CRLF + body


def text_part(rng, language, subtype, size, with_from_line):
    """(fields, body)"""
    encoding = rng.choice(ENCODINGS[language])
    size /= {"7bit": 1, "8bit": 1, "quoted-printable": 1.1, "base64": 1.37}[encoding]
    pieces = paragraphs(rng, language, size)
    if with_from_line:
        pieces.insert(len(pieces) // 2, "From our readers come these lines, with thanks.\n")
    if subtype == "html":
        text = "<html><body>\n" + "".join("<p style=\"margin:0  8px\">%s</p>\n" % p for p in pieces) + "</body></html>\n"
    else:
        text = "\n".join(pieces)
    return [("Content-Type", "text/%s; charset=%s" % (subtype, LANGUAGES[language][2])),
            ("Content-Transfer-Encoding", encoding)], encoded(text, encoding)


def multipart(rng, subtype, parts, more=""):
    boundary = "=_%016x" % rng.getrandbits(64)
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return [("Content-Type", 'multipart/%s;\r\n\tboundary="%s"%s' % (subtype, boundary, more))], \
        body + b"--%s--\r\n" % boundary.encode()


def attachment(name, content_type, octets):
    return entity([("Content-Type", "%s; name=%s" % (content_type, name)), ("Content-Transfer-Encoding", "base64"),
                   ("Content-Disposition", "attachment; filename=" + name)], base64_lines(octets))


def letter(rng, size):
    """(language, fields, body)"""
    language = rng.choices(list(LANGUAGES), [80, 12, 8])[0]
    with_from_line = rng.random() < 0.22
    blob = rng.randbytes(int(size * 0.4)) if size > 50000 and rng.random() < 0.7 else b""
    size -= len(blob) * 1.37
    if rng.random() < 0.35:
        fields, body = text_part(rng, language, "plain", size, with_from_line)
    else:
        halves = [text_part(rng, language, "plain", size * 0.3, with_from_line),
                  text_part(rng, language, "html", size * 0.7, False)]
        fields, body = multipart(rng, "alternative", [entity(*half) for half in halves])
    if blob:
        fields, body = multipart(rng, "mixed", [entity(fields, body), attachment("picture.jpg", "image/jpeg", blob)])
    return language, fields, body


def subject(rng, language):
    words, between, _ = LANGUAGES[language]
    text = between.join(rng.choice(words) for _ in range(6))
    if language == "en":
        return text.capitalize()
    return "=?utf-8?B?%s?=" % base64.b64encode(text.encode()[:42].decode(errors="ignore").encode()).decode()
