"""A plain-text dump of an article page's visible text as an Article.

The dump has the page's lines in order: headline, author, the lead image's caption, sometimes the date, the body, the
editor, cards of related articles, and then the foot of the page.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from scrapers.errors import NotAnArticle
from scrapers.extract.candidate import Candidate, build_article
from scrapers.extract.page import Rules
from scrapers.extract.text import bylines
from scrapers.extract.text.clean import clean
from scrapers.extract.text.date_line import DateLine, split_date_line
from scrapers.extract.text.date_parser import is_date_stamp, read_date
from scrapers.extract.text.promos import is_promo
from scrapers.items import Article, Image, RelatedLink

RELATED_HEADING = re.compile(r"(?:artikel terkait|berita terkait|related news|related articles?) ?:?", re.IGNORECASE)
PAGE_FOOT = re.compile(
    r"berita terkini|latest news|berita lainnya|berita populer|terpopuler|network|network updates|kanal"
    r"|personalize your news|(?:tags?|topik|page|halaman)(?: ?:.{0,100})?",
    re.IGNORECASE,
)
RELATIVE_AGE = re.compile(
    r"(?:[0-9]{1,3} |satu |se)(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun)(?: yang)? lalu"
    r"|baru saja|kemarin",
    re.IGNORECASE,
)
BACA_JUGA = re.compile(r"baca juga ?:?", re.IGNORECASE)
# Two words at least: a single one may be a section or a button as well as a person.
AUTHOR_LINE = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:,? (?:[^\W\d_a-z][\w.'’-]*|bin|binti|dan|van|de|al)){1,7}")
MAX_HEADLINE_LENGTH = 300
MAX_HEAD_LINES = 12  # lines between the headline and the body
MIN_FIRST_PARAGRAPH_LENGTH = 80  # characters of a first paragraph without a date line
SENTENCE_END = (".", "!", "?", "”", '"', ":")


@dataclass(frozen=True, slots=True)
class _Parts:
    headline: str
    head: Sequence[str]
    body: Sequence[str]
    editor: str | None
    related: Sequence[str]


def text_document_url(data: bytes) -> str:
    """Return an address for a document that has none: its SHA-256 as a `ni` URI (RFC 6920)."""
    return "ni:///sha-256;" + urlsafe_b64encode(sha256(data).digest()).decode("ascii").rstrip("=")


def read_text_document(text: str, *, url: str, rules: Rules) -> Article:
    """Return the article whose page's visible text this is; `url` identifies it.

    `date_published` is read only from a line of the head that is nothing but a date, never from a related card or the
    running text. Raises NotAnArticle: `empty_page` for a document without text, `not_an_article` where no headline or
    no body can be recognized.
    """
    lines = [line for line in map(clean, text.splitlines()) if line]
    if not lines:
        raise NotAnArticle("empty_page", f"{url} is an empty document")
    parts = _split(lines)
    paragraphs = _without_promos(parts.body)
    date_line = split_date_line(paragraphs[0]) if paragraphs else None
    story = tuple(filter(None, (date_line.rest, *paragraphs[1:]) if date_line else paragraphs))
    if not story or len(parts.headline) > MAX_HEADLINE_LENGTH:
        missing = "body" if not story else "headline"
        raise NotAnArticle("not_an_article", f"{url} is not an article: its text has no clear {missing}")
    fields: dict[str, Candidate[Any] | None] = {
        "canonical_url": Candidate(url, "document:url"),
        "headline": Candidate(parts.headline, "text:first_line"),
        "article_body": Candidate(story, "text:paragraphs"),
        "body_kinds": Candidate(("paragraph",) * len(story), "text:paragraphs"),
    }
    return build_article(rules.outlet, url, fields | _optional_fields(parts, date_line, rules))


def _optional_fields(parts: _Parts, date_line: DateLine | None, rules: Rules) -> dict[str, Candidate[Any] | None]:
    place, agency = (date_line.place, date_line.agency) if date_line else (None, None)
    related = _read_related(parts.related)
    return {
        "date_line": Candidate(place, "body:date_line") if place else None,
        "date_line_agency": Candidate(agency, "body:date_line") if agency else None,
        "editor": Candidate(parts.editor, "body:editor_line") if parts.editor else None,
        "publisher": Candidate(rules.publisher, "outlet") if rules.publisher else None,
        "in_language": Candidate(rules.in_language, "outlet") if rules.in_language else None,
        "related": Candidate(related, "text:related_cards") if related else None,
        **_read_head(parts.head, rules),
    }


def _split(lines: Sequence[str]) -> _Parts:
    """Split the lines into headline, head, body, editor and related cards; later lines are dropped."""
    following = lines[1:]
    start = _body_start(following)
    end = next((i for i, line in enumerate(following) if i >= start and _ends_body(line)), len(following))
    after = following[end:]
    cards = next((i + 1 for i, line in enumerate(after) if RELATED_HEADING.fullmatch(line)), len(after))
    foot = next((i for i, line in enumerate(after) if i >= cards and PAGE_FOOT.fullmatch(line)), len(after))
    editor = bylines.editor_of(after[0]) if after else None
    return _Parts(lines[0], following[:start], following[start:end], editor, after[cards:foot])


def _body_start(lines: Sequence[str]) -> int:
    """Return the index of the first line with a date line, else of the first long sentence, else the end."""
    head = list(enumerate(lines[: MAX_HEAD_LINES + 1]))
    marked = (i for i, line in head if split_date_line(line))
    long = (
        i
        for i, line in head
        if len(line) >= MIN_FIRST_PARAGRAPH_LENGTH and line.endswith(SENTENCE_END) and not bylines.split_credit(line)[1]
    )
    return next(marked, next(long, len(lines)))


def _ends_body(line: str) -> bool:
    return bool(bylines.editor_of(line) or RELATED_HEADING.fullmatch(line) or PAGE_FOOT.fullmatch(line))


def _without_promos(lines: Sequence[str]) -> list[str]:
    """Return the lines without promos, including a title on its own line after `Baca Juga`."""
    kept = []
    for index, line in enumerate(lines):
        is_title = index > 0 and BACA_JUGA.fullmatch(lines[index - 1]) and not line.endswith(SENTENCE_END)
        if not is_promo(line) and not is_title:
            kept.append(line)
    return kept


def _read_head(lines: Sequence[str], rules: Rules) -> dict[str, Candidate[Any] | None]:
    """Return the fields in the lines between headline and body: date, caption and credit, authors."""
    dates = [line for line in lines if is_date_stamp(line)]
    captions = [line for line in lines if bylines.split_credit(line)[1]]
    other_lines = [line for line in lines if line not in dates and line not in captions and not is_promo(line)]
    names = [line for line in other_lines if AUTHOR_LINE.fullmatch(line)]
    captions += [line for line in other_lines if line not in names and len(line.split()) > 3]
    caption, credit = bylines.split_credit(captions[0]) if captions else (None, None)
    authors = bylines.author_names(names, rules)
    published = read_date(dates[0], rules.time_zone) if dates else None
    return {
        "author": Candidate(authors, "text:byline") if authors else None,
        "image": Candidate(Image(None, caption, credit), "text:caption") if captions else None,
        "date_published": Candidate(published, "text:date_stamp") if published else None,
        "date_published_raw": Candidate(dates[0], "text:date_stamp") if dates else None,
    }


def _read_related(lines: Sequence[str]) -> tuple[RelatedLink, ...]:
    """Return the cards, each with a section, an age and a headline on lines of their own."""
    age_indices = {i for i, line in enumerate(lines) if RELATIVE_AGE.fullmatch(line)}
    return tuple(
        RelatedLink(
            headline=lines[i + 1],
            article_section=lines[i - 1] if i > 0 and i - 2 not in age_indices else None,
            relative_age=lines[i],
        )
        for i in sorted(age_indices)
        if i + 1 < len(lines) and i + 1 not in age_indices
    )
