"""A survey of the mail that warns of disasters, as JIPDEC's of 2020: 1,026 made-up municipalities, some with several
addresses, all of which must have SPF or DMARC for the municipality to count."""
from . import survey

HEAD = "municipality", "region", "kind", "population", "address"
DAY = "2020-08-24"
# What is there: units with SPF only, with both, with DMARC only, with neither.
SPF_ONLY, BOTH, DMARC_ONLY, NEITHER = 779, 144, 2, 101
FIRST = ("北 kita", "南 minami", "東 higashi", "西 nishi", "上 kami", "下 shimo", "大 oo", "小 ko", "新 shin", "古 furu",
         "白 shira", "黒 kuro", "青 ao", "赤 aka", "高 taka", "深 fuka", "長 naga", "広 hiro", "美 mi", "松 matsu",
         "竹 take", "梅 ume", "桜 sakura", "杉 sugi", "藤 fuji", "石 ishi", "岩 iwa", "砂 suna", "霧 kiri", "雪 yuki")
SECOND = ("川 kawa", "山 yama", "田 ta", "野 no", "原 hara", "沢 sawa", "島 shima", "崎 saki", "浜 hama", "津 tsu",
          "谷 tani", "坂 saka", "橋 hashi", "森 mori", "林 bayashi", "池 ike", "沼 numa", "里 sato", "宮 miya", "城 shiro",
          "関 seki", "倉 kura", "瀬 se", "岡 oka", "尾 o", "根 ne", "見 mi", "井 i", "木 ki", "浦 ura", "峰 mine", "丘 gaoka",
          "平 daira", "門 kado", "戸 do")
REGIONS = ("北部 hokubu", "東部 tobu", "中部 chubu", "西部 seibu", "南部 nanbu", "島部 tobu-shima")
KINDS = ("市 city", "町 town", "村 vill", "区 ward")
# Providers that send for many: with SPF, and the second with DMARC.
PROVIDER, CAREFUL = "bosai-haishin.example", "anshin-mail.example"


def names():
    for i in range(SPF_ONLY + BOTH + DMARC_ONLY + NEITHER):
        # Neighbours in the list have little in common.
        place = i * 521 % (len(FIRST) * len(SECOND))
        first, second = FIRST[place // len(SECOND)].split(), SECOND[place % len(SECOND)].split()
        kind = KINDS[(0, 0, 0, 0, 1, 1, 1, 1, 2, 3)[survey.number("kind%d" % i, 10)]].split()
        region = REGIONS[survey.number("region%d" % i, len(REGIONS))].split()
        yield first[0] + second[0] + kind[0], region[0], kind[0], \
            "%s.%s.%s.lg.example" % (kind[1], first[1] + second[1], region[1])


def population(index, kind):
    least, most = {"市": (30000, 700000), "区": (60000, 900000), "町": (5000, 40000), "村": (400, 8000)}[kind]
    return str(least + survey.number("population%d" % index, most - least))


def spf_of(index, domain):
    """Most are right. Each kind of mistake is there, too."""
    mistakes = {3: "v=spf1 ipv4:198.51.100.%d -all" % (index % 250), 55: "v=spf1 ip4:198.51.100.0/24, ~all",
                104: "v=spf1 +all", 155: "v=spf1 include:gone.%s -all" % domain,
                205: "v=spf1 " + " ".join("include:_n%d.many.example" % n for n in range(11)) + " ~all",
                255: "v=spf1 a:w1.%s a:w2.%s a:w3.%s -all" % (domain, domain, domain),
                305: "v=spf1 ip4:128.0.0.0/1 ~all"}
    kinds = ("v=spf1 ip4:198.51.100.%d -all" % (index % 250), "v=spf1 mx -all", "v=spf1 include:_spf.%s ~all" % PROVIDER,
             "v=spf1 ip4:203.0.113.%d include:_spf.%s ~all" % (index % 250, PROVIDER), "v=spf1 a:www.%s ~all" % domain)
    return mistakes.get(index, kinds[survey.number(domain, len(kinds))])


def publish(zone, domain, index, spf, dmarc):
    host = "mx." + domain
    zone.add(domain, "A", "198.51.100.%d" % (index % 250))
    if index % 17 == 4:
        zone.add(domain, "MX", ".")
    else:
        zone.add(domain, "MX", host)
        zone.add(host, "A", "198.51.100.%d" % (index % 250))
    zone.add("www." + domain, "A", "203.0.113.%d" % (index % 250))
    if spf:
        zone.add(domain, "TXT", spf_of(index, domain))
    if spf and index in (405, 455):
        zone.add(domain, "TXT", "v=spf1 -all")  # the second record
    if dmarc:
        policy = ("none", "none", "none", "quarantine", "none", "reject")[index % 6]
        # Some have their policy at a domain above.
        at = domain.partition(".")[2] if index % 12 == 8 else domain
        zone.add("_dmarc." + at, "TXT", "v=DMARC1; p=%s; rua=mailto:dmarc@%s" % (policy, at))
    if index % 40 == 6:
        zone.secure.add(domain)


def publish_providers(zone):
    for domain, host in ((PROVIDER, "192.0.2.0/25"), (CAREFUL, "192.0.2.128/25")):
        zone.add("_spf." + domain, "TXT", "v=spf1 ip4:%s ip6:2001:db8:%d::/64 -all" % (host, len(domain)))
        zone.add(domain, "TXT", "v=spf1 include:_spf.%s -all" % domain)
        zone.add(domain, "MX", "mx." + domain)
    zone.add("_dmarc." + CAREFUL, "TXT", "v=DMARC1; p=quarantine; sp=reject; rua=mailto:dmarc@" + CAREFUL)
    for n in range(11):
        zone.add("_n%d.many.example" % n, "TXT", "v=spf1 ip4:192.0.2.%d -all" % n)


def addresses(zone, index, domain):
    """One unit's, so that all together have what its class says."""
    spf = index < SPF_ONLY + BOTH
    dmarc = SPF_ONLY <= index < SPF_ONLY + BOTH + DMARC_ONLY
    local = domain.split(".")[1]
    if spf and index % 3 == 1 and index > 460:
        return [local + "@" + (CAREFUL if dmarc else PROVIDER)]
    publish(zone, domain, index, spf, dmarc)
    out = ["bosai@" + domain]
    if not spf and not dmarc and index % 4 == 0:
        out.append(local + "@" + CAREFUL)      # this one has both, the first has none
    elif spf and not dmarc and index % 20 == 5:
        out.append(local + "@" + CAREFUL)      # DMARC of this one only
    elif spf and dmarc and index % 10 == 2:
        out.append(local + "@" + CAREFUL)      # both of both
    elif spf and index % 31 == 7:
        out.append("anzen@" + domain)          # the same domain once more
    return out


def make(zone):
    publish_providers(zone)
    rows = []
    for index, (name, region, kind, domain) in enumerate(names()):
        for address in addresses(zone, index, domain):
            rows.append((name, region, kind, population(index, kind), address))
    for number, row in enumerate(rows):
        survey.ask_sender(zone, row[-1].partition("@")[2], [], survey.midnight(DAY) + number * 3000)
    check(zone, rows)
    # As a list would be that was made by hand: by region, then as it came.
    return survey.csv(HEAD, sorted(rows, key=lambda row: [r.split()[0] for r in REGIONS].index(row[1])))


def check(zone, rows):
    units = {}
    for row in rows:
        domain = row[-1].partition("@")[2]
        units.setdefault(row[0], []).append((survey.has_spf(zone, domain), survey.has_dmarc(zone, domain)))
    complete = [tuple(all(one) for one in zip(*senders)) for senders in units.values()]
    found = [sum(spf for spf, _ in complete), sum(dmarc for _, dmarc in complete), complete.count((True, True))]
    assert len(units) == 1026 and found == [923, 146, 144], (len(units), found)
