"""Extraction without rules for a site, beside other extractors where these are installed.

    python -m benchmarks.extract [FOLDER] [--peers PACKAGES]

FOLDER holds `NAME.html` beside `NAME.json` (`url`, `article_body`, `headline`, `date_published`), as the
project's fixtures do, or `NAME/page.html` or `page.html.gz` beside `gold.json` (`url`, `body`, `title`,
`published`). Every page goes through every extractor, in one process whose garbage is collected as where a crawl
reads pages; CPU time is given as a multiple of lxml parses, one of each page right before it is read. The other
extractors are taken from the folder PACKAGES, where `make bench-extract` installs them; what both have is this
project's.
"""

import argparse
import gc
import gzip
import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from math import isnan, nan
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import fmean
from typing import Any

from lxml import html
from rich.console import Console
from rich.table import Table

from benchmarks.crawl_site import BenchmarkSite
from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.metadata import read_metadata
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.pool_worker import GC_THRESHOLD
from scrapers.local.seed_site import DOMAIN
from scrapers.maintenance.extract_pages import rules_for

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures" / "pages"
ANY_SITE = Rules(outlet="any")
TOKEN = re.compile(r"\w+")
DECLARED = 50  # pages of an outlet whose rules are known, made by benchmarks/crawl_site.py
LOW = 0.8  # a page's F1 below which its body counts as missed


@dataclass(frozen=True, slots=True)
class Answer:
    """What an extractor reads on a page, or what stands there; `day` is an ISO date, None is not known."""

    body: str
    headline: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A saved page and the answer asserted of it."""

    url: str
    body: bytes
    gold: Answer


def cases(folder: Path) -> Iterator[Case]:
    """Yield the folder's pages that hold an article; galleries and infographics, whose text is beside, are left out."""
    for path in sorted(folder.rglob("*.json")):
        said = json.loads(path.read_text("utf-8"))
        page = path.with_suffix(".html") if path.name != "gold.json" else path.with_name("page.html")
        packed = page.with_name(page.name + ".gz")
        body = said.get("body") or "\n".join(said.get("article_body", ()))
        if body and said.get("kind", "article") == "article" and (page.exists() or packed.exists()):
            data = page.read_bytes() if page.exists() else gzip.decompress(packed.read_bytes())
            day = said.get("published") or said.get("date_published") or ""
            yield Case(said["url"], data, Answer(body, said.get("title") or said.get("headline"), day[:10] or None))


def body_scores(gold: str, given: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 over runs of four words, as article-extraction-benchmark counts them."""
    wanted, got = _shingles(gold), _shingles(given)
    hits = sum((wanted & got).values())
    precision = hits / sum(got.values()) if got else 0.0
    recall = hits / sum(wanted.values()) if wanted else 0.0
    return precision, recall, _f1(precision, recall)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = TOKEN.findall(text)
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3)) if tokens)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def warta(case: Case) -> Answer:
    """Return what this project reads on a page of an outlet that nobody declared."""
    try:
        article = extract_article(Page(url=case.url, body=case.body), ANY_SITE)
    except NotAnArticle:
        return Answer("")
    day = article.date_published.date().isoformat() if article.date_published else None
    return Answer("\n".join(article.article_body), article.headline, day)


def _trafilatura() -> Callable[[Case], Answer]:
    trafilatura = import_module("trafilatura")

    def read(case: Case) -> Answer:
        document = trafilatura.bare_extraction(case.body, url=case.url, with_metadata=True, include_comments=False)
        return Answer(document.text or "", document.title, document.date) if document else Answer("")

    return read


def _newspaper() -> Callable[[Case], Answer]:
    newspaper = import_module("newspaper")

    def read(case: Case) -> Answer:
        article = newspaper.Article(case.url, fetch_images=False)
        article.download(input_html=case.body.decode("utf-8", "replace"))
        article.parse()
        day = article.publish_date.date().isoformat() if article.publish_date else None
        return Answer(article.text or "", article.title, day)

    return read


def _readability() -> Callable[[Case], Answer]:
    readability = import_module("readability")

    def read(case: Case) -> Answer:
        document = readability.Document(case.body)
        return Answer(str(html.fromstring(document.summary()).xpath("string()")), document.short_title())

    return read


PEERS = {"trafilatura": _trafilatura, "newspaper4k": _newspaper, "readability": _readability}


def extractors() -> dict[str, Callable[[Case], Answer]]:
    """Return this project's extractor and those of the others that are installed."""
    found: dict[str, Callable[[Case], Answer]] = {"warta": warta}
    for name, load in PEERS.items():
        try:
            found[name] = load()
        except ImportError:
            Console(stderr=True).print(f"{name} is not installed here: left out")
    return found


def measure(every: Iterable[Case], read: Callable[[Case], Answer]) -> tuple[list[Answer], float]:
    """Return the answers, and the CPU they took as a multiple of parses; where an extractor fails the answer is empty.

    Each page is parsed right before it is read, so that whatever else the machine does slows both alike.
    """
    answers, parsing, reading = [], 0.0, 0.0
    for case in every:
        begun = time.process_time()
        html.fromstring(case.body)
        parsed = time.process_time()
        try:
            answers.append(read(case))
        except Exception:  # noqa: BLE001 — other people's code, which fails in ways of its own
            answers.append(Answer(""))
        parsing, reading = parsing + parsed - begun, reading + time.process_time() - parsed
    return answers, reading / parsing


def row(every: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    """Return the scores of one extractor; precision leaves out the pages without an answer."""
    scores = [body_scores(case.gold.body, answer.body) for case, answer in zip(every, answers, strict=True)]
    given = [score[0] for score, answer in zip(scores, answers, strict=True) if answer.body]
    precision, recall = fmean(given or [0.0]), fmean(score[1] for score in scores)
    return {
        "body F1": _f1(precision, recall),
        "precision": precision,
        "recall": recall,
        f"below {LOW}": fmean(score[2] < LOW for score in scores),
        **_right(every, answers, "headline"),
        **_right(every, answers, "day"),
    }


def _right(every: Sequence[Case], answers: Sequence[Answer], field: str) -> dict[str, float]:
    """Return the share of pages whose answer is the asserted one; nan for an extractor that never gives any."""
    pairs = [(getattr(case.gold, field), getattr(answer, field)) for case, answer in zip(every, answers, strict=True)]
    known = [(_words(gold), _words(given)) for gold, given in pairs if gold]
    return {field: fmean(gold == given for gold, given in known) if any(given for _, given in known) else nan}


def _words(text: Any) -> str:
    return " ".join(TOKEN.findall((text or "").casefold()))


def main(folder: Path = FIXTURES) -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    peak = _peak_mb(cases(folder))  # first: a page at a time, and before the others' libraries are in memory
    every = list(cases(folder))
    if not every:
        raise SystemExit(f"{folder} has no pages with a body asserted; see the top of benchmarks/extract.py")
    with _collecting_as_a_crawl():
        rows, metadata, by_rules = _measure_all(every)
    table = Table("extractor", *rows["warta"], title=f"{len(every)} pages")
    for name, values in rows.items():
        table.add_row(name, *(_cell(column, value) for column, value in values.items()))
    console = Console(width=max(Console().width, 100))
    console.print(table)
    console.print(
        f"warta alone: metadata {metadata:.2f} × parse; pages of 150 KB of a declared outlet {by_rules:.2f} × parse; "
        f"peak memory {peak:.0f} MB",
        highlight=False,
        soft_wrap=True,
    )


@contextmanager
def _collecting_as_a_crawl() -> Iterator[None]:
    """Collect garbage as the processes do that read a crawl's pages."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _measure_all(every: Sequence[Case]) -> tuple[dict[str, dict[str, float]], float, float]:
    """Return each extractor's row, and the costs of metadata alone and of a declared outlet's pages."""
    metadata = measure(every, _metadata)[1]
    declared = list(_declared_pages())
    measure(declared, _declared)  # selectors are compiled at their first use
    by_rules = measure(declared, _declared)[1]
    rows = {}
    for name, read in extractors().items():
        read(every[0])  # whatever an extractor loads at first use is not the page's
        answers, cost = measure(every, read)
        rows[name] = {**row(every, answers), "× parse": cost}
    return rows, metadata, by_rules


def _peak_mb(every: Iterable[Case]) -> float:
    """Return the most memory that this process has had once it has read the pages."""
    for case in every:
        warta(case)
    return getrusage(RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)  # bytes there


def _declared_pages() -> Iterator[Case]:
    site = BenchmarkSite(DECLARED)
    for number in range(DECLARED):
        body = site.page(number).replace(DOMAIN, ".inews.id").encode()
        yield Case(f"https://www.inews.id{site.path(number)}", body, Answer(""))


def _metadata(case: Case) -> Answer:
    read_metadata(ParsedPage(Page(url=case.url, body=case.body), ANY_SITE))
    return Answer("")


def _declared(case: Case) -> Answer:
    extract_article(Page(url=case.url, body=case.body), rules_for(case.url))
    return Answer("")


def _cell(column: str, value: float) -> str:
    return "–" if isnan(value) else f"{value:.1f}" if column == "× parse" else f"{value:.3f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=FIXTURES)
    parser.add_argument("--peers", metavar="PACKAGES", help="the folder in which the other extractors are installed")
    given = parser.parse_args()
    if given.peers:
        sys.path.append(given.peers)  # last, so that Warta runs with its own
    main(given.folder)
