"""The fields that the article's body gives: its paragraphs, and what is printed before, after and among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapers.extract.body.article_body import Body, find_body
from scrapers.extract.body.density import ArticleHints
from scrapers.extract.candidate import Candidate, present
from scrapers.extract.fields.access import find_truncated
from scrapers.extract.fields.authors import find_signature
from scrapers.extract.fields.contributors import find_contributors, find_editors
from scrapers.extract.fields.language import base_language, rank_languages
from scrapers.extract.layers import json_ld
from scrapers.extract.metadata import Metadata
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.credits import take_credits
from scrapers.extract.text.date_line import DateLine, split_date_line, split_initials
from scrapers.items import Image
from scrapers.urls import is_article_path

Lines = list[tuple[str, str]]
"""Paragraphs, each with its kind; see Article.body_kinds."""
STRUCTURED_DATA = ("meta:", "json_ld:", "microdata:")


def read_body(parsed: ParsedPage, metadata: Metadata) -> Metadata:
    """Return the candidates for the fields of the article's body, and for the kind and language that it reveals."""
    declared = json_ld.paragraphs(parsed.json_ld_article)
    hints = _hints(parsed, metadata, declared)
    bodies = present(find_body(parsed.root, parsed.rules, hints, parsed.page.url, parsed.elements_by_class), declared)
    people, kept = take_credits(bodies[0].value if bodies else ())
    lines = [(bodies[0].value[i], _kind_of(bodies[0], i)) for i in kept]
    languages = _languages(parsed, metadata, lines)
    story = _split(parsed, lines, is_indonesian=bool(languages) and base_language(languages[0].value) == "id")
    last_line = bodies[0].value[-1] if bodies else ""
    signature = find_signature(parsed, metadata["author"], _paragraphs(story, bodies))
    if signature and len(story.lines) > 1 and story.lines[0][0] == signature[0].value[0]:
        story = replace(story, lines=story.lines[1:])
    return {
        **_paragraph_fields(story, bodies),
        **_date_line_fields(story),
        "images": _images(bodies[0], metadata) if bodies else [],
        "in_language": languages,
        "editor": find_editors(parsed, people),
        "contributor": find_contributors(parsed, people),
        "is_truncated": find_truncated(parsed, story.words, last_line),
        "kind": _kinds(parsed, metadata, bodies),
        "author": signature + metadata["author"],
    }


def _hints(parsed: ParsedPage, metadata: Metadata, declared: Candidate[tuple[str, ...]] | None) -> ArticleHints:
    """Return what the page's metadata and JSON-LD's `articleBody` reveal about the body."""
    headlines, dates = metadata["headline"], metadata["date_published"]
    is_printed_with_headline = any(headline.rule == "css:h1" for headline in headlines)
    is_signed = bool(metadata["author"] and dates and is_printed_with_headline)  # as only an article is
    return ArticleHints(
        is_article=json_ld.is_article(parsed.json_ld_article) or is_signed,
        headline=headlines[0].value if headlines else "",
        authors=metadata["author"][0].value if metadata["author"] else (),
        text=" ".join(declared.value) if declared else None,
        titles=[*(title.raw or title.value for title in headlines if not title.rule.startswith("css")), parsed.title],
        day=dates[0].value.date() if dates else None,
        is_declared=any(date.rule.startswith(STRUCTURED_DATA) for date in dates),
    )


def _languages(parsed: ParsedPage, metadata: Metadata, lines: Lines) -> list[Candidate[str]]:
    declared = list(metadata["in_language"])
    return declared if parsed.rules.in_language else rank_languages(declared, [line for line, _ in lines])


@dataclass(frozen=True, slots=True)
class _Story:
    """The paragraphs without date line and initials, and these."""

    lines: Lines
    date_line: DateLine | None
    initials: str | None

    @property
    def words(self) -> int:
        return sum(_count_words(line) for line, _ in self.lines)


def _count_words(line: str) -> int:
    return len(line.split()) if "\n" in line else line.count(" ") + 1  # code has lines, other text single spaces


def _split(parsed: ParsedPage, lines: Lines, *, is_indonesian: bool) -> _Story:
    """Split off the date line before the first sentence, or before the one after the standfirst, and the initials."""
    date_line = None
    for i, (line, kind) in enumerate(lines[:2]):
        if date_line := split_date_line(line, parsed.site_names, is_indonesian=is_indonesian):
            rest = [(date_line.rest, kind)] if date_line.rest else []
            lines = [*lines[:i], *rest, *lines[i + 1 :]]
            break
    if not lines:
        return _Story(lines, date_line, None)
    text, initials = split_initials(lines[-1][0])
    return _Story([*lines[:-1], *([(text, lines[-1][1])] if text else [])], date_line, initials)


def _paragraphs(story: _Story, bodies: Sequence[Candidate[tuple[str, ...]]]) -> list[Candidate[tuple[str, ...]]]:
    if not story.lines:
        return []
    return [Candidate(tuple(line for line, _ in story.lines), bodies[0].rule), *bodies[1:]]


def _paragraph_fields(story: _Story, bodies: Sequence[Candidate[tuple[str, ...]]]) -> Metadata:
    kinds = tuple(kind for _, kind in story.lines)
    return {
        "article_body": list(_paragraphs(story, bodies)),
        "body_kinds": [Candidate(kinds, bodies[0].rule)] if kinds else [],
        "word_count": [Candidate(story.words, "body:words")] if story.words else [],
    }


def _date_line_fields(story: _Story) -> Metadata:
    place = story.date_line.place if story.date_line else None
    agency = story.date_line.agency if story.date_line else None
    return {
        "date_line": [Candidate(place, "body:date_line")] if place else [],
        "date_line_agency": [Candidate(agency, "body:date_line")] if agency else [],
        "initials": [Candidate(story.initials, "body:initials")] if story.initials else [],
    }


def _kind_of(body: Candidate[tuple[str, ...]], index: int) -> str:
    return body.kinds[index] if isinstance(body, Body) else "paragraph"


def _kinds(
    parsed: ParsedPage, metadata: Metadata, bodies: Sequence[Candidate[tuple[str, ...]]]
) -> list[Candidate[str]]:
    """Return the page's kinds, first `index` where the body is teasers of other pages.

    A signed and dated page with an article's address may be an article that consists of a list.
    """
    kinds = list(metadata["kind"])
    if not bodies or not isinstance(bodies[0], Body) or not bodies[0].is_teaser_list:
        return kinds
    is_signed = metadata["author"] and metadata["date_published"]
    is_article = is_signed and is_article_path(urlsplit(parsed.page.url).path)
    return kinds if is_article else [Candidate("index", "body:teasers"), *kinds]


def _images(body: Candidate[tuple[str, ...]], metadata: Metadata) -> list[Candidate[tuple[Image, ...]]]:
    """Return the pictures in the body, without the lead image in any size."""
    lead = metadata["image"][0].value.url if metadata["image"] else None
    name = urlsplit(lead or "").path.rpartition("/")[2]
    images = body.images if isinstance(body, Body) else ()
    others = tuple(image for image in images if not name or name not in (image.url or ""))
    return [Candidate(others, f"{body.rule} img")] if others else []
