"""A plain-text dump of an article page's visible text as an Article.

Such a dump has the page's lines in their order: headline, author, the lead image's caption, perhaps the date,
the body, the editor, cards of related articles, then what stands at the foot of every page.
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
from scrapers.extract.text.date_line import split_date_line
from scrapers.extract.text.date_parser import is_date_stamp, read_date
from scrapers.extract.text.promos import is_promo
from scrapers.items import Article, Image, RelatedLink

RELATED = re.compile(r"(?:artikel terkait|berita terkait|related news|related articles?) ?:?", re.IGNORECASE)
FOOT = re.compile(
    r"berita terkini|latest news|berita lainnya|berita populer|terpopuler|network|network updates|kanal"
    r"|personalize your news|(?:tags?|topik|page|halaman)(?: ?:.{0,100})?",
    re.IGNORECASE,
)
AGE = re.compile(
    r"(?:[0-9]{1,3} |satu |se)(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun)(?: yang)? lalu"
    r"|baru saja|kemarin",
    re.IGNORECASE,
)
BACA_JUGA = re.compile(r"baca juga ?:?", re.IGNORECASE)
# Of a single word nobody can tell whether it is a person, a section or a button.
NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:,? (?:[^\W\d_a-z][\w.'’-]*|bin|binti|dan|van|de|al)){1,7}")
LONGEST_HEADLINE = 300
LONGEST_HEAD = 12  # lines between the headline and the body
LEAST_PARAGRAPH = 80  # characters of a first paragraph that no date line marks
SENTENCE_END = (".", "!", "?", "”", '"', ":")


@dataclass(frozen=True, slots=True)
class _Parts:
    headline: str
    head: Sequence[str]
    body: Sequence[str]
    editor: str | None
    related: Sequence[str]


def text_document_url(data: bytes) -> str:
    """Return the address of a document that has none: the name of its bytes' SHA-256, as in RFC 6920."""
    return "ni:///sha-256;" + urlsafe_b64encode(sha256(data).digest()).decode("ascii").rstrip("=")


def read_text_document(text: str, *, url: str, rules: Rules) -> Article:
    """Return the article whose page's visible text this is; `url` identifies it.

    `date_published` is read only from a line of the head that is a date and nothing else; neither the age of
    a related card nor a date in the running text is the article's. Raises NotAnArticle: `empty_page` for a
    text without a letter, `not_an_article` where no headline or no body can be told apart.
    """
    lines = [line for line in map(clean, text.splitlines()) if line]
    if not lines:
        raise NotAnArticle("empty_page", f"{url} is an empty document")
    parts = _parts(lines)
    paragraphs = _without_promos(parts.body)
    begin = split_date_line(paragraphs[0]) if paragraphs else None
    story = tuple(filter(None, (begin.rest, *paragraphs[1:]) if begin else paragraphs))
    if not story or len(parts.headline) > LONGEST_HEADLINE:
        missing = "body" if not story else "headline"
        raise NotAnArticle("not_an_article", f"{url} is not an article: its text has no clear {missing}")
    related = _related(parts.related)
    return build_article(
        rules.outlet,
        url,
        {
            "canonical_url": Candidate(url, "document:url"),
            "headline": Candidate(parts.headline, "text:first_line"),
            "article_body": Candidate(story, "text:paragraphs"),
            "body_kinds": Candidate(("paragraph",) * len(story), "text:paragraphs"),
            "date_line": Candidate(begin.place, "body:date_line") if begin and begin.place else None,
            "date_line_agency": Candidate(begin.agency, "body:date_line") if begin and begin.agency else None,
            "editor": Candidate(parts.editor, "body:editor_line") if parts.editor else None,
            "publisher": Candidate(rules.publisher, "outlet") if rules.publisher else None,
            "in_language": Candidate(rules.in_language, "outlet") if rules.in_language else None,
            "related": Candidate(related, "text:related_cards") if related else None,
            **_head(parts.head, rules),
        },
    )


def _parts(lines: Sequence[str]) -> _Parts:
    """Cut the lines into headline, head, body, editor and related cards; what follows these is dropped."""
    rest = lines[1:]
    start = _body_start(rest)
    end = next((i for i, line in enumerate(rest) if i >= start and _ends_body(line)), len(rest))
    after = rest[end:]
    cards = next((i + 1 for i, line in enumerate(after) if RELATED.fullmatch(line)), len(after))
    foot = next((i for i, line in enumerate(after) if i >= cards and FOOT.fullmatch(line)), len(after))
    editor = bylines.editor_of(after[0]) if after else None
    return _Parts(lines[0], rest[:start], rest[start:end], editor, after[cards:foot])


def _body_start(lines: Sequence[str]) -> int:
    """Return the index of the first line with a date line, else of the first long sentence."""
    head = list(enumerate(lines[: LONGEST_HEAD + 1]))
    marked = (i for i, line in head if split_date_line(line))
    long = (
        i
        for i, line in head
        if len(line) >= LEAST_PARAGRAPH and line.endswith(SENTENCE_END) and not bylines.split_credit(line)[1]
    )
    return next(marked, next(long, len(lines)))


def _ends_body(line: str) -> bool:
    return bool(bylines.editor_of(line) or RELATED.fullmatch(line) or FOOT.fullmatch(line))


def _without_promos(lines: Sequence[str]) -> list[str]:
    """Return the lines without promos; a title that stands alone under `Baca Juga` is one."""
    kept = []
    for i, line in enumerate(lines):
        is_title = i > 0 and BACA_JUGA.fullmatch(lines[i - 1]) and not line.endswith(SENTENCE_END)
        if not is_promo(line) and not is_title:
            kept.append(line)
    return kept


def _head(lines: Sequence[str], rules: Rules) -> dict[str, Candidate[Any] | None]:
    """Return what the lines between headline and body hold: date, caption and credit, authors."""
    dates = [line for line in lines if is_date_stamp(line)]
    captions = [line for line in lines if bylines.split_credit(line)[1]]
    others = [line for line in lines if line not in dates and line not in captions and not is_promo(line)]
    names = [line for line in others if NAME.fullmatch(line)]
    captions += [line for line in others if line not in names and len(line.split()) > 3]
    caption, credit = bylines.split_credit(captions[0]) if captions else (None, None)
    authors = bylines.author_names(names, rules)
    published = read_date(dates[0], rules.time_zone) if dates else None
    return {
        "author": Candidate(authors, "text:byline") if authors else None,
        "image": Candidate(Image(None, caption, credit), "text:caption") if captions else None,
        "date_published": Candidate(published, "text:date_stamp") if published else None,
        "date_published_raw": Candidate(dates[0], "text:date_stamp") if dates else None,
    }


def _related(lines: Sequence[str]) -> tuple[RelatedLink, ...]:
    """Return the cards, each a section, an age and a headline in lines of their own; a line alone is none."""
    ages = {i for i, line in enumerate(lines) if AGE.fullmatch(line)}
    return tuple(
        RelatedLink(
            headline=lines[i + 1],
            article_section=lines[i - 1] if i > 0 and i - 2 not in ages else None,
            relative_age=lines[i],
        )
        for i in sorted(ages)
        if i + 1 < len(lines) and i + 1 not in ages
    )
