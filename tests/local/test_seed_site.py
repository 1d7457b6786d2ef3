import http.client
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html
from protego import Protego

from scrapers.config import ROOT
from scrapers.local.seed_site import Answer, SeedSite

DOCUMENT = (ROOT / "seeds" / "000_650c3db9ef69406e.txt").read_text(encoding="utf-8")
SEED = "/news/internasional/dulu-berperang-kini-amerika-jajaki-kerja-sama-dengan-taliban-lawan-isis-di-afghanistan"
KEMENKO = "/news/nasional/kemenko-perekonomian-buka-suara-soal-kabar-kesepakatan-dagang-ri-as-terancam-batal"
EKONOMI = "/finance/makro/menakar-arah-ekonomi-2026-panen-raya-ongkos-kirim-dan-dompet-rumah-tangga"
PIALA = "/sport/soccer/gol-menit-akhir-antar-garuda-pesisir-ke-final-piala-nusantara-2025"
MILLEY = "jenderal-milley-buka-peluang-as-gandeng-taliban-hadapi-isis-k"
NETWORK_KEMENKO = f"/read/502735/{KEMENKO.rpartition('/')[2]}"
DEAD = "/finance/keuangan/kabar-lama-yang-sudah-dihapus-dari-situs"


@pytest.fixture(scope="module")
def site():
    """The site in edition 1; no test changes it."""
    with SeedSite() as running:
        yield running


def fetch(site, url, method="GET", **headers):
    """Ask 127.0.0.1 for a URL, or for a path on www; give its status, headers and text."""
    parts = urlsplit(urljoin(f"{site.address}/", url))
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, headers={"Host": parts.netloc, **headers})
    response = connection.getresponse()
    text = response.read().decode("utf-8")
    connection.close()
    return response.status, response.headers, text


def host_url(site, host, path):
    return f"http://{host}.inews.localhost:{site.port}{path}"


def pages(site):
    """Every HTML page of the site, parsed, by its URL."""
    found = {}
    for url in site.urls():
        _, headers, text = fetch(site, url)
        if headers.get_content_type() == "text/html":
            found[url] = html.fromstring(text)
    return found


def body(page):
    return [p.text_content() for p in page.cssselect(".bodyArticleWrapper > p, .bodyArticle > p")]


def links(page, url):
    """The site's own addresses that a page links to; `#` is no address."""
    hrefs = {urljoin(url, a.get("href")) for a in page.cssselect("a[href]:not([href='#'])")}
    return {href for href in hrefs if ".inews.localhost:" in href}


def seed_paragraphs():
    text = DOCUMENT[DOCUMENT.index("WASHINGTON") : DOCUMENT.index("\n\nEditor :")]
    return text.split("\n\n")


@pytest.mark.parametrize(
    ("host", "path", "content_type", "contains"),
    [
        ("www", "/", "text/html", "widgetNewsHeadline"),
        ("www", "/news", "text/html", "cardArticle"),
        ("www", "/finance/makro", "text/html", "cardArticle"),
        ("www", "/lifestyle", "text/html", "Belum ada berita"),
        ("www", "/indeks/all/15-12-2025/2", "text/html", "btn-page"),
        ("www", "/tag/venezuela", "text/html", "cardArticle"),
        ("www", "/page/sitemap", "text/html", "/private/ruang-redaksi"),
        ("www", SEED, "text/html", "bodyArticleWrapper"),
        ("www", f"/amp{EKONOMI}", "text/html", "<html ⚡"),
        ("www", f"{PIALA}?utm_source=kanal-sport", "text/html", "bodyArticleWrapper"),
        ("www", f"/regional/jabar/{MILLEY}", "text/html", "bodyArticleWrapper"),
        ("jabar", f"/berita/{MILLEY}", "text/html", "bodyArticleWrapper"),
        ("jabar", "/", "text/html", "iNews Jabar"),
        ("tasikmalaya", NETWORK_KEMENKO, "text/html", "bodyArticle"),
        ("tasikmalaya", "/", "text/html", "box-list-news list-desk"),
        ("www", "/feed", "application/rss+xml", "<rss"),
        ("www", "/feed/news", "application/rss+xml", "<rss"),
        ("www", "/sitemap.xml", "application/xml", "<sitemapindex"),
        ("www", "/news/sitemap.xml", "application/xml", "<urlset"),
        ("www", "/sitemap-news.xml", "application/xml", "news:title"),
        ("tasikmalaya", "/sitemap.xml", "application/xml", "<urlset"),
        ("tasikmalaya", "/robots.txt", "text/plain", "Disallow: /private/"),
        ("www", "/media/822/files/inews_new/mark_milley_reuters.jpg", "image/svg+xml", "<svg"),
    ],
)
def test_each_kind_of_page_answers(site, host, path, content_type, contains):
    status, headers, text = fetch(site, host_url(site, host, path))

    assert status == 200
    assert headers.get_content_type() == content_type
    assert headers.get_content_charset("utf-8") == "utf-8"
    assert contains in text


def test_seed_page_holds_the_document_paragraph_by_paragraph(site):
    page = html.fromstring(fetch(site, SEED)[2])

    assert page.cssselect("h1.headerTitle")[0].text_content() == DOCUMENT.splitlines()[0]
    assert page.cssselect(".authorList a")[0].text_content().strip() == DOCUMENT.splitlines()[2]
    assert page.cssselect("figure.headerImg figcaption")[0].text_content() == DOCUMENT.splitlines()[3]
    assert body(page) == [*seed_paragraphs(), "Editor : Anton Suhartono"]
    assert len(seed_paragraphs()) == 8


def test_seed_page_has_the_related_cards_of_the_document(site):
    page = html.fromstring(fetch(site, SEED)[2])

    related = next(w for w in page.cssselect(".widgetListArticle") if "Artikel Terkait" in w.text_content())
    told = DOCUMENT.partition("Artikel Terkait\n")[2].partition("\n\nBerita Terkini")[0]
    cards = [
        "\n".join(part.text_content().strip() for part in card.cssselect(".kanal, .postTime"))
        + f"\n\n{card.cssselect('.cardTitle')[0].text_content()}"
        for card in related.cssselect(".cardArticle")
    ]
    assert "\n\n".join(cards) == told


def test_seed_article_is_dated_nowhere(site):
    _, headers, text = fetch(site, SEED)
    page = html.fromstring(text)
    announced = [fetch(site, path)[2] for path in ("/feed", "/news/sitemap.xml", "/sitemap-news.xml")]
    entries = [
        node
        for listing in announced
        for node in etree.fromstring(listing.encode()).iter("{*}item", "{*}url")
        if SEED in etree.tostring(node, encoding="unicode")
    ]

    assert page.cssselect(".createdAt")[0].text_content() == ""
    assert not re.search(r"article:(published|modified)_time|datePublished|dateModified|<time", text)
    assert "'publish_date': ''" in text
    assert "Last-Modified" not in headers
    assert not page.cssselect("meta[name=description], meta[name=keywords], meta[property='og:description']")
    assert len(entries) == 3
    assert not [entry for entry in entries if entry.findall("{*}pubDate") or entry.findall("{*}lastmod")]
    assert not [entry for entry in entries if entry.findall(".//{*}publication_date")]


def test_dated_article_says_its_date_in_every_place(site):
    _, headers, text = fetch(site, KEMENKO)
    page = html.fromstring(text)

    assert page.cssselect(".createdAt")[0].text_content() == "Senin, 15 Desember 2025 - 09:12:00 WIB"
    assert 'article:published_time" content="2025-12-15T09:12:00+07:00"' in text
    assert headers["Last-Modified"] == "Mon, 15 Dec 2025 02:12:00 GMT"
    assert "<pubDate>Mon, 15 Dec 2025 09:12:00 +0700</pubDate>" in fetch(site, "/feed")[2]
    assert "<lastmod>2025-12-15T09:12:00+07:00</lastmod>" in fetch(site, "/news/sitemap.xml")[2]


def test_network_article_copies_the_national_one_but_for_its_date_line(site):
    national = body(html.fromstring(fetch(site, KEMENKO)[2]))
    network = body(html.fromstring(fetch(site, host_url(site, "tasikmalaya", NETWORK_KEMENKO))[2]))

    assert network[0] == national[0].replace("JAKARTA, iNews.id - ", "TASIKMALAYA, iNewsTasikmalaya.id - ")
    assert network[1:-1] == national[1:-1]


def test_regional_article_is_the_seed_with_another_lead_and_a_paragraph_less(site):
    regional = body(html.fromstring(fetch(site, f"/regional/jabar/{MILLEY}")[2]))[:-1]

    kept = [paragraph for paragraph in seed_paragraphs() if paragraph in regional]
    assert regional[1:] == kept
    assert len(kept) == len(seed_paragraphs()) - 2


def test_regional_twins_are_one_page_with_one_canonical_url(site):
    twins = [
        html.fromstring(fetch(site, url)[2])
        for url in (f"/regional/jabar/{MILLEY}", host_url(site, "jabar", f"/berita/{MILLEY}"))
    ]

    canonical = [page.cssselect("link[rel=canonical]")[0].get("href") for page in twins]
    assert canonical == [f"{site.address}/regional/jabar/{MILLEY}"] * 2
    assert body(twins[0]) == body(twins[1])


def test_pages_of_a_divided_article_make_up_the_whole(site):
    forms = {form: fetch(site, form)[2] for form in (EKONOMI, f"{EKONOMI}/2", f"{EKONOMI}/3")}
    whole, amp = fetch(site, f"{EKONOMI}/all")[2], fetch(site, f"/amp{EKONOMI}")[2]

    parts = [paragraph for text in forms.values() for paragraph in body(html.fromstring(text))]
    assert parts == body(html.fromstring(whole)) == body(html.fromstring(amp))
    assert all("'total_page':'3'" in text for text in forms.values())
    assert f'<link rel="amphtml" href="{site.address}/amp{EKONOMI}">' in forms[EKONOMI]
    for text in [*forms.values(), whole, amp]:
        assert f'<link rel="canonical" href="{site.address}{EKONOMI}">' in text


def test_articles_are_those_that_the_pages_name_as_canonical(site):
    found = {
        page.cssselect("link[rel=canonical]")[0].get("href"): page.cssselect("h1")[0].text_content()
        for page in pages(site).values()
        if body(page)
    }

    assert site.articles() == found
    assert len(found) == 13


def test_every_link_on_the_site_answers_but_the_dead_one(site):
    targets = {target for url, page in pages(site).items() for target in links(page, url)}

    statuses = {target: fetch(site, target)[0] for target in targets}

    assert [urlsplit(url).path for url, status in statuses.items() if status != 200] == [DEAD]
    assert set(statuses.values()) == {200, 404}


def test_pages_load_nothing_from_elsewhere(site):
    loaded = [
        urljoin(url, node.get("src") or node.get("data-original") or node.get("href"))
        for url, page in pages(site).items()
        for node in page.cssselect("[src], [data-original], link[rel=stylesheet], link[rel=icon], link[rel=preload]")
    ]

    foreign = {address for address in loaded if not address.startswith((f"{site.address}/media/", "data:,"))}
    assert loaded
    assert foreign == set()
    assert {fetch(site, address)[0] for address in loaded if address != "data:,"} == {200}


@pytest.mark.parametrize(
    ("slug", "leads"),
    [
        ("radio-desa", {"/sitemap-news.xml", "/techno/sitemap.xml"}),
        ("kebiasaan-kecil", {"/indeks/all/15-12-2025/2"}),
        ("jembatan-penyeberangan", {"/indeks/all/15-12-2025/2"}),
        ("perang-makin-sengit", {SEED}),
    ],
)
def test_some_articles_have_one_way_in(site, slug, leads):
    article = next(url for url in site.articles() if slug in url)

    found = {urlsplit(url).path for url in site.urls() if url != article and article in fetch(site, url)[2]}

    assert found == leads


def test_feed_and_sitemap_index_lead_to_every_announced_article(site):
    index = etree.fromstring(fetch(site, "/sitemap.xml")[2].encode())
    sitemaps = [node.text for node in index.iterfind("{*}sitemap/{*}loc")]

    listed = {
        node.text
        for url in sitemaps
        for node in etree.fromstring(fetch(site, url)[2].encode()).iterfind("{*}url/{*}loc")
    }

    fed = {node.text for node in etree.fromstring(fetch(site, "/feed")[2].encode()).iterfind(".//{*}item/{*}link")}
    assert fed < listed <= set(site.articles())
    assert all(node.findtext("{*}lastmod") for node in index.iterfind("{*}sitemap"))


def test_second_edition_changes_one_article_and_the_sitemaps_that_date_it():
    with SeedSite(edition=1) as site:
        first = {url: fetch(site, url)[2] for url in site.urls()}
        site.edition = 2
        second = {url: fetch(site, url)[2] for url in site.urls()}

    changed = {urlsplit(url).path for url in first.keys() | second.keys() if first.get(url) != second.get(url)}
    assert changed == {PIALA, "/sport/sitemap.xml", "/sitemap.xml"}
    article = f"{site.address}{PIALA}"
    before, after = (body(html.fromstring(edition[article])) for edition in (first, second))
    assert [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [2, 4]
    assert "12.300" in before[2]
    assert "13.200" in after[2]
    assert 'article:modified_time" content="2025-12-16T08:10:00+07:00"' in second[article]


def test_known_page_is_not_sent_again(site):
    _, headers, _ = fetch(site, PIALA)

    by_tag = fetch(site, PIALA, **{"If-None-Match": f'"other", W/{headers["ETag"]}'})
    by_date = fetch(site, PIALA, **{"If-Modified-Since": headers["Last-Modified"]})
    stale = fetch(site, PIALA, **{"If-None-Match": '"other"', "If-Modified-Since": headers["Last-Modified"]})

    assert (by_tag[0], by_tag[2]) == (304, "")
    assert (by_date[0], by_date[2]) == (304, "")
    assert stale[0] == 200


def test_edited_page_is_sent_again():
    with SeedSite() as site:
        _, headers, _ = fetch(site, PIALA)
        site.edition = 2

        edited = fetch(site, PIALA, **{"If-None-Match": headers["ETag"]})

    assert edited[0] == 200
    assert "13.200" in edited[2]


def test_head_gives_the_headers_alone(site):
    got, asked = fetch(site, SEED), fetch(site, SEED, method="HEAD")

    assert asked[0] == 200
    assert asked[2] == ""
    assert asked[1]["Content-Length"] == str(len(got[2].encode()))
    assert asked[1]["ETag"] == got[1]["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/tidak/ada",
        "/404",
        "/../../../../etc/passwd",
        "/media/../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/..%2f..%2fpyproject.toml",
        "//etc/passwd",
        "/\\..\\pyproject.toml",
        "/templates/base.html",
        "/" + "x" * 2000,
    ],
)
def test_unknown_path_gets_a_page_that_says_so(site, path):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", path)

    response = connection.getresponse()

    assert response.status == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Halaman Tidak Ditemukan" in response.read().decode()
    connection.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "WWW.inews.localhost.", "[::1]:80", "x y", ""]
)
def test_any_other_host_is_the_national_site(site, host):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", host.format(port=site.port))
    connection.endheaders()

    response = connection.getresponse()

    assert response.status == 200
    assert "widgetNewsHeadline" in response.read().decode()
    connection.close()


def test_robots_txt_closes_the_private_page_which_is_linked_once(site):
    robots = Protego.parse(fetch(site, "/robots.txt")[2])
    linked = Counter(target for url, page in pages(site).items() for target in links(page, url))

    assert not robots.can_fetch(f"{site.address}/private/ruang-redaksi", "Warta")
    assert robots.can_fetch(f"{site.address}{SEED}", "Warta")
    assert list(robots.sitemaps) == [f"{site.address}/sitemap.xml", f"{site.address}/sitemap-news.xml"]
    assert linked[f"{site.address}/private/ruang-redaksi"] == 1


def test_answers_replace_what_is_served():
    with SeedSite() as site:
        site.answers["/robots.txt"] = Answer(body="User-agent: *\nDisallow: /\n", content_type="text/plain")
        site.answers[SEED] = Answer(503, "sibuk", headers={"Retry-After": "7"}, delay_s=0.1)
        started = time.monotonic()
        broken = fetch(site, SEED)
        took = time.monotonic() - started
        robots = fetch(site, "/robots.txt")
        other = fetch(site, "/news")
        site.answers["*"] = Answer(500)
        all_broken = fetch(site, "/news")
        site.answers.clear()
        whole = fetch(site, SEED)

    assert (broken[0], broken[1]["Retry-After"], broken[2]) == (503, "7", "sibuk")
    assert took >= 0.1
    assert robots[2] == "User-agent: *\nDisallow: /\n"
    assert [other[0], all_broken[0], whole[0]] == [200, 500, 200]


def test_requests_are_seen_in_order_with_host_query_and_status():
    with SeedSite() as site:
        fetch(site, "/news?halaman=1")
        fetch(site, host_url(site, "jabar", "/tidak-ada"))

        seen = site.seen

    assert [(one.host, one.path, one.status) for one in seen] == [
        ("www.inews.localhost", "/news?halaman=1", 200),
        ("jabar.inews.localhost", "/tidak-ada", 404),
    ]
    assert seen[0].at < seen[1].at


def test_closed_site_drops_its_connections():
    with SeedSite() as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()

    left = connection.sock.recv(1)
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        fetch(site, "/robots.txt")
    assert left == b""


def command(*arguments):
    return [sys.executable, "-m", "scrapers.local.seed_site", *map(str, arguments)]


def test_command_serves_the_edition_in_the_file_until_it_is_stopped(tmp_path):
    edition_file = tmp_path / "edition"
    process = subprocess.Popen(
        command("--port", 0, "--edition-file", edition_file), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        port = int(re.search(r":(\d+)/$", process.stderr.readline().strip())[1])
        site = SimpleNamespace(port=port, address=f"http://www.inews.localhost:{port}")
        absent = fetch(site, PIALA)[2]
        edition_file.write_text("2\n")
        edited = fetch(site, PIALA)[2]
        edition_file.write_text("1")
        reverted = fetch(site, PIALA)[2]
    finally:
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=10)[1]

    assert "12.300" in absent
    assert "13.200" in edited
    assert reverted == absent
    assert process.returncode == 0
    assert len(log.splitlines()) == 3


def test_taken_port_is_told_in_one_line(site, tmp_path):
    taken = subprocess.run(
        command("--port", site.port, "--edition-file", tmp_path / "edition"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert taken.returncode == 7
    assert taken.stderr.count("\n") == 1
    assert f"127.0.0.1:{site.port}" in taken.stderr
