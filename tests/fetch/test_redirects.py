import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from scrapers.fetch.redirects import ENOUGH, MetaRefreshMiddleware
from scrapers.fetch.soft_404 import PROBE
from tests.fault_server import Answer, article

URL = "https://www.example.test/news/one"
PAGE = '<html><head><meta http-equiv="Refresh" content="0; url=/news/two"></head><body></body></html>'


def answer(text, encoding):
    response = HtmlResponse(URL, body=text.encode(encoding), encoding=encoding)
    middleware = MetaRefreshMiddleware.from_crawler(get_crawler())
    return middleware.process_response(Request(URL), response)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le", "utf-16-be"])
def test_redirect_in_a_page_is_followed_in_whatever_charset(encoding):
    assert answer(PAGE, encoding).url == "https://www.example.test/news/two"


@pytest.mark.parametrize("text", [PAGE.replace("Refresh", "Content-Type"), " " * 20_000 + PAGE])
def test_page_without_a_redirect_in_its_beginning_is_not_even_decoded(text, monkeypatch):
    monkeypatch.setattr(HtmlResponse, "text", property(lambda _: pytest.fail("decoded")))  # what Scrapy looks at

    assert isinstance(answer(text, "utf-8"), HtmlResponse)


def test_redirect_in_circles_until_a_cookie_comes_back_is_a_wall(crawl_faults, faults, database):
    circles = [f"/fault/cookie_loop/{kind}?n={n}" for n in (1, 2, 3, 0) for kind in ("status", "refresh")]
    others = {
        "/fault/loop": ("gave_up", "too_many_redirects"),
        "/fault/redirect?to=/fault/cookie": ("stored", None),
        "/fault/cookie_loop/once": ("stored", None),
        faults.articles[0]: ("stored", None),
    }

    crawl_faults(*circles, *others, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")

    rows = database.execute("SELECT url, state, reason FROM pages").fetchall()
    found = {url.removeprefix(faults.address): (state, reason) for url, state, reason in rows}
    assert {target: found[target] for target in circles} == dict.fromkeys(circles, ("deferred", "blocked: cookies"))
    assert {state for target, state in found.items() if target.startswith("/fault/redirect")} == {("stored", None)}
    assert {found[target] for target in others if target in found} == set(others.values())
    assert not any("Cookie" in seen.headers for seen in faults.requests)


ONE_BY_ONE = ("-s", "CONCURRENT_REQUESTS=1")
ROBOTS = Answer("User-agent: *\nAllow: /\n", content_type="text/plain")
TARGETS = [f"/berita/desa-membangun-jembatan-{number}" for number in range(8)]


class ServerOfFolders:
    """Adds a slash to each address, but for `files` that are first asked for with one."""

    def __init__(self, files=0):
        self.files, self.asked = files, []

    def __call__(self, request):
        path, has_slash = request.target.rstrip("/"), request.target.endswith("/")
        is_foreseen = has_slash and path not in self.asked
        self.asked.append(request.target)
        is_file = path in TARGETS and is_foreseen and self.files > 0
        self.files -= is_file
        if is_file or PROBE in path:
            return Answer("<h1>Tidak ada</h1>", status=404)
        if has_slash or f"{path}/" in self.asked:
            return Answer(article(path))
        return Answer(status=301, headers={"Location": f"{path}/"})

    @property
    def asked_as_named(self):
        """The addresses that were asked for without a slash."""
        return [path for path in self.asked if path in TARGETS]


def test_slash_that_a_host_adds_to_each_address_is_added_before_it_is_asked(crawl_faults, faults, balance):
    server = ServerOfFolders()
    faults.answers |= {"*": server, "/robots.txt": ROBOTS}

    crawl_faults(*TARGETS, *ONE_BY_ONE)

    assert balance() == {"stored": len(TARGETS)}
    assert len(server.asked_as_named) == ENOUGH
    assert {f"{target}/" for target in TARGETS} <= set(server.asked)


def test_page_that_a_host_shows_without_a_slash_is_found_and_ends_the_guessing(crawl_faults, faults, balance):
    server = ServerOfFolders(files=1)
    faults.answers |= {"*": server, "/robots.txt": ROBOTS}

    crawl_faults(*TARGETS, *ONE_BY_ONE)

    assert balance() == {"stored": len(TARGETS)}
    assert len(server.asked_as_named) == len(TARGETS)


ONE, OTHER = TARGETS[:2]


def linked_pages():
    """Answer with an article that links to OTHER, with a slash."""
    return {ONE: Answer(article(1, links=[f"{OTHER}/"])), "/robots.txt": ROBOTS}


def test_link_that_only_a_slash_sets_apart_from_a_page_that_is_known_is_not_followed(crawl_faults, faults, balance):
    faults.answers |= linked_pages() | dict.fromkeys([OTHER, f"{OTHER}/"], Answer(article(2)))

    crawl_faults(OTHER)
    crawl_faults(ONE)

    assert balance() == {"stored": 2}
    assert f"{OTHER}/" not in [seen.path for seen in faults.requests]


def test_link_whose_other_spelling_is_missing_is_kept(crawl_faults, faults, balance):
    faults.answers |= linked_pages() | {OTHER: Answer("", status=404), f"{OTHER}/": Answer(article(2))}

    crawl_faults(OTHER)
    crawl_faults(ONE)

    assert balance() == {"gave_up": 1, "stored": 1, "discovered": 1}
