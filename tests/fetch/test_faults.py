"""What a crawl makes of a server where something goes wrong: docs/reference/faults.md has the whole table."""

import json
import re
import time

import pytest

from scrapers.crawl.pages import MAX_ATTEMPTS
from scrapers.fetch.tdm_reservations import WELL_KNOWN
from scrapers.urls import canonical_url
from tests.fault_server import PROBE, Answer, article, spaces

QUICK = ("-s", "DOWNLOAD_TIMEOUT=8", "-s", "RETRY_TIMES=0")

# What each address of the fault server leaves of its page; all of them in one crawl, each among the others.
LEAVES = {
    "/fault/404": ("gave_up", "http_404"),
    "/fault/410": ("gave_up", "http_410"),
    "/fault/403": ("deferred", "http_403"),
    "/fault/drip?ms=50": ("deferred", "DownloadTimeoutError: .*"),
    "/fault/hang": ("deferred", "DownloadTimeoutError: .*"),
    "/fault/stall": ("deferred", "DownloadTimeoutError: .*"),
    "/fault/reset?after=300": ("deferred", "(DownloadFailedError|ResponseDataLossError).*"),
    "/fault/short": ("deferred", "ResponseDataLossError.*"),
    "/fault/cut_chunks": ("deferred", "ResponseDataLossError.*"),
    "/fault/corrupt": ("deferred", "CorruptBody: gzip .*"),
    "/fault/half?coding=br": ("deferred", "CorruptBody: br .*"),
    "/fault/half?coding=gzip": ("deferred", "CorruptBody: gzip .*"),
    "/fault/half?coding=zstd": ("deferred", "CorruptBody: zstd .*"),
    "/fault/garbage": ("deferred", "DownloadFailedError: .*"),
    "/fault/bad_status": ("deferred", "DownloadFailedError: .*"),
    "/fault/headers?mb=10": ("deferred", "DownloadFailedError: .*"),
    "/fault/headers?n=20000": ("deferred", "DownloadFailedError: .*"),
    "/fault/big?mb=17": ("gave_up", "too_large"),
    "/fault/endless": ("gave_up", "too_large"),
    "/fault/bomb?mb=40&coding=gzip": ("gave_up", "too_large"),
    "/fault/bomb?mb=40&coding=deflate": ("gave_up", "too_large"),
    "/fault/bomb?mb=40&coding=br": ("gave_up", "too_large"),
    "/fault/bomb?mb=40&coding=zstd": ("gave_up", "too_large"),
    "/fault/loop": ("gave_up", "too_many_redirects"),
    "/fault/redirects?n=9": ("gave_up", "too_many_redirects"),
    "/fault/redirects?n=8": ("stored", None),
    "/fault/refresh": ("gave_up", "too_many_redirects"),
    "/fault/refresh?to=/fault/article&s=1800": ("rejected", "not_an_article|empty_page"),
    "/fault/refresh?to=/fault/article?2&s=0": ("stored", None),
    "/fault/cookie_wall": ("deferred", "blocked: cookies"),
    "/fault/login": ("deferred", "blocked: login"),
    "/fault/charset?bytes=cp1252": ("stored", None),
    "/fault/charset?bytes=utf-16-le&bom=utf-16-le": ("stored", None),
}


@pytest.fixture
def state_of(database, faults):
    """Return a function that tells the state and reason of a target's page."""

    def state_of(target):
        query = "SELECT state, reason FROM pages WHERE url = %s"
        return database.execute(query, [canonical_url(faults.url(target))]).fetchone()

    return state_of


def test_each_fault_leaves_its_page_in_the_state_that_says_what_happened(crawl_faults, faults, state_of, balance):
    for coding in ("gzip", "deflate", "br", "zstd"):
        spaces(40, coding)  # packed once, before anybody waits for it
    failing = [target for target, (state, _) in LEAVES.items() if state == "deferred"]
    answered = [target for target in (*LEAVES, *faults.articles) if target not in failing]
    # two answers after each failure, or so many failures in a row close the host
    among = [target for n, target in enumerate(failing) for target in (target, *answered[2 * n : 2 * n + 2])]
    among += answered[2 * len(failing) :]

    result = crawl_faults(*dict.fromkeys(among), *QUICK, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")

    wrong = {}
    for target, (state, reason) in LEAVES.items():
        found_state, found_reason = state_of(target)
        if found_state != state or not re.fullmatch(reason or "None", str(found_reason)):
            wrong[target] = (found_state, found_reason)
    assert wrong == {}
    assert result.code == 0, result.err
    assert {state_of(article) for article in faults.articles} == {("stored", None)}


@pytest.mark.parametrize("target", ["/fault/500?times=1", "/fault/reset?after=300&times=2"])
def test_fault_that_passes_costs_a_retry_and_no_article(crawl_faults, faults, balance, target):
    result = crawl_faults(target)

    assert result.code == 0, result.err
    assert balance() == {"stored": 1}
    assert len(faults.paths()) == int(target[-1]) + 1


def test_bomb_costs_no_memory(crawl_faults, balance):
    bombs = ("/fault/bomb?mb=300", "/fault/bomb?mb=300&coding=br")

    crawl = crawl_faults(*bombs, "-s", "MEMUSAGE_CHECK_INTERVAL_SECONDS=0.05")

    memory = int(re.search(r"'memusage/max': (\d+)", crawl.err)[1])
    assert balance() == {"gave_up": 2}
    assert memory < 400 << 20


def test_each_charset_declaration_gives_the_text_that_a_browser_shows(crawl_faults, faults, database, balance):
    text = "é – “kutipan” ñ"
    targets = [
        "/fault/charset?bytes=utf-8&header=utf-8&meta=latin-1",
        "/fault/charset?bytes=cp1252&header=cp1252&meta=utf-8",
        "/fault/charset?bytes=utf-8&bom=utf-8&header=latin-1",
        "/fault/charset?bytes=cp1252&meta=iso-8859-1",
        "/fault/charset?bytes=utf-8&meta=utf-8",
        "/fault/charset?bytes=utf-8",
        "/fault/charset?bytes=cp1252",
        "/fault/charset?bytes=utf-16-le&bom=utf-16-le",
    ]

    crawl_faults(*targets)

    rows = database.execute("SELECT url, headline FROM articles").fetchall()
    right = {url for url, headline in rows if text in headline}
    assert right == {canonical_url(faults.url(target)) for target in targets}


def test_answer_without_a_length_is_marked_as_one_that_may_be_cut(crawl_faults, faults, database, balance):
    crawl_faults("/fault/cut")

    error = database.execute("SELECT error FROM fetches WHERE outcome = 'answered'").fetchone()[0]
    assert error.startswith("partial")


def test_soft_404_is_told_by_asking_for_what_cannot_exist(crawl_faults, faults, state_of, balance):
    faults.otherwise = "/fault/not_found"
    gone = ["/berita/yang-sudah-tidak-ada-lagi", "/berita/juga-sudah-lama-dihapus"]

    result = crawl_faults(*gone, *faults.articles[:2])
    again = crawl_faults(*faults.articles[2:4])

    assert (result.code, again.code) == (0, 0), result.err
    assert [state_of(target) for target in gone] == [("deferred", "soft_404")] * 2
    assert balance() == {"stored": 4, "deferred": 2}
    assert sum(PROBE in seen.path for seen in faults.requests) == 2


def test_page_that_a_probe_condemned_is_asked_again_and_stored_once_the_site_has_it(
    crawl_faults, faults, state_of, database, balance
):
    target = "/berita/yang-sudah-tidak-ada-lagi"
    faults.otherwise = "/fault/not_found"
    crawl_faults(target)
    faults.answers[target] = Answer(article("kembali"))
    database.execute("UPDATE pages SET deferred_until = now()")

    crawl_faults(target)

    assert state_of(target) == ("stored", None)


def test_page_that_is_missing_for_good_is_given_up_after_as_many_tries_as_any(crawl_faults, faults, database, balance):
    faults.otherwise = "/fault/not_found"
    crawl_faults("/berita/yang-sudah-tidak-ada-lagi")
    database.execute("UPDATE pages SET deferred_until = now(), attempts = %s", [MAX_ATTEMPTS - 1])

    crawl_faults("/berita/yang-sudah-tidak-ada-lagi")

    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("gave_up", "soft_404")]
    assert sum(PROBE in seen.path for seen in faults.requests) == 4  # what is refused again is not refused by hearsay


def by_key(*, is_redirected, is_canonical):
    """Answer as a site that finds a story by a key in its address, whatever stands behind that."""

    def answer(request):
        key = request.target.removeprefix("/berita/").partition("/")[0]
        if key not in KEYS:
            return Answer("<h1>Tidak ada</h1>", status=404)
        own = f"/berita/{key}/warga-desa-membangun-jembatan"
        if is_redirected and request.target != own:
            return Answer(status=301, headers={"Location": own})
        link = f'<link rel="canonical" href="{request.absolute(own)}">' if is_canonical else ""
        return Answer(article(key, link))

    return answer


KEYS = ("7101", "kXdPq", "abcdefgh")


@pytest.mark.parametrize(("key", "is_canonical", "is_redirected"), [
    ("7101", False, False), ("kXdPq", False, True), ("abcdefgh", False, False), ("abcdefgh", True, True),
])  # fmt: skip
def test_site_that_ignores_the_slug_keeps_its_stories(crawl_faults, faults, balance, key, is_canonical, is_redirected):
    faults.answers["*"] = by_key(is_canonical=is_canonical, is_redirected=is_redirected)
    faults.answers["/robots.txt"] = Answer("User-agent: *\nAllow: /\n", content_type="text/plain")

    result = crawl_faults(f"/berita/{key}/warga-desa-membangun-jembatan")

    assert result.code == 0, result.err
    assert balance() == {"stored": 1}
    assert any(PROBE in seen.path for seen in faults.requests)


def test_old_slug_that_leads_to_the_story_is_not_taken_for_what_is_missing(crawl_faults, faults, database, balance):
    faults.answers["*"] = by_key(is_canonical=False, is_redirected=True)
    faults.answers["/robots.txt"] = Answer("User-agent: *\nAllow: /\n", content_type="text/plain")

    crawl_faults("/berita/abcdefgh/warga-membangun-jembatan-lama")

    assert balance() == {"stored": 1}


def test_page_that_leads_where_whatever_is_missing_leads_is_told_by_that(crawl_faults, faults, state_of, balance):
    faults.otherwise = Answer(status=302, headers={"Location": "/"})

    crawl_faults("/berita/yang-sudah-tidak-ada-lagi", faults.articles[0])

    assert state_of("/berita/yang-sudah-tidak-ada-lagi") == ("deferred", "soft_404")
    assert state_of(faults.articles[0]) == ("stored", None)


def test_bot_check_closes_the_host_and_keeps_its_pages(crawl_faults, faults, state_of, balance):
    for path in faults.articles[1:]:
        faults.answers[path] = "/fault/bot_wall"

    crawl_faults(*faults.articles, "-s", "DOWNLOAD_DELAY=0.1")

    found = [state_of(path) for path in faults.articles]
    assert ("deferred", "blocked: bot_check") in found
    assert {state for state, _ in found} <= {"stored", "deferred"}
    assert len(faults.paths()) < len(faults.articles)


@pytest.mark.parametrize("name", ["maze", "calendar", "query", "sessions"])
def test_trap_costs_no_more_than_a_run_may_fetch(crawl_faults, faults, database, balance, name):
    entry = f"/fault/{name}/berita-warga-desa-baru"
    faults.answers["/"] = Answer(f'<a href="{entry}">Berita</a>')
    faults.answers["/sitemap.xml"] = Answer(status=404)

    result = crawl_faults("-s", "PAGES_A_RUN=30")

    asked = [path for path in faults.paths() if path.startswith("/fault/")]
    assert result.code == 0, result.err
    assert 1 <= len(asked) <= {"maze": 30, "calendar": 30, "query": 12, "sessions": 1}[name]


def test_host_gets_no_more_than_its_share_of_a_run_and_the_next_run_goes_on(crawl_faults, faults, database, balance):
    share = ("-s", "PAGES_A_HOST=3", "-s", "CONCURRENT_REQUESTS=1")

    results = [crawl_faults(*share) for _ in range(2)]

    assert [result.code for result in results] == [0, 0]
    assert balance() == {"stored": 6, "discovered": len(faults.articles) - 6}


def test_links_that_lead_ever_deeper_end(database, run_id):
    from scrapers.items import Link
    from scrapers.storage.ledger import discover

    url = "https://www.example.com/0"
    discover(database, run_id, "seed", [Link(url=url)])
    for n in range(1, 40):
        further = f"https://www.example.com/{n}"
        discover(database, run_id, "seed", [Link(url=further, discovered_in=url)])
        url = further

    counts = database.execute("SELECT state, count(*), min(depth) FROM pages GROUP BY state ORDER BY state").fetchall()
    assert counts[0] == ("discovered", 31, 0)
    assert counts[1][0] == "rejected"


def test_links_to_other_sites_in_a_feed_are_not_followed(crawl_faults, faults, database, balance):
    links = "".join(f"<item><link>http://{host}:{faults.port}/berita/iklan-mobil-baru-murah</link></item>"
                    for host in ("ads.localhost", "notfaults.localhost", "127.0.0.1"))  # fmt: skip
    own = f"<item><link>{faults.url(faults.articles[0])}</link></item>"
    faults.answers["/feed"] = Answer(f"<rss><channel>{links}{own}</channel></rss>", content_type="application/rss+xml")

    crawl_faults()

    assert {seen.host for seen in faults.requests} == {"faults.localhost"}


def test_opt_outs_are_recorded_and_followed_where_the_outlet_says_so(crawl_faults, faults, database, balance):
    faults.answers["/robots.txt"] = Answer("User-agent: GPTBot\nDisallow: /berita/\n", content_type="text/plain")
    targets = ["/fault/article/a?header=X-Robots-Tag:noarchive", "/fault/article/b?meta=tdm-reservation:1"]

    crawl_faults(*targets, faults.articles[0])

    rows = database.execute(
        "SELECT opt_outs, snapshot_sha256 IS NOT NULL, state FROM fetches JOIN pages USING (page_id) ORDER BY 1"
    ).fetchall()
    assert rows == [(["ai_crawlers"], True, "stored"), (["noarchive"], False, "stored"), (["tdm"], True, "stored")]


def test_reservation_for_a_whole_site_is_recorded_with_each_page_and_asked_for_once(
    crawl_faults, faults, database, balance
):
    rules = [{"location": "/fault/article/free", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]
    faults.answers[WELL_KNOWN] = Answer(json.dumps(rules), content_type="application/json")

    crawl_faults("/fault/article/free", "/fault/article/b")
    crawl_faults("/fault/article/c?header=tdm-reservation:0", faults.articles[0])

    rows = database.execute("SELECT url, opt_outs FROM fetches WHERE page_id IS NOT NULL").fetchall()
    assert {url.removeprefix(faults.address): asked for url, asked in rows} == {
        "/fault/article/free": [],
        "/fault/article/b": ["tdm"],
        "/fault/article/c?header=tdm-reservation:0": [],
        faults.articles[0]: ["tdm"],
    }
    assert sum(seen.path == WELL_KNOWN for seen in faults.requests) == 1


def test_whoever_asks_says_who_it_is(commands, crawl_faults, faults, balance):
    commands.environment["WARTA_CONTACT"] = "https://example.org/our-crawler"

    crawl_faults(faults.articles[0])

    agents = {seen.headers.get("User-Agent") for seen in faults.requests}
    assert agents == {"warta/0.1 (+https://example.org/our-crawler)"}
    assert not any({"Referer", "Cookie", "Authorization"} & seen.headers.keys() for seen in faults.requests)


def test_crawl_of_a_server_that_drips_ends_in_time(crawl_faults, faults, balance):
    started = time.monotonic()

    crawl_faults("/fault/drip?ms=200", *QUICK)

    assert time.monotonic() - started < 60
    assert balance() == {"deferred": 1}


def test_redirect_to_an_address_that_is_too_long_is_not_followed(crawl_faults, faults, database, balance):
    faults.answers[faults.articles[0]] = Answer(status=302, headers={"Location": f"/{'berita-' * 1000}"})

    crawl_faults(faults.articles[0])

    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("rejected", "address_too_long")]
    assert max(map(len, faults.paths())) < 2000
