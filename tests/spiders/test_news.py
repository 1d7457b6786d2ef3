"""Any site: `scrapy crawl news`, and outlets that `scrapy genspider` writes; on a small site of this machine."""

import re
import shutil
import time
from dataclasses import replace

import pytest

from scrapers.commands.genspider import check_name, own_network
from scrapers.config import ROOT
from scrapers.crawl.announcements import vouched_feed
from scrapers.discovery.feeds import Robots, Section, Sitemap
from scrapers.errors import UsageError
from scrapers.fetch.soft_404 import PROBE
from scrapers.fetch.tdm_reservations import WELL_KNOWN
from scrapers.items import NotTaken
from scrapers.local.seed_site import Answer
from scrapers.spiders import outlet, outlets
from scrapers.spiders.news import ARTICLE_URLS, AnySiteSpider
from tests.conftest import Result

QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
SENTENCE = "Kalimat berita yang cukup panjang untuk dihitung sebagai paragraf, kata kepala desa pada hari Rabu pagi. "
ARTICLES = {
    "/2026/08/12/warga-membangun-jembatan/": "Warga Membangun Jembatan",  # in the feed
    "/ekonomi/harga-beras-turun-pekan-ini": "Harga Beras Turun Pekan Ini",  # in the news sitemap
    "/read/7700112/panen": "Panen Raya Dimulai",  # on the home page
}


def article(headline):
    return Answer(
        body=f"<html lang=id><meta property=og:site_name content=Kabar><title>{headline} | Kabar</title>"
        f"<meta property=article:published_time content=2026-08-12T10:00:00+07:00><h1>{headline}</h1>"
        f"<div><p>{SENTENCE * 2}</p><p>{SENTENCE}</p></div><a href=/tag/desa-dan-warga-kita>desa</a></html>"
    )


def xml(body):
    return Answer(body=body, content_type="text/xml")


@pytest.fixture
def kabar(site):
    """A site that no outlet declares; its address."""
    address = f"http://www.kabar.localhost:{site.port}"
    feed, sitemap, home = ARTICLES
    site.answers |= {path: article(headline) for path, headline in ARTICLES.items()}
    site.answers |= {
        "*": Answer(status=404),
        "/robots.txt": Answer(
            body=f"User-agent: *\nDisallow: /admin\nSitemap: {address}/all.xml\nsitemap:{address}/news.xml\n",
            content_type="text/plain",
        ),
        "/": Answer(
            body='<link rel="alternate" type="application/rss+xml" href="/rss"><a href="/tentang-kami">Kami</a>'
            f'<link rel="alternate" type="application/rss+xml" href="/comments/feed"><a href="{home}">Berita</a>'
        ),
        "/rss": xml(f"<rss><channel><item><title>x</title><link>{address}{feed}</link></item></channel></rss>"),
        "/news.xml": xml(f"<urlset><url><loc>{address}{sitemap}</loc></url></urlset>"),
    }
    return address


def stored(database):
    return dict(database.execute("SELECT canonical_url, headline FROM articles").fetchall())


def test_news_finds_a_sites_articles_through_its_feed_its_news_sitemap_and_its_home_page(
    commands, kabar, site, database, balance
):
    result = commands.crawl("news", "-a", f"url={kabar}/ekonomi", *QUICK)

    assert result.code == 0, result.err
    assert stored(database) == {kabar + path: headline for path, headline in ARTICLES.items()}
    asked = {seen.path for seen in site.seen if PROBE not in seen.path}
    assert asked == {"/robots.txt", WELL_KNOWN, "/", "/ekonomi", "/rss", "/news.xml", *ARTICLES}
    assert database.execute("SELECT DISTINCT outlet, publisher FROM articles").fetchall() == [
        ("kabar.localhost", "Kabar")
    ]


def untaken(database):
    """Return why what feeds announced was not taken, by the path of its address."""
    rows = database.execute("SELECT regexp_replace(url, '^https?://[^/]*', ''), reason FROM untaken_announcements")
    return dict(rows.fetchall())


def test_site_without_robots_is_found_by_sitemaps_at_usual_addresses_and_no_alarm_tells_of_the_missing(
    commands, kabar, site, database, balance
):
    [_, path, _] = ARTICLES
    del site.answers["/robots.txt"]
    site.answers["/"] = Answer(body="<title>Kabar</title><p>Kosong")
    site.answers["/sitemap_index.xml"] = xml(f"<urlset><url><loc>{kabar}{path}</loc></url></urlset>")

    for _ in range(4):
        result = commands.crawl("news", "-a", f"url={kabar}", *QUICK)

    assert result.code == 0, result.err
    assert list(stored(database)) == [kabar + path]
    assert database.execute("SELECT url FROM feeds WHERE failures > 0").fetchall() == [(f"{kabar}/",)]
    assert "/robots.txt" not in str(database.execute("SELECT subject FROM alarms").fetchall())


def test_short_addresses_that_a_sites_own_feed_names_are_articles_until_they_were_seen(
    commands, kabar, site, database, balance
):
    paths = ["/nftables/", "/?p=4711", "/%E6%97%A5%E6%9C%AC%E8%AA%9E/", "/opini/saatnya"]
    site.answers |= {path: article(f"Judul {number}") for number, path in enumerate(paths)}
    items = "".join(f"<item><title>x</title><link>{kabar}{path}</link></item>" for path in paths)
    site.answers["/rss"] = xml(f"<rss><channel>{items}</channel></rss>")

    result = commands.crawl("news", "-a", f"url={kabar}", *QUICK)

    assert result.code == 0, result.err
    assert {kabar + path for path in paths} <= set(stored(database))


def test_site_without_feed_and_sitemap_is_read_through_its_lists_until_a_page_brings_nothing_new(
    commands, kabar, site, database, balance
):
    entry = '<h2><a href="/{0}/">{0}</a></h2>'
    slugs = [f"desa{number}" for number in range(8)]
    site.answers.clear()
    site.answers |= {"*": Answer(status=404)} | {f"/{slug}/": article(slug) for slug in slugs}
    site.answers["/"] = Answer(body=entry.format(slugs[0]) + '<a href="/arsip/">Arsip</a><a href="/tentang-kami">x</a>')
    pages = [slugs[:3], slugs[3:6], slugs[6:], slugs[:3], slugs[3:6]]
    for number, page in enumerate(pages, 1):
        following = f'<a href="/arsip/page/{number + 1}/">lebih lama</a>'
        body = "".join(map(entry.format, page)) + following
        site.answers["/arsip/" if number == 1 else f"/arsip/page/{number}/"] = Answer(body=body)

    first = commands.crawl("news", "-a", f"url={kabar}", *QUICK)
    asked = [seen.path for seen in site.seen if seen.path.startswith("/arsip")]
    site.seen.clear()
    second = commands.crawl("news", "-a", f"url={kabar}", *QUICK)

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert set(stored(database)) == {f"{kabar}/{slug}/" for slug in slugs}
    assert asked == ["/arsip/", "/arsip/page/2/", "/arsip/page/3/", "/arsip/page/4/"]
    assert [seen.path for seen in site.seen if seen.path.startswith("/arsip")] == ["/arsip/"]


def test_site_that_lives_under_a_path_needs_nothing_at_the_root_of_its_host(commands, kabar, site, database, balance):
    site.answers.clear()
    site.answers |= {
        "*": Answer(status=404),
        "/warta/": Answer(body="<title>Kabar</title><a href=/warta/kami>Kami</a>"),
        "/warta/sitemap.xml": xml(f"<urlset><url><loc>{kabar}/warta/jembatan/</loc></url></urlset>"),
        "/warta/jembatan/": article("Jembatan"),
    }

    result = commands.crawl("news", "-a", f"url={kabar}/warta/", *QUICK)

    assert result.code == 0, result.err
    assert list(stored(database)) == [f"{kabar}/warta/jembatan/"]
    assert database.execute("SELECT url FROM feeds WHERE failures > 0").fetchall() == []


def test_what_feeds_and_the_home_page_name_and_the_crawl_does_not_take_is_told_with_the_reason(
    commands, kabar, site, database, balance
):
    items = (
        "https://lain.example/a-b-c-d",
        f"{kabar}/foto.jpg",
        "https://[kabar]/x",
        f"{kabar}/2026/08/12/panen-raya/",
    )
    body = "".join(f"<item><title>x</title><link>{url}</link></item>" for url in items)
    site.answers["/rss"] = xml(f"<rss><channel>{body}<item><title>tanpa alamat</title></item></channel></rss>")
    site.answers["/2026/08/12/panen-raya/"] = article("Panen Raya")
    site.answers["/robots.txt"] = Answer(body=f"Sitemap: {kabar}/{'x' * 3000}.xml\n", content_type="text/plain")

    commands.crawl("news", "-a", f"url={kabar}", *QUICK)
    told = commands.warta("why", "https://lain.example/a-b-c-d")
    shown = commands.warta("coverage", "kabar.localhost")

    reasons = untaken(database)
    assert reasons["/a-b-c-d"] == "other_site"
    assert reasons["/foto.jpg"] == "file"
    assert reasons["/x"] == "bad_address"
    assert reasons["/tentang-kami"] == "not_an_article_url"
    assert "too_long" in reasons.values()
    assert "" in reasons  # the item without an address
    assert f"{kabar}/2026/08/12/panen-raya/" in stored(database)
    assert told.code == 0
    assert f"announced by       {kabar}/rss, not taken: other_site" in told.out
    assert "not taken  1 other_site, such as https://lain.example/a-b-c-d" in shown.out
    balances = database.execute("SELECT announced, taken, untaken FROM announcement_balance WHERE kind = 'rss'")
    assert balances.fetchall() == [(5, 1, 4)]


def test_sitemap_of_another_host_is_followed_where_robots_names_it_and_told_where_another_page_does():
    spider = AnySiteSpider.of_site("https://kabar.example")
    elsewhere = Sitemap("https://peta.example/kabar.xml")

    assert vouched_feed(spider, Robots("https://kabar.example/robots.txt"), elsewhere) == elsewhere
    not_taken = vouched_feed(spider, Section("https://kabar.example/blog/"), elsewhere)
    assert not_taken == NotTaken(elsewhere.url, "other_site")


def test_outlet_that_is_declared_after_news_crawled_its_site_reads_its_feeds_and_pages_anew(
    run, commands, kabar, site, database
):
    commands.crawl("news", "-a", f"url={kabar}", "-a", "limit=2", *QUICK)
    run("scrapy", "genspider", "-t", "news", "kabar", kabar)
    with run.module.open("a") as module:
        module.write('    allowed_networks = ("127.0.0.1/32",)\n')

    crawl = run("scrapy", "crawl", "kabar", *QUICK)

    assert crawl.code == 0, crawl.err
    assert set(stored(database)) == {kabar + path for path in ARTICLES}
    assert database.execute("SELECT DISTINCT outlet FROM articles").fetchall() == [("kabar",)]
    assert database.execute("SELECT DISTINCT outlet FROM feeds WHERE retired_at IS NULL").fetchall() == [("kabar",)]


def test_what_is_left_of_one_site_is_not_fetched_by_the_crawl_of_another(commands, kabar, site, database, balance):
    commands.crawl("news", "-a", f"url={kabar}", "-a", "limit=1", *QUICK)
    site.seen.clear()

    result = commands.crawl("news", "-a", f"url=http://lain.localhost:{site.port}", "-a", "limit=1", *QUICK)

    assert result.code == 0, result.err
    assert {seen.host for seen in site.seen if seen.path in ARTICLES} == {"lain.localhost"}


# Does what `python -m` does in a copy of the project; a forked process has imported all but the copy's own modules.
IN_COPY = """
import os, runpy, sys
os.chdir({copy!r})
for name in [name for name in sys.modules if name.partition(".")[0] == "scrapers"]:
    del sys.modules[name]
sys.path.insert(0, {copy!r})
sys.argv = {arguments!r}
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def run(commands, tmp_path):
    """A function that runs a command in a copy of the project, where outlets may be written."""
    copy = tmp_path / "a copy"
    shutil.copytree(ROOT / "scrapers", copy / "scrapers", ignore=shutil.ignore_patterns("*.nb?"))  # numba's cache
    for file in ("scrapy.cfg", "pyproject.toml"):
        shutil.copy(ROOT / file, copy)

    def run(*arguments):
        process = commands.start_script(IN_COPY.format(copy=str(copy), arguments=list(arguments)))
        out, err = process.communicate(timeout=120)
        return Result(process.returncode, out, err)

    run.module = copy / "scrapers" / "spiders" / "kabar.py"
    run.pages = copy / "tests" / "fixtures" / "pages" / "kabar"
    return run


def test_outlet_that_genspider_writes_is_listed_and_crawls_its_site(run, kabar, database):
    written = run("scrapy", "genspider", "-t", "news", "kabar", kabar)
    again = run("scrapy", "genspider", "-t", "news", "kabar", kabar)
    style = run("ruff", "check", str(run.module))
    layout = run("ruff", "format", "--check", str(run.module))
    with run.module.open("a") as module:
        module.write('    allowed_networks = ("127.0.0.1/32",)\n')  # the site is on this machine
    crawl = run("scrapy", "crawl", "kabar", *QUICK)

    assert written.code == 0, written.err
    assert "warta outlet check kabar tests/fixtures/pages/kabar/" in written.out
    assert run.pages.is_dir()
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert (style.code, layout.code) == (0, 0), style.out + layout.out
    assert "kabar" in run("scrapy", "list").out.split()
    assert crawl.code == 0, crawl.err
    assert stored(database) == {kabar + path: headline for path, headline in ARTICLES.items()}


def test_outlet_of_a_host_and_port_without_a_scheme_is_written_and_crawled(run, kabar, database):
    written = run("scrapy", "genspider", "-t", "news", "kabar", kabar.removeprefix("http://"))
    crawl = run("scrapy", "crawl", "kabar", *QUICK)

    assert written.code == 0, written.err
    assert f'site = "{kabar}"' in run.module.read_text()
    assert 'allowed_networks = ("127.0.0.1/32",)' in run.module.read_text()
    assert crawl.code == 0, crawl.err
    assert stored(database) == {kabar + path: headline for path, headline in ARTICLES.items()}


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("www.kabar.test", "()"),
        ("8.8.8.8", "()"),
        ("127.0.0.1", '("127.0.0.1/32",)'),
        ("10.1.2.3", '("10.1.2.3/32",)'),
        ("kabar.localhost", '("127.0.0.1/32",)'),
    ],
)
def test_outlet_that_is_written_may_reach_its_own_address_in_a_private_network(host, network):
    assert own_network(host) == network


def test_whole_of_a_divided_article_is_asked_for_by_its_query_and_stored_under_its_address(run, kabar, site, database):
    path = "/read/7700112/panen"
    first, whole = article("Panen"), article("Panen")
    site.answers[path] = replace(first, body=f'{first.body}<a href="{path}?page=2">2</a>')
    site.answers[f"{path}?page=all"] = replace(whole, body=whole.body.replace("</div>", "<p>Akhirnya.</p></div>"))
    run("scrapy", "genspider", "kabar", kabar)
    module = run.module.read_text().replace("whole_article = None", 'whole_article = "?page=all"')
    module = module.replace("same_page = SAME_PAGE", r'same_page = ((r"\?.*$", ""),)')
    run.module.write_text(f'{module}    allowed_networks = ("127.0.0.1/32",)\n')

    crawl = run("scrapy", "crawl", "kabar", *QUICK)

    assert crawl.code == 0, crawl.err
    [(url, body)] = database.execute(
        "SELECT canonical_url, article_body FROM articles WHERE headline = 'Panen'"
    ).fetchall()
    assert (url, body[-1]) == (kabar + path, "Akhirnya.")
    assert [seen.path for seen in site.seen if seen.path.startswith(path)] == [path, f"{path}?page=all"]


@pytest.mark.parametrize(("name", "said"), [
    ("Kabar", "is no name for an outlet"), ("kabar-desa", "is no name for an outlet"),
    ("detik", "there is an outlet 'detik' already"), ("news", "there is an outlet 'news' already"),
    ("warta", "is the project's own name"),
])  # fmt: skip
def test_name_that_no_outlet_can_have_is_refused(name, said):
    with pytest.raises(UsageError, match=said):
        check_name(name)


@pytest.mark.parametrize(("url", "said"), [
    ("", "news has no site of its own"),
    ("kabar", "'kabar' is no site"),
    ("http://[kabar", "is no site"),
    ("ftp://kabar.test", "is no site"),
    ("https://news.detik.com/", "detik.com is declared as an outlet: `scrapy crawl detik`"),
])  # fmt: skip
def test_site_that_news_cannot_crawl_is_named(url, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        outlet("news")(url=url)


def test_crawl_of_no_site_ends_with_one_line(commands):
    result = commands.crawl("news")

    assert (result.code, result.err.count("\n")) == (2, 1)


def test_only_a_site_that_is_named_as_this_machines_may_lead_there():
    news = outlet("news")

    assert news(url="http://www.kabar.localhost:8900").allowed_networks == ("127.0.0.1/32",)
    assert [
        news(url=url).allowed_networks for url in ("https://kabar.test", "http://10.0.0.1", "http://127.0.0.1")
    ] == [()] * 3


def test_each_site_has_declarations_of_its_own():
    news = outlet("news")

    one, other = news(url="https://www.example.co.id/x?y"), news(url="http://127.0.0.1:8900")

    assert (one.name, one.site, one.hosts) == ("example.co.id", "https://www.example.co.id", ("example.co.id",))
    assert (other.name, other.site, other.hosts) == ("127.0.0.1", "http://127.0.0.1:8900", ("127.0.0.1",))
    assert one.is_article_url("https://sport.example.co.id/a-b-c-d")
    assert not one.is_article_url("https://example.co.uk/a-b-c-d")
    assert one.rules().outlet == "example.co.id"
    assert news not in outlets()
    with pytest.raises(UsageError):
        news()


@pytest.mark.parametrize("path", [
    "/2026/08/12/jembatan-baru/", "/2026/08/jembatan-baru", "/politik/ini-adalah-judul-berita.html",
    "/berita/12345678", "/read/123456/judul", "/berita/judul-singkat-123456", "/news/world-europe-12345678",
    "/en/judul_panjang_sekali_ya", "/news/articles/c1q2w3e4r5t",
])  # fmt: skip
def test_address_of_an_article_looks_like_one(path):
    assert re.fullmatch(ARTICLE_URLS, path)


@pytest.mark.parametrize("path", [
    "/", "/politik/", "/tag/a-b-c-d/", "/kategori/a-b-c-d-e", "/author/budi-santoso-di-sini/", "/about-us", "/a/b/c",
    "/2026/08/12/", "/index.php", "/video/ini-adalah-judul-video/",
])  # fmt: skip
def test_address_of_a_list_does_not(path):
    assert not re.fullmatch(ARTICLE_URLS, path)


@pytest.mark.parametrize("path", ["/" + "a-" * 2000 + "/" * 50, "/" + "1/" * 2000 + "\n", "/" + "1234" * 500 + "/\n//"])
def test_address_made_to_be_slow_is_judged_at_once(path):
    started = time.process_time()

    re.fullmatch(ARTICLE_URLS, path)

    assert time.process_time() - started < 1
