import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from scrapers.fetch.redirects import MetaRefreshMiddleware

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
