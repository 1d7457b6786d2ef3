import random
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import pytest
from scrapy.http import Request
from twisted.internet import reactor
from twisted.internet._resolver import SimpleResolverComplexifier

from scrapers.fetch import ssrf_guard as guard
from scrapers.fetch.refusals import Refused
from scrapers.fetch.ssrf_guard import (
    NEVER_ASKED,
    GuardedNames,
    GuardedResolver,
    GuardMiddleware,
    is_public,
    numeric_address,
)
from scrapers.local.seed_site import Answer

LOOPBACK = [
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7F.0.0.1",
        "0177.0.0.1",
        "017700000001",
    ),
    *("127.000.000.001", "0.0.0.0", "0", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"),
    *("::ffff:7f00:1", "::127.0.0.1", "::", "localhost", "www.inews.localhost", "LOCALHOST", "localhost.", "①②⑦.⓪.⓪.①"),
]
OTHERS = [
    *(
        "10.0.0.1",
        "10.1",
        "0xa.1",
        "012.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.1",
        "3232235521",
    ),
    *(
        "100.64.0.1",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "169.254.1.1",
        "192.0.0.8",
        "198.18.0.1",
        "192.0.2.1",
    ),
    *("203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::ffff:10.0.0.1"),
    *(
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
    ),
    *("2002:c0a8:101::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1"),
    *("::10.0.0.1",),
]


class Receiver:
    """What asks a reactor for the addresses of a name."""

    def __init__(self):
        self.addresses = []

    def resolutionBegan(self, resolution):  # noqa: N802
        pass

    def addressResolved(self, address):  # noqa: N802
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self):  # noqa: N802
        pass


def resolved(name, port=80):
    """Return the addresses that a connection to the name may be made to, and why not to others."""
    guard.REFUSED.clear()
    receiver = Receiver()
    GuardedNames(SimpleResolverComplexifier(GuardedResolver(reactor, 0, 1.0))).resolveHostName(receiver, name, port)
    return receiver.addresses, list(guard.REFUSED.values())


@pytest.fixture
def allow(monkeypatch):
    """Return guard.allow, of a process that allows nothing else."""
    monkeypatch.setattr(guard, "ALLOWED", set())
    return guard.allow


@pytest.mark.parametrize("name", LOOPBACK + OTHERS)
def test_no_spelling_of_an_address_that_is_not_public_passes(name):
    answers, errors = resolved(name.lower().rstrip(".").encode("idna").decode())  # as Scrapy writes it in a request

    assert answers == []
    assert "which is not public" in errors[0]


def test_public_addresses_pass():
    choice = random.Random(1)
    ours = ("0.", "10.", "100.", "127.", "169.254.", "172.", "192.", "198.", "203.")
    four = [f"{IPv4Address(choice.randrange(1 << 24, 224 << 24))}" for _ in range(1300)]
    four = [address for address in four if not address.startswith(ours)]
    six = [f"{IPv6Address((0x2A00 << 112) + choice.randrange(1 << 112))}" for _ in range(300)]

    assert len(four) + len(six) > 1000
    assert [address for address in four + six if not is_public(address)] == []


def test_outlet_may_reach_what_it_declares_and_nothing_else(allow):
    allow(["127.0.0.0/8"], hosts=["inews.localhost"], site="http://www.inews.localhost:8900")

    assert resolved("www.inews.localhost", 8900) == ([("127.0.0.1", 8900)], [])
    assert resolved("10.0.0.1", 8900)[0] == []


@pytest.mark.parametrize(("name", "port"), [
    ("www.inews.localhost", 8901), ("www.inews.localhost", 80), ("127.0.0.1", 8900), ("localhost", 8900),
    ("evilinews.localhost", 8900),
])  # fmt: skip
def test_outlet_on_this_machine_reaches_its_own_names_at_its_own_port_alone(allow, name, port):
    allow(["127.0.0.0/8"], hosts=["inews.localhost"], site="http://www.inews.localhost:8900")

    answers, errors = resolved(name, port)

    assert answers == []
    assert errors == [f"address guard: {name} leads to port {port} of 127.0.0.1, where the outlet is not"]


def test_outlet_may_declare_a_host_of_another_name_and_that_one_alone_is_reached(allow):
    allow(["peta.localhost@127.0.0.1/32:8901"], hosts=["inews.localhost"], site="http://www.inews.localhost:8900")

    assert resolved("peta.localhost", 8901)[0] == [("127.0.0.1", 8901)]
    for name, port in (("peta.localhost", 8900), ("lain.localhost", 8901), ("www.inews.localhost", 8901)):
        assert resolved(name, port)[0] == []


def test_outlet_may_declare_another_port_than_its_sites(allow):
    allow(["10.0.0.0/8:8080", "fd00::/8:8081"], hosts=["10.0.0.1"], site="https://10.0.0.1")

    assert resolved("10.0.0.1", 8080)[0] == [("10.0.0.1", 8080)]
    assert resolved("10.0.0.1", 443)[0] == []
    assert {str(allowance.network) for allowance in guard.ALLOWED} == {"10.0.0.0/8", "fd00::/8"}


@pytest.mark.parametrize(
    "name", ["169.254.169.254", "0xa9fea9fe", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "100.100.100.200",
             "192.0.0.192", "169.254.170.2"],
)  # fmt: skip
def test_metadata_service_is_not_reached_even_where_its_network_is_allowed(allow, name):
    networks = {"169.254.0.0/16", "100.64.0.0/10", "192.0.0.0/8", "0.0.0.0/0", "::/0"}
    allow(networks, hosts=[name, "169.254.1.1"], site="http://x.test")

    assert resolved(name)[0] == []
    assert resolved("169.254.1.1")[0] == [("169.254.1.1", 80)]


@pytest.mark.parametrize("port", [22, 25, 143, 3306, 5432, 6379, 9200, 11211, 27017, 6667])
def test_ports_of_mail_shells_and_databases_are_never_asked_of_any_host(port):
    assert port in NEVER_ASKED
    with pytest.raises(Refused, match=f"port {port} is never asked"):
        GuardMiddleware().process_request(Request(f"https://www.example.com:{port}/"))


def test_names_are_no_numbers():
    assert numeric_address("www.inews.id") is None
    assert numeric_address("0x7f.1") == "127.0.0.1"


CRAWL_OF_AN_OUTLET_THAT_ALLOWS_NOTHING = (
    "from scrapers.spiders.seed import SeedSpider; SeedSpider.allowed_networks = (); "
    "from scrapy.cmdline import execute; execute(['scrapy', 'crawl', 'seed'])"
)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0.0.0.0", "www.inews.localhost"])
def test_crawl_never_reaches_this_machine_unless_the_outlet_declares_it(commands, site, host):
    commands.environment["WARTA_SEED_SITE"] = f"http://{host}:{site.port}"

    process = commands.start_script(CRAWL_OF_AN_OUTLET_THAT_ALLOWS_NOTHING)
    _, err = process.communicate(timeout=120)

    assert process.returncode == 4
    assert "address guard" in err.strip().split("\n")[-1]
    assert site.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=302, body="", headers={"Location": "http://0.0.0.0:PORT/taken"}),
        Answer(body="<html><meta http-equiv=refresh content='0; url=http://0.0.0.0:PORT/taken'></html>"),
    ],
    ids=["redirect", "meta refresh"],
)
def test_page_cannot_send_us_to_another_address(commands, site, database, balance, answer):
    port = str(site.port)
    path = next(url for url in site.articles() if "/techno/" in url).removeprefix(site.address)
    headers = {name: value.replace("PORT", port) for name, value in answer.headers.items()}
    site.answers[path] = replace(answer, body=str(answer.body).replace("PORT", port), headers=headers)

    commands.crawl("seed", "-a", f"urls={site.address}{path}")

    assert database.execute("SELECT state FROM pages").fetchall() == [("rejected",)]
    assert "/taken" not in {seen.path for seen in site.seen}


def test_sitemap_cannot_send_us_to_another_address(commands, site, balance):
    index = f"<sitemapindex><sitemap><loc>http://0.0.0.0:{site.port}/taken.xml</loc></sitemap></sitemapindex>"
    site.answers["/sitemap.xml"] = Answer(body=index, content_type="application/xml")

    commands.crawl("seed")

    assert "/taken.xml" not in {seen.path for seen in site.seen}


def test_given_url_of_another_site_is_refused_in_one_line(commands):
    result = commands.crawl("inews", "-a", "urls=http://169.254.169.254/latest/meta-data/")

    assert result.code == 2
    assert result.err.strip() == "scrapy crawl: http://169.254.169.254/latest/meta-data/ is not on inews (inews.id)"
