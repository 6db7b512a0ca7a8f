"""A survey of companies, as JIPDEC's of 2018: what 400 made-up domains publish, by capital, sales and trade."""
from . import survey

HEAD = "company", "trade", "capital", "employees", "sales", "domain", "selectors"
DAY = "2018-10-15"
COUNT = 400
NAMES = ("青葉 aoba", "若竹 wakatake", "桐生 kiryu", "常盤 tokiwa", "八雲 yakumo", "千歳 chitose", "飛鳥 asuka", "瑞穂 mizuho-no",
         "旭光 kyokko", "清流 seiryu", "緑風 ryokufu", "金剛 kongo", "白樺 shirakaba", "夕凪 yunagi", "東雲 shinonome", "大和路 yamatoji",
         "春日野 kasugano", "浅葱 asagi", "山吹 yamabuki", "紅葉 momiji")
TRADES = ("製造 seizo", "建設 kensetsu", "商事 shoji", "運輸 unyu", "情報 joho", "食品 shokuhin", "薬品 yakuhin", "電機 denki", "印刷 insatsu",
          "不動産 fudosan", "観光 kanko", "農産 nosan", "水産 suisan", "林業 ringyo", "保険 hoken", "証券 shoken", "教育 kyoiku", "医療 iryo",
          "造船 zosen", "繊維 seni")
# Of 1,000 yen; a class has a tenth of the companies, or more.
CAPITALS = (3000, 5000, 10000, 10000, 20000, 30000, 50000, 100000, 300000, 1200000)
ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463, appendix A
SHORT = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK3GYvXHORl3Kk7Z/QnhcElTCe3dO2j0T/4DqBocgHAOP+rL0W2JtitpHoCnhQKO6X2Zwlrwx52p6XQJVv8Db2ECAwEAAQ=="
# By company: selector, and what its key record says.
KEYS = {3: ("s2018", "v=DKIM1; k=ed25519; p=" + ED25519), 13: ("mail", "v=DKIM1; k=rsa; p=" + SHORT),
        23: ("old", "v=DKIM1; p="), 33: ("test", "v=DKIM1; k=ed25519; t=y; p=" + ED25519), 43: ("gone", None)}
FAILING = {7: "SERVFAIL", 111: "TIMEOUT"}
DMARC = {5: "v=DMARC1; p=none", 77: "v=DMARC1; p=reject; rua=mailto:dmarc@kongo-denki.example",
         205: "v=DMARC1; p=quarantine; t=y; rua=mailto:postmaster@dmarc.example", 316: "v=DMARC1; p=none; sp=reject"}


def companies():
    for i in range(COUNT):
        place = i * 149 % COUNT
        name, trade = NAMES[place // len(TRADES)].split(), TRADES[place % len(TRADES)].split()
        capital = CAPITALS[survey.number("capital%d" % i, len(CAPITALS))]
        staff = 2 + survey.number("staff%d" % i, capital // 100)
        sales = staff * (9000 + survey.number("sales%d" % i, 30000))
        yield name[0] + trade[0], trade[0], capital, staff, sales, "%s-%s.example" % (name[1], trade[1])


def has_spf(index, capital):
    """The larger the company the likelier."""
    return survey.number("spf%d" % index, 100) < (48 if capital <= 10000 else 62 if capital <= 50000 else 78)


def publish(zone, index, capital, domain):
    zone.add(domain, "MX", "mx." + domain)
    zone.add("mx." + domain, "A", "203.0.113.%d" % (index % 250))
    if has_spf(index, capital):
        zone.add(domain, "TXT", ("v=spf1 mx ~all", "v=spf1 ip4:203.0.113.%d -all" % (index % 250),
                                 "v=spf1 include:_spf.rental-server.example ~all")[index % 3])
    if index in DMARC:
        zone.add("_dmarc." + domain, "TXT", DMARC[index])
    if index in KEYS and KEYS[index][1]:
        zone.add("%s._domainkey.%s" % (KEYS[index][0], domain), "TXT", KEYS[index][1])
    if index in FAILING:
        zone.failing[domain] = zone.failing["_dmarc." + domain] = FAILING[index]
    if index % 50 == 3:
        zone.secure.add(domain)


def make(zone):
    zone.add("_spf.rental-server.example", "TXT", "v=spf1 ip4:192.0.2.0/26 ip4:192.0.2.32/27 -all")
    rows = []
    for index, (name, trade, capital, staff, sales, domain) in enumerate(companies()):
        publish(zone, index, capital, domain)
        selector = KEYS[index][0] if index in KEYS else ""
        rows.append((name, trade, str(capital), str(staff), str(sales), domain, selector))
    for number, row in enumerate(rows):
        survey.ask_sender(zone, row[5], row[6].split(), survey.midnight(DAY) + number * 3000)
    return survey.csv(HEAD, rows)
