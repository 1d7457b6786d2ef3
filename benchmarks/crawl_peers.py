# mypy: ignore-errors
"""Other crawlers on the benchmark's site; stands alone, for an interpreter outside this project.

    PYTHON benchmarks/crawl_peers.py newspaper4k|news-please|fundus SITE

Each fetches and reads PAGES pages in the way that its own documentation recommends for many, and prints what it took
as one JSON line: the pages that it read a text on, and the seconds. The site's host is asked for by number where the
system does not know *.localhost.
"""

import json
import re
import sys
import time
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

PAGES = 150
AT_ONCE = 16


def addresses(site: str) -> list[str]:
    """Return the addresses of the site's first pages, from its sitemap."""
    numeric = f"http://127.0.0.1:{urlsplit(site).port}"
    with urllib.request.urlopen(f"{numeric}/sitemap.xml") as answer:  # noqa: S310 - this machine's
        text = answer.read().decode()
    return [numeric + urlsplit(url).path for url in re.findall(r"<loc>(.*?)</loc>", text)[:PAGES]]


def newspaper4k(site: str) -> int:
    """Read them with a pool of threads, as its news_pool does."""
    from concurrent.futures import ThreadPoolExecutor

    import newspaper

    def read(url: str) -> bool:
        article = newspaper.Article(url, fetch_images=False)
        article.download()
        article.parse()
        return bool(article.text)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(read, addresses(site)))


def news_please(site: str) -> int:
    """Read them with NewsPlease.from_urls, which gives no article at all without the arguments of requests."""
    from newsplease import NewsPlease

    articles = NewsPlease.from_urls(addresses(site), request_args={"timeout": 30}, fetch_images=False)
    return sum(bool(article and article.maintext) for article in articles.values())


def fundus(site: str) -> int:
    """Read them with a publisher of its own, which declares what the outlet does here."""
    import datetime

    from fundus import Crawler, Sitemap
    from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
    from fundus.parser.utility import extract_article_body_with_selector, generic_date_parsing
    from fundus.publishers.base_objects import Publisher
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPath

    class Parser(ParserProxy):
        class V1(BaseParser):
            _paragraphs = CSSSelector("article.bodyArticleWrapper > p")

            @attribute
            def body(self) -> ArticleBody | None:
                return extract_article_body_with_selector(
                    self.precomputed.doc, paragraph_selector=self._paragraphs, summary_selector=XPath("//none")
                )

            @attribute
            def title(self) -> str | None:
                return self.precomputed.meta.get("og:title")

            @attribute
            def publishing_date(self) -> datetime.datetime | None:
                return generic_date_parsing(self.precomputed.meta.get("article:published_time"))

    publisher = Publisher("Benchmark", site, Parser, [Sitemap(f"{site}/sitemap.xml")])
    articles = Crawler(publisher, delay=0.0).crawl(max_articles=PAGES, only_complete=False)
    return sum(bool(article.body) for article in articles)


CLIENTS: dict[str, tuple[str, Callable[[str], int]]] = {
    "newspaper4k": ("newspaper", newspaper4k),
    "news-please": ("newsplease", news_please),
    "fundus": ("fundus", fundus),
}


def main(name: str, site: str) -> None:
    """Run one and print what it took."""
    module, read = CLIENTS[name]
    try:
        __import__(module)
    except ImportError as error:
        print(json.dumps({"pages": 0, "why": f"not installed ({error})"}))  # noqa: T201 - the answer
        return
    began = time.monotonic()
    pages = read(site)
    print(json.dumps({"pages": pages, "seconds": time.monotonic() - began}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
