import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from scrapers.fetch.meta_refresh import MetaRefreshMiddleware

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
