"""An article page as an Article: each field is what the page's layers agree on best."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import etree

from scrapers.errors import NotAnArticle
from scrapers.extract.body.article_body import Body, body_of
from scrapers.extract.body.density import Known
from scrapers.extract.candidate import Candidate, Fields, best_candidates, build_article, present
from scrapers.extract.dom.links import absolute
from scrapers.extract.feed_evidence import complete
from scrapers.extract.fields import kind as kinds
from scrapers.extract.fields.authors import authors, signature
from scrapers.extract.fields.canonical_url import canonical_url
from scrapers.extract.fields.dates import Dates, modified, published
from scrapers.extract.fields.headline import alternative_headline, headlines
from scrapers.extract.fields.language import base, languages
from scrapers.extract.fields.lead_image import lead_image
from scrapers.extract.fields.next_pages import further_pages
from scrapers.extract.layers import inline_scripts, json_ld, meta, selectors
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import PAGE_LINKS, ParsedPage
from scrapers.extract.text import bylines, credits
from scrapers.extract.text.clean import clean, compact
from scrapers.extract.text.date_line import DateLine, split_date_line, split_initials
from scrapers.extract.text.notices import MAX_SENTENCE_LENGTH, is_notice, says_so
from scrapers.items import Article, Charset, Contributor, Image, RelatedLink
from scrapers.urls import is_article_path

LONGEST_HEADLINE = 1000  # characters; what is longer is a text in the wrong element
OF_A_NOTICE = ("h1", "h2", "h3", "p", "div", "span", "strong", "b")  # elements that hold one
MOST_TEXTS = 300  # of these that are looked at
NO_SECTION = {"home", "beranda", "detail berita", "post", "posts", "article", "articles", "page", "uncategorized"}
# Marks of a site's own software: `Category: x`, `type:article`, an identifier.
NO_KEYWORD = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{24,64}|[0-9]{5,}|https?:.*"
    r"|(?:category|categories|section|subsection|type|tag|topic|author|channel|cms|id|guid|page|source|format)"
    r"\s?[:=]\s?.*|[a-z]{2,20}[:=][\w./-]{1,100}",
    re.IGNORECASE,
)
PAGINATION = ("pageList", "paginationContent")  # without one of these classes PAGE_LINKS finds nothing
CLASSES = etree.XPath("/descendant::*/@class", smart_strings=False)  # takes less time than a search in each
EDITOR_WORD = re.compile(r"(?<!\W)\W*(?:editor|redaktur|penyunting|red)\W+", re.IGNORECASE)
Lines = list[tuple[str, str]]
"""Texts with the kind of each."""
DECLARED = ("meta:", "json_ld:", "microdata:")
ROLES = ("contributor", "translator", "illustrator")


def extract_article(page: Page, rules: Rules) -> Article:
    """Return the article that the page holds, each field with the rule that found it.

    Raises NotAnArticle: `empty_page` where no text is there, `not_an_article` for a list, home or index page,
    and for any page without a headline or without a body (a video, a photo), `too_deep` or `too_large` where
    the page's tree is like no article's, `not_found_notice` where the page says that there is none.
    """
    return article_in(ParsedPage(page, rules))


def article_in(parsed: ParsedPage) -> Article:
    """Return the article of a page that was parsed; raises NotAnArticle as extract_article does."""
    fields, url = fields_in(parsed), parsed.page.url
    why = _why_none(fields)
    if _is_notice(parsed, fields):
        raise NotAnArticle("not_found_notice", f"{url} is not an article: it says itself that there is none")
    if why:
        raise NotAnArticle("not_an_article", f"{url} is not an article: {why}")
    return complete(build_article(parsed.rules.outlet, url, best_candidates(fields)), parsed.page.announced)


def is_article(fields: Fields) -> bool:
    """Return whether what was found is an article: of no other kind, with a headline and a body, and no notice."""
    return _why_none(fields) is None and not is_notice(_headline(fields), fields["article_body"][0].value)


def _is_notice(parsed: ParsedPage, fields: Fields) -> bool:
    """Return whether the page says that there is no article; where it has no body, any short text may say so."""
    if fields["article_body"]:
        return is_notice(_headline(fields), fields["article_body"][0].value)
    texts = (one.text for one in islice(parsed.root.iter(*OF_A_NOTICE), MOST_TEXTS))
    return says_so(_headline(fields)) or any(
        says_so(text) for text in texts if text and 0 < len(text) <= MAX_SENTENCE_LENGTH
    )


def _headline(fields: Fields) -> str:
    return fields["headline"][0].value if fields["headline"] else ""


def _why_none(fields: Fields) -> str | None:
    kind = fields["kind"][0]
    if kind.value in ("index", "other"):
        return f"by {kind.rule} it is of another kind ({kind.value})"
    return next((f"it has no {name.split('_')[-1]}" for name in ("headline", "article_body") if not fields[name]), None)


def read_fields(page: Page, rules: Rules) -> Fields:
    """Return all that the page says of each field, be it an article or not.

    Raises NotAnArticle where the page can't be read: `empty_page`, `too_deep`, `too_large`.
    """
    return fields_in(ParsedPage(page, rules))


def fields_in(parsed: ParsedPage) -> Fields:
    """Return all that a page that was parsed says of each field."""
    said = read_metadata(parsed)
    body = _body(parsed, said)
    return {
        "canonical_url": [canonical_url(parsed.link_href("canonical"), parsed.meta, parsed.page.url)],
        **said,
        **body,
        "author": signature(parsed, said["author"], body["article_body"]) + said["author"],
    }


def read_metadata(parsed: ParsedPage) -> dict[str, list[Candidate[Any]]]:
    """Return what the page says of itself besides its body."""
    rules, heads, ld = parsed.rules, parsed.meta, parsed.json_ld_article
    people, dates = authors(parsed), published(parsed)
    found = _with_announced(parsed, [one for one in headlines(parsed) if len(one.value) <= LONGEST_HEADLINE])
    return {
        "headline": found,
        "alternative_headline": alternative_headline(parsed, found),
        "description": present(json_ld.text(ld, "description"), meta.content(heads, "og:description", "description")),
        "author": people,
        "publisher": present(
            Candidate(rules.publisher, "outlet") if rules.publisher else None,
            json_ld.text(ld, "publisher"),
            meta.content(heads, "og:site_name"),
        ),
        "in_language": present(  # the outlet goes first: templates often declare the wrong one
            Candidate(rules.in_language, "outlet") if rules.in_language else None,
            json_ld.text(ld, "inLanguage"),
            meta.language(parsed.root),
        ),
        "article_section": _section(parsed),
        "keywords": _keywords(parsed),
        "image": present(lead_image(parsed)),
        "related": present(_related(parsed)),
        "kind": kinds.kind(parsed, is_signed=bool(people) or any(one.value for one in dates)),
        "is_paywalled": kinds.is_paywalled(parsed),
        "identifier": kinds.identifier(parsed),
        "amp_url": present(_amp_url(parsed)),
        "next_pages": present(further_pages(parsed)),
        "charset": present(_charset(parsed)),
        **_date("date_published", dates),
        **_date("date_modified", modified(parsed)),
    }


def _with_announced(parsed: ParsedPage, found: list[Candidate[str]]) -> list[Candidate[str]]:
    """Return the headlines, before them the title that a feed gives where the page has none but the site's name."""
    title = clean(parsed.page.announced.title or "")
    is_there = any(compact(one.value) not in parsed.site_names for one in found)
    return found if is_there or not 0 < len(title) <= LONGEST_HEADLINE else [Candidate(title, "feed:title"), *found]


def _body(parsed: ParsedPage, said: Fields) -> dict[str, list[Candidate[Any]]]:
    """Return the body and what stands in it: the date line before its first sentence, the editor after its last."""
    declared = json_ld.paragraphs(parsed.json_ld_article)
    known = Known(
        is_article=json_ld.is_article(parsed.json_ld_article) or _is_signed(said),
        headline=said["headline"][0].value if said["headline"] else "",
        authors=said["author"][0].value if said["author"] else (),
        text=" ".join(declared.value) if declared else None,
        titles=[*(one.raw or one.value for one in said["headline"] if not one.rule.startswith("css")), parsed.title],
        day=said["date_published"][0].value.date() if said["date_published"] else None,
        is_declared=any(one.rule.startswith(DECLARED) for one in said["date_published"]),
    )
    bodies = present(body_of(parsed.root, parsed.rules, known, parsed.page.url, parsed.elements_by_class), declared)
    people, kept = credits.take_credits(bodies[0].value if bodies else ())
    lines = [(bodies[0].value[at], _kind_of(bodies[0], at)) for at in kept]
    spoken = list(said["in_language"])
    if not parsed.rules.in_language:
        spoken = languages(spoken, [line for line, _ in lines])
    begin, lines = _without_date_line(parsed, lines, is_indonesian=bool(spoken) and base(spoken[0].value) == "id")
    initials, lines = _without_initials(lines)
    words = sum(len(line.split()) if "\n" in line else line.count(" ") + 1 for line, _ in lines)  # of code, else clean
    editors = [person.name for person in people if person.role == "editor"]
    return {
        "article_body": [Candidate(tuple(line for line, _ in lines), bodies[0].rule), *bodies[1:]] if lines else [],
        "body_kinds": [Candidate(tuple(kind for _, kind in lines), bodies[0].rule)] if lines else [],
        "images": _images(bodies[0], said) if bodies else [],
        "in_language": spoken,
        "date_line": [Candidate(begin.place, "body:date_line")] if begin and begin.place else [],
        "date_line_agency": [Candidate(begin.agency, "body:date_line")] if begin and begin.agency else [],
        "initials": [Candidate(initials, "body:initials")] if initials else [],
        "editor": present(
            Candidate(editors[-1], "body:editor_line") if editors else None,
            _declared_editor(parsed),
            json_ld.text(parsed.json_ld_article, "editor"),
        ),
        "contributor": _contributors(parsed, [person for person in people if person.role != "editor"]),
        "word_count": [Candidate(words, "body:words")] if words else [],
        "is_truncated": kinds.is_truncated(parsed, words, bodies[0].value[-1] if bodies else ""),
        **({"kind": [Candidate("index", "body:teasers"), *said["kind"]]} if _is_list(parsed, said, bodies) else {}),
    }


def _is_list(parsed: ParsedPage, said: Fields, bodies: Sequence[Candidate[tuple[str, ...]]]) -> bool:
    """Return whether the body is teasers of other pages: not where the page is signed, dated and has an article's path.

    Some articles are a list of others.
    """
    if not bodies or not isinstance(bodies[0], Body) or not bodies[0].is_of_teasers:
        return False
    return not (said["author"] and said["date_published"] and is_article_path(urlsplit(parsed.page.url).path))


def _is_signed(said: Fields) -> bool:
    """Return whether the page prints a headline as its own, who wrote it and when, as only an article does."""
    return bool(said["author"] and said["date_published"] and any(one.rule == "css:h1" for one in said["headline"]))


def _kind_of(body: Candidate[tuple[str, ...]], at: int) -> str:
    return body.kinds[at] if isinstance(body, Body) else "paragraph"


def _without_date_line(parsed: ParsedPage, lines: Lines, *, is_indonesian: bool) -> tuple[DateLine | None, Lines]:
    """Return the story's date line, which stands before its first sentence or before the one after the standfirst."""
    for at, (line, kind) in enumerate(lines[:2]):
        if begin := split_date_line(line, parsed.site_names, is_indonesian=is_indonesian):
            rest = [(begin.rest, kind)] if begin.rest else []
            return begin, [*lines[:at], *rest, *lines[at + 1 :]]
    return None, lines


def _without_initials(lines: Lines) -> tuple[str | None, Lines]:
    if not lines:
        return None, lines
    text, initials = split_initials(lines[-1][0])
    return initials, [*lines[:-1], *([(text, lines[-1][1])] if text else [])]


def _images(body: Candidate[tuple[str, ...]], said: Fields) -> list[Candidate[tuple[Image, ...]]]:
    """Return the pictures of the body but the lead image, which may be another size of the same file."""
    lead = said["image"][0].value.url if said["image"] else None
    name = urlsplit(lead or "").path.rpartition("/")[2]
    pictures = tuple(
        one for one in (body.images if isinstance(body, Body) else ()) if not name or name not in (one.url or "")
    )
    return [Candidate(pictures, f"{body.rule} img")] if pictures else []


def _declared_editor(parsed: ParsedPage) -> Candidate[str] | None:
    said = parsed.selected("editor")
    names = bylines.author_names([EDITOR_WORD.sub("", line) for line in said.value], parsed.rules) if said else ()
    return Candidate(names[0], said.rule, raw=" | ".join(said.value)) if said and names else None


def _contributors(parsed: ParsedPage, of_body: Sequence[Contributor]) -> list[Candidate[tuple[Contributor, ...]]]:
    """Return those whom JSON-LD, the byline and the body name for other work on the article than writing or editing."""
    named = [
        (role, found)
        for role in ROLES
        if (found := json_ld.people(parsed.json_ld_article, role, parsed.json_ld_objects))
    ]
    people = [Contributor(name, role) for role, found in named for name in found.value]
    byline = parsed.selected("author")
    of_byline = [one for line in (byline.value if byline else ()) for one in credits.credits_in(line)]
    said = [one for one in (*of_byline, *of_body) if one.role != "editor" and one not in people]
    rules = [found.rule for _, found in named] + (["body:credits" if of_body else "html:credits"] if said else [])
    return [Candidate(tuple(dict.fromkeys([*people, *said])), " + ".join(rules))] if people or said else []


def _section(parsed: ParsedPage) -> list[Candidate[tuple[str, ...]]]:
    """Return the section paths that the page shows, the longest first, the structured one of two equals.

    Where none names one, its breadcrumbs do, between the home page and the article.
    """
    said = present(
        json_ld.texts(parsed.json_ld_article, "articleSection"),
        meta.contents(parsed.meta, "article:section"),
        parsed.selected("article_section"),
    )
    paths = _paths(said) or _paths(present(json_ld.breadcrumbs(parsed.json_ld_objects)))
    return sorted(paths, key=lambda path: -len(path.value))


def _paths(said: Sequence[Candidate[tuple[str, ...]]]) -> list[Candidate[tuple[str, ...]]]:
    """Return the paths without what names no section, and those of which something is left."""
    paths = [Candidate(tuple(name for name in one.value if name.lower() not in NO_SECTION), one.rule) for one in said]
    return [path for path in paths if path.value]


def _keywords(parsed: ParsedPage) -> list[Candidate[tuple[str, ...]]]:
    """Return the article's keywords; where the outlet declares its tags, its meta keywords are the site's."""
    if "keywords" in parsed.rules.selectors:
        said = present(json_ld.keywords(parsed.json_ld_article), parsed.selected("keywords"))
    else:
        tags = meta.contents(parsed.meta, "article:tag")
        words = meta.keywords(parsed.meta, "news_keywords", "keywords")
        said = present(json_ld.keywords(parsed.json_ld_article), tags, words)
    kept = [Candidate(tuple(word for word in one.value if not NO_KEYWORD.fullmatch(word)), one.rule) for one in said]
    return [one for one in kept if one.value]


def _date(field: str, found: Dates) -> dict[str, list[Candidate[Any]]]:
    """Return the dates that can be read, and of all their raw texts, which stay also where none can be read."""
    readable = [(one, one.value) for one in found if one.value]
    return {
        field: [Candidate(moment.value, one.rule, one.raw) for one, moment in readable],
        f"{field}_precision": [Candidate(moment.precision, one.rule, one.raw) for one, moment in readable],
        f"{field}_raw": [Candidate(one.raw, one.rule) for one in found if one.raw],
    }


def _amp_url(parsed: ParsedPage) -> Candidate[str] | None:
    said = parsed.link_href("amphtml")
    address = absolute(said.value, parsed.page.url) if said else None
    return Candidate(address, said.rule) if said and address else None


def _charset(parsed: ParsedPage) -> Candidate[Charset] | None:
    return Candidate(parsed.charset, "page:charset") if parsed.charset.is_disputed else None


def _related(parsed: ParsedPage) -> Candidate[tuple[RelatedLink, ...]] | None:
    css = parsed.rules.selectors.get("related")
    cards = [_card(parsed, element) for element in selectors.elements(parsed.root, css, parsed.elements_by_class)]
    links = tuple(card for card in cards if card)
    return Candidate(links, f"css:{css}") if links else None


def _card(parsed: ParsedPage, element: etree._Element) -> RelatedLink | None:
    def part(name: str) -> str | None:
        found = selectors.text(element, parsed.rules.selectors.get(f"related.{name}"))
        return found.value if found else None

    href = selectors.attribute(element, "a[href]", "href")
    url = absolute(href.value, parsed.page.url) if href else None
    headline = part("headline")
    return RelatedLink(headline, url, part("article_section"), part("relative_age")) if headline else None


def page_count(parsed: ParsedPage) -> int:
    """Return how many pages the article has: what the page's script says, else its highest page link, else 1."""
    if said := inline_scripts.find_value(parsed.inline_scripts, "total_page"):
        numbers: Sequence[str] = (said.value,)
    else:
        classes = "" if parsed.elements_by_class else " ".join(cast("list[str]", CLASSES(parsed.root)))
        has_links = parsed.elements_by_class or any(name in classes for name in PAGINATION)
        shown = selectors.texts(parsed.root, PAGE_LINKS, parsed.elements_by_class or None) if has_links else None
        numbers = shown.value if shown else ()
    return max([1, *(int(number) for number in numbers if re.fullmatch(r"[0-9]{1,3}", number))])
