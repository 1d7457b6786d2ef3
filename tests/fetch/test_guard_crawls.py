"""The address guard against a whole crawl: every way in which a page can name an address, and a canary behind it."""

import base64
import signal
import ssl
import time

import psutil
import pytest
import trustme

from scrapers.fetch.tdm_reservations import WELL_KNOWN
from scrapers.local.seed_site import Answer as SeedAnswer
from tests.conftest import FAST
from tests.fault_server import HTML, Answer, FaultServer, article, article_path
from tests.fetch.test_guard import LOOPBACK

ALLOWED = "127.0.0.2"  # where the outlet itself is; the canary is on this machine's other addresses
HOSTS = [f"[{name}]" if ":" in name else name for name in LOOPBACK]
CANARY = "/berita/kanari-warga-desa-membangun-jembatan"

# The outlet's own rules would stop most of this before the guard has to: here they are off.
UNRULY = """
from scrapers.fetch import ssrf_guard as guard
from scrapers.spiders.base import NewsSpider
from scrapers.spiders.news import AnySiteSpider
from scrapy.cmdline import execute

guard.allow(["127.0.0.2/32"], hosts=["127.0.0.2", "rebind.example"], site="{site}")
NewsSpider.is_on_outlet = classmethod(lambda cls, url: True)
execute(["scrapy", "crawl", "news", "-a", "url={site}", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False",
         "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16", "-s", "SOFT_404_PROBE=False"])
"""


@pytest.fixture
def canary():
    with FaultServer(host="0.0.0.0") as server:
        yield server


@pytest.fixture
def outlet():
    with FaultServer(host=ALLOWED, name=ALLOWED) as server:
        yield server


def run(commands, script, seconds=150):
    process = commands.start_script(script)
    _, err = process.communicate(timeout=seconds)
    return process.returncode, err


def xml(root, *urls, of):
    return Answer(f"<{root}>{''.join(of.format(url) for url in urls)}</{root}>", content_type="application/xml")


def test_no_entry_point_leads_to_this_machine_in_any_spelling(commands, outlet, canary, database, balance):
    names = [f"http://{host}:{canary.port}" for host in HOSTS]
    sitemaps = [f"{name}/sitemap-{n}.xml" for n, name in enumerate(names)]
    parts = [f"/part-{n}.xml" for n in range(0, len(sitemaps), 10)]
    moved, refreshed = ([f"/berita/{kind}-{n}-warga-desa" for n in range(len(names))] for kind in ("pindah", "segar"))
    linked = [f"{name}{CANARY}-{n}" for n, name in enumerate(names)]
    own = [outlet.url(path) for path in (*moved, *refreshed, "/berita/berisi-gambar-dan-tautan")]
    images = "".join(
        f'<img src="{name}/gambar.jpg"><a href="{name}{CANARY}-tautan-{n}">x</a>' for n, name in enumerate(names)
    )
    alternates = "".join(f'<link rel="alternate" type="application/rss+xml" href="{name}/feed">' for name in names)
    own_feed = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    of_sitemap, of_url = "<sitemap><loc>{}</loc></sitemap>", "<url><loc>{}</loc></url>"
    outlet.answers |= {
        "/robots.txt": Answer(
            f"Sitemap: {outlet.url('/index.xml')}\nSitemap: {names[0]}/sitemap.xml\n", content_type="text/plain"
        ),
        "/index.xml": xml("sitemapindex", *(outlet.url(part) for part in (*parts, "/urls.xml")), of=of_sitemap),
        "/urls.xml": xml("urlset", *linked, *own, of=of_url),
        "/": Answer(f"<html><head>{own_feed}{alternates}</head><a href='/x'>x</a></html>"),
        "/feed": Answer(
            f"<rss><channel>{''.join(f'<item><link>{url}-umpan</link></item>' for url in linked)}</channel></rss>"
        ),
        "/berita/berisi-gambar-dan-tautan": Answer(article("gambar", head=images)),
    }
    for n, part in enumerate(parts):
        outlet.answers[part] = xml("sitemapindex", *sitemaps[n * 10 : n * 10 + 10], of=of_sitemap)
    for name, move, refresh in zip(names, moved, refreshed, strict=True):
        outlet.answers[move] = Answer(status=302, headers={"Location": f"{name}{CANARY}"})
        outlet.answers[refresh] = Answer(f'<meta http-equiv="refresh" content="0; url={name}{CANARY}">')

    code, err = run(commands, UNRULY.replace("{site}", outlet.address))

    assert code == 0, err
    assert canary.requests == []
    asked = set(outlet.paths())
    assert set(moved) | set(refreshed) | set(parts) | {"/feed", "/urls.xml"} <= asked
    refused = database.execute("SELECT count(*) FROM pages WHERE reason LIKE 'address guard:%'").fetchone()[0]
    assert refused >= 3 * len(set(HOSTS)) - 30  # spellings that are the same address once they are cleaned are one page


TAKEN = "/berita/diambil-warga-desa-membangun-jembatan"
XML = "application/xml"


def moved(to):
    return Answer(status=302, headers={"Location": to})


# How an outlet on this machine may name an address: what its own paths answer, where {} is the address.
NAMED_BY = {
    "robots.txt's sitemap": {"/robots.txt": "Sitemap: {}\n"},
    "a redirect of robots.txt": {"/robots.txt": moved},
    "a sitemap index": {"/sitemap.xml": "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>"},
    "an entry of a sitemap": {"/sitemap.xml": "<urlset><url><loc>{}</loc></url></urlset>"},
    "a redirect of a sitemap": {"/sitemap.xml": moved},
    "a feed that the home page names": {
        "/": '<html><link rel="alternate" type="application/rss+xml" href="{}"></html>'
    },
    "an item of a feed": {"/feed": "<rss><channel><item><link>{}</link></item></channel></rss>"},
    "a redirect of a feed": {"/feed": moved},
    "a redirect of the home page": {"/": moved},
    "a redirect of an article": {article_path(1): moved},
    "a meta refresh": {article_path(1): '<meta http-equiv="refresh" content="0; url={}">'},
    "a link of an article": {article_path(1): lambda to: Answer(article(1, links=[to]))},
    "a redirect of the soft-404 probe": {"otherwise": moved},
    "a redirect of tdmrep.json": {WELL_KNOWN: moved},
}


@pytest.fixture
def foreign_port():
    """Return another server on this machine, under all of its names: no crawl of an outlet here is to reach it."""
    with FaultServer() as server:
        server.otherwise = Answer(article("diambil"))
        yield server


@pytest.mark.parametrize("host", ["www.faults.localhost", "127.0.0.1"])
@pytest.mark.parametrize("named", NAMED_BY.values(), ids=NAMED_BY)
def test_outlet_on_this_machine_leads_to_no_other_port_of_it(crawl_faults, faults, foreign_port, balance, named, host):
    to = f"http://{host}:{foreign_port.port}{TAKEN}"
    for path, answer in named.items():
        given = answer(to) if callable(answer) else Answer(answer.replace("{}", to), content_type=_type_of(path))
        if path == "otherwise":
            faults.otherwise = given
        else:
            faults.answers[path] = given

    result = crawl_faults()

    assert set(named) & {*faults.served, "otherwise"}, result.err
    assert foreign_port.requests == [], result.err


def _type_of(path):
    return "text/plain" if path == "/robots.txt" else XML if path in ("/sitemap.xml", "/feed") else HTML


def test_declared_outlet_on_this_machine_leads_to_no_other_port_of_it(commands, site, foreign_port, balance):
    """The same outlet as `scrapy crawl seed`, whose feeds are declared, each redirected."""
    to = f"http://www.inews.localhost:{foreign_port.port}{TAKEN}"
    for path in ("/feed", "/sitemap.xml", "/sitemap-news.xml", "/", "/news", "/indeks/all/15-12-2025/1"):
        site.answers[path] = SeedAnswer(status=302, body="", headers={"Location": to})

    result = commands.crawl("seed")

    assert foreign_port.requests == [], result.err
    assert "/sitemap.xml" in {seen.path for seen in site.seen}


@pytest.mark.parametrize("command", [
    ("scrapers", "extract"),
    ("scrapy", "fetch", "--nolog"),
    ("scrapy", "fetch", "--nolog", "--spider", "seed"),
    ("scrapy", "parse", "--nolog", "--spider", "seed"),
])  # fmt: skip
@pytest.mark.parametrize("how", ["redirect", "given"])
def test_page_fetched_by_itself_leads_to_no_other_port_of_this_machine(commands, site, foreign_port, command, how):
    to = f"http://www.inews.localhost:{foreign_port.port}{TAKEN}"
    site.answers["/news/pindah"] = SeedAnswer(status=302, body="", headers={"Location": to})

    result = commands.run(*command, to if how == "given" else f"{site.address}/news/pindah")

    assert foreign_port.requests == []
    assert "Warga Desa" not in result.out


@pytest.mark.parametrize("port", [6379, 5432, 25])
def test_ports_of_databases_and_mail_are_asked_by_no_redirect(crawl_faults, faults, database, balance, port):
    faults.answers[faults.articles[0]] = moved(f"http://www.faults.localhost:{port}/x")

    crawl_faults(faults.articles[0])

    said = f"address guard: port {port} is never asked"
    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("rejected", said)]


def test_name_that_changes_its_address_in_between_gains_nothing(commands, database, balance):
    """DNS rebinding: what is connected to is what was checked, at each connection."""
    rebind = """
import itertools
from twisted.internet import defer
from scrapy.resolver import CachingThreadedResolver
addresses = itertools.chain(["127.0.0.2"] * 2, itertools.cycle(["127.0.0.1", "127.0.0.2"]))
CachingThreadedResolver.getHostByName = lambda self, name, timeout=(): defer.succeed(next(addresses))
"""
    with (
        FaultServer(host=ALLOWED, name="rebind.example") as outlet,
        FaultServer(host="127.0.0.1", port=outlet.port) as canary,
    ):
        run(commands, rebind + UNRULY.replace("{site}", outlet.address))

        assert outlet.requests != []
        assert canary.requests == []


def test_proxy_of_the_environment_is_not_used(commands, crawl_faults, faults, canary, balance):
    proxy = f"http://127.0.0.1:{canary.port}"
    commands.environment |= {"http_proxy": proxy, "HTTP_PROXY": proxy, "https_proxy": proxy, "ALL_PROXY": proxy}

    result = crawl_faults(faults.articles[0])

    assert result.code == 0, result.err
    assert canary.requests == []


def test_running_crawl_listens_on_no_port(commands, faults, balance):
    """No telnet console, no RemoteControl: either would run code for whoever reaches it."""
    faults.answers[faults.articles[0]] = "/fault/hang"
    process = commands.start("scrapy", "crawl", "news", "-a", f"url={faults.address}",
                             "-a", f"urls={faults.url(faults.articles[0])}", *FAST)  # fmt: skip
    while faults.articles[0] not in faults.paths() and process.poll() is None:
        time.sleep(0.05)

    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    listening = [at.laddr for one in family for at in one.net_connections("inet") if at.status == psutil.CONN_LISTEN]
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert listening == []


@pytest.mark.parametrize("to", ["file:///etc/passwd", "data:text/html,berita", "ftp://127.0.0.1/x", "s3://bucket/key"])
def test_other_schemes_are_not_followed(crawl_faults, faults, database, balance, to):
    faults.answers[faults.articles[0]] = Answer(status=302, headers={"Location": to})

    crawl_faults(faults.articles[0])

    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("deferred", "http_302")]


def test_credentials_of_one_host_do_not_reach_another(commands, faults, balance):
    faults.answers[faults.articles[0]] = Answer(
        status=302, headers={"Location": f"http://other.faults.localhost:{faults.port}{faults.articles[1]}"}
    )
    host = f"www.faults.localhost:{faults.port}"
    site = f"http://{host}"
    auth = ["-s", "HTTPAUTH_USER=canary", "-s", "HTTPAUTH_PASS=secret", "-s", f"HTTPAUTH_DOMAIN={host}"]

    result = commands.crawl("news", "-a", f"url={site}", "-a", f"urls={site}{faults.articles[0]}", *auth, *FAST)

    sent = {(seen.host, seen.headers.get("Authorization")) for seen in faults.requests if seen.path in faults.articles}
    basic = "Basic " + base64.b64encode(b"canary:secret").decode()
    assert result.code == 0, result.err
    assert sent == {("www.faults.localhost", basic), ("other.faults.localhost", None)}


def test_cookie_that_a_site_sets_is_not_sent_back(crawl_faults, faults, balance):
    crawl_faults("/fault/cookie", *faults.articles[:3], "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")

    assert not [seen for seen in faults.requests if "Cookie" in seen.headers]


def test_referrer_policy_of_a_page_is_text_and_nothing_else(crawl_faults, faults, balance):
    result = crawl_faults("/fault/article?header=Referrer-Policy:builtins.breakpoint", *faults.articles[:2])

    assert result.code == 0, result.err
    assert "breakpoint" not in result.err


@pytest.fixture
def authority(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return authority, str(tmp_path / "ca.pem")


def https(authority, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return FaultServer(tls=context, name="faults.localhost")


@pytest.mark.parametrize(
    ("trusted", "name", "state"),
    [
        (True, "faults.localhost", "stored"),
        (True, "other.localhost", "deferred"),
        (False, "faults.localhost", "deferred"),
    ],
    ids=["good", "of another host", "of an unknown authority"],
)
def test_certificate_must_be_good(commands, authority, database, balance, trusted, name, state):
    ca, file = authority
    commands.environment["SSL_CERT_FILE"] = file if trusted else "/dev/null"
    with https(ca, name) as site:
        site.answers["/robots.txt"] = Answer("", content_type="text/plain")
        commands.crawl("news", "-a", f"url={site.address}", "-a", f"urls={site.url(site.articles[0])}", *FAST)

        assert database.execute("SELECT state FROM pages").fetchall() == [(state,)]
        assert bool(site.requests) == (state == "stored")
        reason = database.execute("SELECT reason FROM pages").fetchone()[0]
        assert reason is None or "BadCertificate" in reason
