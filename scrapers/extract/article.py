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
from scrapers.extract.candidate import Fields, Found, article_of, best, some
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
from scrapers.extract.parsed_page import PAGE_LINKS, Layers
from scrapers.extract.text import bylines, credits
from scrapers.extract.text.clean import clean, compact
from scrapers.extract.text.date_line import DateLine, split_date_line, split_initials
from scrapers.extract.text.notices import LONGEST, is_notice, says_so
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
    return article_in(Layers(page, rules))


def article_in(layers: Layers) -> Article:
    """Return the article of a page that was parsed; raises NotAnArticle as extract_article does."""
    fields, url = fields_in(layers), layers.page.url
    why = _why_none(fields)
    if _is_notice(layers, fields):
        raise NotAnArticle("not_found_notice", f"{url} is not an article: it says itself that there is none")
    if why:
        raise NotAnArticle("not_an_article", f"{url} is not an article: {why}")
    return complete(article_of(layers.rules.outlet, url, best(fields)), layers.page.announced)


def is_article(fields: Fields) -> bool:
    """Return whether what was found is an article: of no other kind, with a headline and a body, and no notice."""
    return _why_none(fields) is None and not is_notice(_headline(fields), fields["article_body"][0].value)


def _is_notice(layers: Layers, fields: Fields) -> bool:
    """Return whether the page says that there is no article; where it has no body, any short text may say so."""
    if fields["article_body"]:
        return is_notice(_headline(fields), fields["article_body"][0].value)
    texts = (one.text for one in islice(layers.root.iter(*OF_A_NOTICE), MOST_TEXTS))
    return says_so(_headline(fields)) or any(says_so(text) for text in texts if text and 0 < len(text) <= LONGEST)


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
    return fields_in(Layers(page, rules))


def fields_in(layers: Layers) -> Fields:
    """Return all that a page that was parsed says of each field."""
    said = read_metadata(layers)
    body = _body(layers, said)
    return {
        "canonical_url": [canonical_url(layers.link("canonical"), layers.meta, layers.page.url)],
        **said,
        **body,
        "author": signature(layers, said["author"], body["article_body"]) + said["author"],
    }


def read_metadata(layers: Layers) -> dict[str, list[Found[Any]]]:
    """Return what the page says of itself besides its body."""
    rules, heads, ld = layers.rules, layers.meta, layers.ld
    people, dates = authors(layers), published(layers)
    found = _with_announced(layers, [one for one in headlines(layers) if len(one.value) <= LONGEST_HEADLINE])
    return {
        "headline": found,
        "alternative_headline": alternative_headline(layers, found),
        "description": some(json_ld.text(ld, "description"), meta.content(heads, "og:description", "description")),
        "author": people,
        "publisher": some(
            Found(rules.publisher, "outlet") if rules.publisher else None,
            json_ld.text(ld, "publisher"),
            meta.content(heads, "og:site_name"),
        ),
        "in_language": some(  # the outlet goes first: templates often declare the wrong one
            Found(rules.in_language, "outlet") if rules.in_language else None,
            json_ld.text(ld, "inLanguage"),
            meta.language(layers.root),
        ),
        "article_section": _section(layers),
        "keywords": _keywords(layers),
        "image": some(lead_image(layers)),
        "related": some(_related(layers)),
        "kind": kinds.kind(layers, is_signed=bool(people) or any(one.value for one in dates)),
        "is_paywalled": kinds.is_paywalled(layers),
        "identifier": kinds.identifier(layers),
        "amp_url": some(_amp_url(layers)),
        "next_pages": some(further_pages(layers)),
        "charset": some(_charset(layers)),
        **_date("date_published", dates),
        **_date("date_modified", modified(layers)),
    }


def _with_announced(layers: Layers, found: list[Found[str]]) -> list[Found[str]]:
    """Return the headlines, before them the title that a feed gives where the page has none but the site's name."""
    title = clean(layers.page.announced.title or "")
    is_there = any(compact(one.value) not in layers.site_names for one in found)
    return found if is_there or not 0 < len(title) <= LONGEST_HEADLINE else [Found(title, "feed:title"), *found]


def _body(layers: Layers, said: Fields) -> dict[str, list[Found[Any]]]:
    """Return the body and what stands in it: the date line before its first sentence, the editor after its last."""
    declared = json_ld.paragraphs(layers.ld)
    known = Known(
        is_article=json_ld.is_article(layers.ld) or _is_signed(said),
        headline=said["headline"][0].value if said["headline"] else "",
        authors=said["author"][0].value if said["author"] else (),
        text=" ".join(declared.value) if declared else None,
        titles=[*(one.raw or one.value for one in said["headline"] if not one.rule.startswith("css")), layers.title],
        day=said["date_published"][0].value.date() if said["date_published"] else None,
        is_declared=any(one.rule.startswith(DECLARED) for one in said["date_published"]),
    )
    bodies = some(body_of(layers.root, layers.rules, known, layers.page.url, layers.by_class), declared)
    people, kept = credits.take_credits(bodies[0].value if bodies else ())
    lines = [(bodies[0].value[at], _kind_of(bodies[0], at)) for at in kept]
    spoken = list(said["in_language"])
    if not layers.rules.in_language:
        spoken = languages(spoken, [line for line, _ in lines])
    begin, lines = _without_date_line(layers, lines, is_indonesian=bool(spoken) and base(spoken[0].value) == "id")
    initials, lines = _without_initials(lines)
    words = sum(len(line.split()) if "\n" in line else line.count(" ") + 1 for line, _ in lines)  # of code, else clean
    editors = [person.name for person in people if person.role == "editor"]
    return {
        "article_body": [Found(tuple(line for line, _ in lines), bodies[0].rule), *bodies[1:]] if lines else [],
        "body_kinds": [Found(tuple(kind for _, kind in lines), bodies[0].rule)] if lines else [],
        "images": _images(bodies[0], said) if bodies else [],
        "in_language": spoken,
        "date_line": [Found(begin.place, "body:date_line")] if begin and begin.place else [],
        "date_line_agency": [Found(begin.agency, "body:date_line")] if begin and begin.agency else [],
        "initials": [Found(initials, "body:initials")] if initials else [],
        "editor": some(
            Found(editors[-1], "body:editor_line") if editors else None,
            _declared_editor(layers),
            json_ld.text(layers.ld, "editor"),
        ),
        "contributor": _contributors(layers, [person for person in people if person.role != "editor"]),
        "word_count": [Found(words, "body:words")] if words else [],
        "is_truncated": kinds.is_truncated(layers, words, bodies[0].value[-1] if bodies else ""),
        **({"kind": [Found("index", "body:teasers"), *said["kind"]]} if _is_list(layers, said, bodies) else {}),
    }


def _is_list(layers: Layers, said: Fields, bodies: Sequence[Found[tuple[str, ...]]]) -> bool:
    """Return whether the body is teasers of other pages: not where the page is signed, dated and has an article's path.

    Some articles are a list of others.
    """
    if not bodies or not isinstance(bodies[0], Body) or not bodies[0].is_of_teasers:
        return False
    return not (said["author"] and said["date_published"] and is_article_path(urlsplit(layers.page.url).path))


def _is_signed(said: Fields) -> bool:
    """Return whether the page prints a headline as its own, who wrote it and when, as only an article does."""
    return bool(said["author"] and said["date_published"] and any(one.rule == "css:h1" for one in said["headline"]))


def _kind_of(body: Found[tuple[str, ...]], at: int) -> str:
    return body.kinds[at] if isinstance(body, Body) else "paragraph"


def _without_date_line(layers: Layers, lines: Lines, *, is_indonesian: bool) -> tuple[DateLine | None, Lines]:
    """Return the story's date line, which stands before its first sentence or before the one after the standfirst."""
    for at, (line, kind) in enumerate(lines[:2]):
        if begin := split_date_line(line, layers.site_names, is_indonesian=is_indonesian):
            rest = [(begin.rest, kind)] if begin.rest else []
            return begin, [*lines[:at], *rest, *lines[at + 1 :]]
    return None, lines


def _without_initials(lines: Lines) -> tuple[str | None, Lines]:
    if not lines:
        return None, lines
    text, initials = split_initials(lines[-1][0])
    return initials, [*lines[:-1], *([(text, lines[-1][1])] if text else [])]


def _images(body: Found[tuple[str, ...]], said: Fields) -> list[Found[tuple[Image, ...]]]:
    """Return the pictures of the body but the lead image, which may be another size of the same file."""
    lead = said["image"][0].value.url if said["image"] else None
    name = urlsplit(lead or "").path.rpartition("/")[2]
    pictures = tuple(
        one for one in (body.images if isinstance(body, Body) else ()) if not name or name not in (one.url or "")
    )
    return [Found(pictures, f"{body.rule} img")] if pictures else []


def _declared_editor(layers: Layers) -> Found[str] | None:
    said = layers.css("editor")
    names = bylines.author_names([EDITOR_WORD.sub("", line) for line in said.value], layers.rules) if said else ()
    return Found(names[0], said.rule, raw=" | ".join(said.value)) if said and names else None


def _contributors(layers: Layers, of_body: Sequence[Contributor]) -> list[Found[tuple[Contributor, ...]]]:
    """Return those whom JSON-LD, the byline and the body name for other work on the article than writing or editing."""
    named = [(role, found) for role in ROLES if (found := json_ld.people(layers.ld, role, layers.nodes))]
    people = [Contributor(name, role) for role, found in named for name in found.value]
    byline = layers.css("author")
    of_byline = [one for line in (byline.value if byline else ()) for one in credits.credits_in(line)]
    said = [one for one in (*of_byline, *of_body) if one.role != "editor" and one not in people]
    rules = [found.rule for _, found in named] + (["body:credits" if of_body else "html:credits"] if said else [])
    return [Found(tuple(dict.fromkeys([*people, *said])), " + ".join(rules))] if people or said else []


def _section(layers: Layers) -> list[Found[tuple[str, ...]]]:
    """Return the section paths that the page shows, the longest first, the structured one of two equals.

    Where none names one, its breadcrumbs do, between the home page and the article.
    """
    said = some(
        json_ld.texts(layers.ld, "articleSection"),
        meta.contents(layers.meta, "article:section"),
        layers.css("article_section"),
    )
    paths = _paths(said) or _paths(some(json_ld.breadcrumbs(layers.nodes)))
    return sorted(paths, key=lambda path: -len(path.value))


def _paths(said: Sequence[Found[tuple[str, ...]]]) -> list[Found[tuple[str, ...]]]:
    """Return the paths without what names no section, and those of which something is left."""
    paths = [Found(tuple(name for name in one.value if name.lower() not in NO_SECTION), one.rule) for one in said]
    return [path for path in paths if path.value]


def _keywords(layers: Layers) -> list[Found[tuple[str, ...]]]:
    """Return the article's keywords; where the outlet declares its tags, its meta keywords are the site's."""
    if "keywords" in layers.rules.selectors:
        said = some(json_ld.keywords(layers.ld), layers.css("keywords"))
    else:
        tags = meta.contents(layers.meta, "article:tag")
        words = meta.keywords(layers.meta, "news_keywords", "keywords")
        said = some(json_ld.keywords(layers.ld), tags, words)
    kept = [Found(tuple(word for word in one.value if not NO_KEYWORD.fullmatch(word)), one.rule) for one in said]
    return [one for one in kept if one.value]


def _date(field: str, found: Dates) -> dict[str, list[Found[Any]]]:
    """Return the dates that can be read, and of all their raw texts, which stay also where none can be read."""
    readable = [(one, one.value) for one in found if one.value]
    return {
        field: [Found(moment.value, one.rule, one.raw) for one, moment in readable],
        f"{field}_precision": [Found(moment.precision, one.rule, one.raw) for one, moment in readable],
        f"{field}_raw": [Found(one.raw, one.rule) for one in found if one.raw],
    }


def _amp_url(layers: Layers) -> Found[str] | None:
    said = layers.link("amphtml")
    address = absolute(said.value, layers.page.url) if said else None
    return Found(address, said.rule) if said and address else None


def _charset(layers: Layers) -> Found[Charset] | None:
    return Found(layers.charset, "page:charset") if layers.charset.is_disputed else None


def _related(layers: Layers) -> Found[tuple[RelatedLink, ...]] | None:
    css = layers.rules.selectors.get("related")
    cards = [_card(layers, element) for element in selectors.elements(layers.root, css, layers.by_class)]
    links = tuple(card for card in cards if card)
    return Found(links, f"css:{css}") if links else None


def _card(layers: Layers, element: etree._Element) -> RelatedLink | None:
    def part(name: str) -> str | None:
        found = selectors.text(element, layers.rules.selectors.get(f"related.{name}"))
        return found.value if found else None

    href = selectors.attribute(element, "a[href]", "href")
    url = absolute(href.value, layers.page.url) if href else None
    headline = part("headline")
    return RelatedLink(headline, url, part("article_section"), part("relative_age")) if headline else None


def page_count(layers: Layers) -> int:
    """Return how many pages the article has: what the page's script says, else its highest page link, else 1."""
    if said := inline_scripts.value(layers.scripts, "total_page"):
        numbers: Sequence[str] = (said.value,)
    else:
        classes = "" if layers.by_class else " ".join(cast("list[str]", CLASSES(layers.root)))
        has_links = layers.by_class or any(name in classes for name in PAGINATION)
        shown = selectors.texts(layers.root, PAGE_LINKS, layers.by_class or None) if has_links else None
        numbers = shown.value if shown else ()
    return max([1, *(int(number) for number in numbers if re.fullmatch(r"[0-9]{1,3}", number))])
