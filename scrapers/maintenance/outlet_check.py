"""`warta outlet check`: what an outlet's declaration finds on a page, by which rule, and what it could declare."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from scrapers.errors import NotAnArticle, UsageError
from scrapers.extract.article import extract_article
from scrapers.extract.dom.links import absolute
from scrapers.extract.dom.tree import parse
from scrapers.extract.layers import meta, selectors
from scrapers.extract.page import Page, Rules
from scrapers.extract.text.date_parser import read_date
from scrapers.items import Article
from scrapers.spiders import outlet
from scrapers.terminal import print_table, say

FIELDS = (  # what an article should have, in the order of a page; the first ones can be declared
    "headline", "author", "date_published", "image", "caption", "article_section", "keywords", "article_body",
    "canonical_url", "description", "publisher", "date_modified", "editor", "date_line", "in_language",
)  # fmt: skip
DECLARED = FIELDS[:8]
NAME = re.compile(r"[A-Za-z][\w-]*")  # a class or id that a selector can name as it stands
NUMBERED = re.compile(r"\d{3}")  # an id with a number names this page alone
LONGEST_DATE = 100  # characters of an element that prints the date
PROSE = 40  # characters of a paragraph that stands nowhere else on the page
KEPT = (  # fields that a saved page's JSON holds
    "url", "canonical_url", "headline", "article_body", "description", "author", "editor", "date_line",
    "date_published", "date_modified", "article_section", "keywords", "image",
)  # fmt: skip
SPEAKING = ("h1", "time")  # tags that say enough without a class


@dataclass(frozen=True, slots=True)
class Finding:
    """A field on one page: its value, and the rule that found it.

    `declared` is the outlet's selector for the field, `matches` how many elements of the page that selects, and
    `proposed` a selector that selects the elements that hold the value.
    """

    field: str
    value: Any = None
    rule: str | None = None
    declared: str | None = None
    matches: int = 0
    proposed: str | None = None


def check_page(page: Page, rules: Rules) -> tuple[Article, list[Finding]]:
    """Return the page's article, and for each field what was found.

    A selector is proposed for a field that was found and that the outlet could declare, unless its own selector
    selects something. Raises NotAnArticle.
    """
    article = extract_article(page, rules)
    root = parse(page)
    return article, [_finding(field, article, root, page, rules) for field in FIELDS]


def _finding(field: str, article: Article, root: etree._Element, page: Page, rules: Rules) -> Finding:
    caption = article.image.caption if article.image else None
    value = caption if field == "caption" else getattr(article, field)
    rule = article.provenance.get("image" if field == "caption" else field)
    declared = _body_selector(rules) if field == "article_body" else rules.selectors.get(field)
    matches = len(selectors.elements(root, declared))
    is_missing = value and field in DECLARED and not matches
    proposed = selector_of(root, list(_holders(field, value, root, page, rules))) if is_missing else None
    return Finding(field, value or None, rule if value else None, declared, matches, proposed)


def _body_selector(rules: Rules) -> str | None:
    return ", ".join(rules.article_body) if isinstance(rules.article_body, tuple) else rules.article_body


def _holders(field: str, value: Any, root: etree._Element, page: Page, rules: Rules) -> Iterator[etree._Element]:
    """Yield the elements of the page that hold the value, innermost only."""
    body = root.find("body")
    elements = [e for e in (body if body is not None else root).iter(etree.Element) if e.tag not in ("script", "style")]
    if field == "image":
        name = urlsplit(value.url or "").path.rpartition("/")[2]
        yield from (e for e in elements if e.tag == "img" and name and any(name in str(v) for v in e.attrib.values()))
    elif field == "article_body":
        yield from _body_of(value, elements)
    elif field == "date_published":
        short = ((e, selectors.text_of(e)) for e in elements)
        dated = [e for e, text in short if len(text) <= LONGEST_DATE and _is_moment(text, value, rules, page)]
        yield from _innermost(dated)[:1]
    elif field == "caption":
        texts = ((e, selectors.text_of(e)) for e in elements)
        yield from _innermost([e for e, text in texts if text[: len(value) + LONGEST_DATE].startswith(value)])[:1]
    else:
        wanted = set(value) if isinstance(value, tuple) else {value}
        found = _innermost([e for e in elements if selectors.text_of(e) in wanted])
        yield from found if isinstance(value, tuple) else found[:1]


def _is_moment(text: str, moment: datetime, rules: Rules, page: Page) -> bool:
    shown = read_date(text, rules.time_zone, page.fetched_at)
    return shown is not None and shown.replace(second=0) == moment.replace(second=0, microsecond=0)


def _innermost(elements: Sequence[etree._Element]) -> list[etree._Element]:
    outer = {above for element in elements for above in element.iterancestors()}
    return [element for element in elements if element not in outer]


def _body_of(paragraphs: Sequence[str], elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Yield the innermost element that holds the first and the last long paragraph."""
    long = [line for line in paragraphs if len(line) >= PROSE]
    if not long:
        return
    holding = [e for e in elements if (text := selectors.text_of(e)) and long[0] in text and long[-1] in text]
    for element in _innermost(holding)[:1]:
        above = element.getparent()
        yield above if element.tag == "p" and above is not None else element


def repeated(found: Sequence[tuple[Page, Article]]) -> dict[str, tuple[int, str | None]]:
    """Return the paragraphs that stand in the bodies of at least two and half of the pages: boilerplate, by all signs.

    With each goes the number of pages, and a selector for `remove` that selects nothing else of the first of them,
    None where there is none. Articles that are read on several of the pages count once.
    """
    bodies = {article.canonical_url: (page, article.article_body) for page, article in found}
    counts = Counter(paragraph for _, body in bodies.values() for paragraph in set(body))
    fewest = max(2, len(bodies) / 2)
    return {
        paragraph: (count, _selector_of_text(paragraph, [page for page, body in bodies.values() if paragraph in body]))
        for paragraph, count in counts.most_common()
        if count >= fewest
    }


def _selector_of_text(text: str, pages: Sequence[Page]) -> str | None:
    root = parse(pages[0])
    return selector_of(root, _innermost([e for e in root.iter(etree.Element) if selectors.text_of(e) == text])[:1])


def selector_of(root: etree._Element, wanted: Sequence[etree._Element]) -> str | None:
    """Return the shortest path of classes and ids that selects just these elements; None where none does."""
    if not wanted:
        return None
    steps = [step for step in _steps(wanted[0]) if all(step in _steps(element) for element in wanted)]
    alone = [step for step in steps if "." in step or "#" in step or step in SPEAKING]
    above = [step for ancestor in wanted[0].iterancestors() for step in _steps(ancestor) if step[0] in "#."]
    paths = [*alone, *(f"{outer} {step}" for outer in above for step in steps)]
    return next((path for path in paths if selectors.elements(root, path) == list(wanted)), None)


def _steps(element: etree._Element) -> list[str]:
    """Return the ways to name an element by itself: id, each class, tag with class, tag."""
    tag = str(element.tag)
    name = element.get("id") or ""
    ids = [f"#{name}"] if NAME.fullmatch(name) and not NUMBERED.search(name) else []
    classes = [f".{part}" for part in (element.get("class") or "").split() if NAME.fullmatch(part)]
    return [*ids, *classes, *(f"{tag}{part}" for part in classes), tag]


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """What was found on a saved page, or the `fault` for which it is no article.

    `is_announced` says whether the outlet's article_urls match its address, `is_kept` that its JSON was there before.
    """

    path: Path
    fault: str | None = None
    canonical_url: str | None = None
    is_announced: bool = False
    is_kept: bool = False
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What was found on saved pages; selectors that could be declared, by field; and paragraphs, as in `repeated`."""

    pages: Sequence[CheckedPage]
    proposals: Mapping[str, str]
    boilerplate: Mapping[str, tuple[int, str | None]]

    @property
    def are_articles(self) -> bool:
        """Whether all of the pages are."""
        return not any(page.fault for page in self.pages)


def check(name: str, paths: Sequence[Path], *, url: str | None, write: bool) -> Check:
    """Return what is found on each saved page of an outlet, and what it could declare.

    With `write`, what was found is written beside each page as JSON, to be read and corrected by somebody.
    Raises UsageError for an unknown outlet or a page that can't be read.
    """
    spider = outlet(name)
    if not hasattr(spider, "site"):
        raise UsageError(f"{name} has no site of its own: make an outlet of it first, `scrapy genspider -t news`")
    pages: list[CheckedPage] = []
    read: list[tuple[Page, Article]] = []
    for path in paths:
        page = _read(path, url or _url_beside(path) or _url_in(path, f"{spider.site}/{path.name}"))
        try:
            article, findings = check_page(page, spider.rules())
        except NotAnArticle as error:
            pages.append(CheckedPage(path, fault=str(error)))
            continue
        read.append((page, article))
        address = article.canonical_url
        is_kept = write and not _write(path.with_suffix(".json"), article)
        pages.append(CheckedPage(path, None, address, spider.is_article_url(address), is_kept, findings))
    every = [finding for page in reversed(pages) for finding in page.findings]  # the first page's count
    return Check(pages, {one.field: one.proposed for one in every if one.proposed}, repeated(read))


def print_check(found: Check) -> None:
    """Print a table for each page, and what could be declared."""
    for page in found.pages:
        if page.fault:
            say(f"{page.path}: {page.fault}")
            continue
        _print_findings(page.path, page.findings)
        if not page.is_announced:
            say(f"article_urls does not match {page.canonical_url}")
        if page.is_kept:
            say(f"{page.path.with_suffix('.json')} is there already, and left as it is")
    _print_proposals(found.proposals, found.boilerplate)


def _print_proposals(selectors_of: Mapping[str, str], boilerplate: Mapping[str, tuple[int, str | None]]) -> None:
    if selectors_of:
        say("Where the rule above is not to be trusted, declare:")
    for field, css in selectors_of.items():
        line = f"article_body = {css!r}" if field == "article_body" else f"selectors: {field!r}: {css!r},"
        say(f"    {line}")
    if boilerplate:
        say("In the bodies of several pages, so hardly of the article; declare:")
    for text, (pages, css_alone) in boilerplate.items():
        line = f"remove: {css_alone!r}," if css_alone else "(no selector selects it alone)"
        say(f"    {line}  {pages} pages: {_shown(text)}")


def _read(path: Path, url: str) -> Page:
    try:
        return Page(url=url, body=path.read_bytes(), content_type="text/html", fetched_at=datetime.now(UTC))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _url_beside(path: Path) -> str | None:
    """Return the address that the JSON beside a saved page gives it."""
    try:
        return str(json.loads(path.with_suffix(".json").read_text("utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _url_in(path: Path, otherwise: str) -> str:
    """Return the address that a saved page says is its own, else this one."""
    root = parse(_read(path, otherwise))
    said = meta.link(meta.read_links(root.iter("link")), "canonical")
    said = said or meta.content(meta.read(root.iter("meta")), "og:url")
    return (said and absolute(said.value, otherwise)) or otherwise


def _print_findings(path: Path, findings: Sequence[Finding]) -> None:
    rows = []
    for finding in findings:
        own = f"{finding.declared}: {finding.matches or 'nothing'}" if finding.declared else ""
        rows.append((finding.field, finding.rule or "-", _shown(finding.value), own))
    print_table(("field", "found by", "value", "the outlet's selector"), rows, title=str(path))


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        value = f"{len(value)}: " + " | ".join(map(str, value))
    text = str(getattr(value, "url", value) or "")
    return text if len(text) <= LONGEST_DATE else f"{text[:LONGEST_DATE]}…"


def _write(path: Path, article: Article) -> bool:
    """Write the article's fields; return False where there is such a file, which somebody may have corrected."""
    if path.exists():
        return False
    found = {name: value for name, value in asdict(article).items() if name in KEPT and value not in (None, ())}
    text = json.dumps(found, ensure_ascii=False, indent=2, default=datetime.isoformat)
    path.write_text(f"{text}\n", encoding="utf-8")
    return True
