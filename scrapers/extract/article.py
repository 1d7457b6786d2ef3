"""An article page as an Article: each field is what the page's layers agree on best."""

import re
from typing import Any

from lxml import etree

from scrapers.errors import NotAnArticle
from scrapers.extract import bylines, json_ld, kinds, meta, scripts, selectors
from scrapers.extract.authors import authors
from scrapers.extract.body import body_of
from scrapers.extract.density import Known
from scrapers.extract.dom import parse
from scrapers.extract.found import Fields, Found, article_of, best, first, some
from scrapers.extract.headline import alternative_headline, headlines
from scrapers.extract.layers import Layers
from scrapers.extract.links import absolute, canonical_url
from scrapers.extract.page import Page, Rules
from scrapers.extract.published import Dates, modified, published
from scrapers.items import Article, Contributor, Image, RelatedLink

NO_SECTION = {"home", "beranda", "detail berita"}
PAGES = ".pagination .pageList, .paginationContent a"
ROLES = ("contributor", "translator", "illustrator")


def extract_article(page: Page, rules: Rules) -> Article:
    """Return the article that the page holds, each field with the rule that found it.

    Raises NotAnArticle: `empty_page` where no text is there, `not_an_article` for a list, home or index page,
    and for any page without a headline or without a body (a video, a photo), `too_deep` or `too_large` where
    the page's tree is like no article's.
    """
    fields = read_fields(page, rules)
    if not is_article(fields):
        missing = "body" if fields["headline"] else "headline"
        raise NotAnArticle("not_an_article", f"{page.url} is not an article: it has no {missing}")
    return article_of(rules.outlet, page.url, best(fields))


def is_article(fields: Fields) -> bool:
    """Return whether what was found is an article: it has a headline and a body."""
    return bool(fields["headline"] and fields["article_body"])


def read_fields(page: Page, rules: Rules) -> Fields:
    """Return all that the page says of each field, be it an article or not.

    Raises NotAnArticle where the page can't be read: `empty_page`, `too_deep`, `too_large`.
    """
    layers = Layers(page, rules)
    said = read_metadata(layers)
    return {
        "canonical_url": [canonical_url(layers.link("canonical"), layers.meta, page.url)],
        **said,
        **_body(layers, said),
    }


def read_metadata(layers: Layers) -> dict[str, list[Found[Any]]]:
    """Return what the page says of itself besides its body."""
    rules, heads, ld = layers.rules, layers.meta, layers.ld
    found = headlines(layers)
    return {
        "headline": found,
        "alternative_headline": alternative_headline(layers, found),
        "description": some(json_ld.text(ld, "description"), meta.content(heads, "og:description", "description")),
        "author": authors(layers),
        "contributor": _contributors(layers),
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
        "image": some(_image(layers)),
        "related": some(_related(layers)),
        "kind": kinds.kind(layers),
        "is_paywalled": kinds.is_paywalled(layers),
        "identifier": kinds.identifier(layers),
        "amp_url": some(_amp_url(layers)),
        **_date("date_published", published(layers)),
        **_date("date_modified", modified(layers)),
    }


def _body(layers: Layers, said: Fields) -> dict[str, list[Found[Any]]]:
    """Return the body and what stands in it: the date line before its first sentence, the editor after its last."""
    declared = json_ld.paragraphs(layers.ld)
    known = Known(
        is_article=bool(layers.ld) or _is_signed(said),
        headline=said["headline"][0].value if said["headline"] else "",
        authors=said["author"][0].value if said["author"] else (),
        text=" ".join(declared.value) if declared else None,
    )
    bodies = some(body_of(layers.root, layers.rules, known), declared)
    editor, paragraphs = bylines.take_editor(bodies[0].value if bodies else ())
    date_line, lead = bylines.split_date_line(paragraphs[0] if paragraphs else "")
    story = tuple(filter(None, (lead, *paragraphs[1:])))
    words = sum(len(paragraph.split()) for paragraph in story)
    return {
        "article_body": [Found(story, bodies[0].rule), *bodies[1:]] if story else [],
        "date_line": [Found(date_line, "body:date_line")] if date_line else [],
        "editor": some(
            Found(editor, "body:editor_line") if editor else None,
            json_ld.text(layers.ld, "editor"),
        ),
        "word_count": [Found(words, "body:words")] if words else [],
        "is_truncated": kinds.is_truncated(layers, words),
    }


def _is_signed(said: Fields) -> bool:
    """Return whether the page prints a headline as its own, who wrote it and when, as only an article does."""
    return bool(said["author"] and said["date_published"] and any(one.rule == "css:h1" for one in said["headline"]))


def _contributors(layers: Layers) -> list[Found[tuple[Contributor, ...]]]:
    """Return those whom JSON-LD names for other work on the article than writing or editing it."""
    named = [(role, found) for role in ROLES if (found := json_ld.people(layers.ld, role, layers.nodes))]
    people = tuple(Contributor(name, role) for role, found in named for name in found.value)
    return [Found(people, " + ".join(found.rule for _, found in named))] if people else []


def _section(layers: Layers) -> list[Found[tuple[str, ...]]]:
    """Return the section paths that the page shows, the longest first, the structured one of two equals."""
    said = some(
        json_ld.texts(layers.ld, "articleSection"),
        meta.contents(layers.meta, "article:section"),
        layers.css("article_section"),
    )
    paths = [Found(tuple(name for name in one.value if name.lower() not in NO_SECTION), one.rule) for one in said]
    return sorted((path for path in paths if path.value), key=lambda path: -len(path.value))


def _keywords(layers: Layers) -> list[Found[tuple[str, ...]]]:
    """Return the article's keywords; where the outlet declares its tags, its meta keywords are the site's."""
    if "keywords" in layers.rules.selectors:
        return some(json_ld.keywords(layers.ld), layers.css("keywords"))
    return some(json_ld.keywords(layers.ld), meta.keywords(layers.meta, "news_keywords", "keywords"))


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


def _image(layers: Layers) -> Found[Image] | None:
    """Return the lead image; its rule names where the address and where the caption were found."""
    picture = layers.rules.selectors.get("image")
    source = first(
        json_ld.text(layers.ld, "image", "url", "contentUrl", "@id"),
        meta.content(layers.meta, "og:image", "og:image:url", "twitter:image"),
        selectors.attribute(layers.root, picture, "data-original", "data-src", "src"),
    )
    line = layers.css_text("caption")
    url = absolute(source.value, layers.page.url) if source else None
    caption, credit = bylines.split_credit(line.value) if line else (None, None)
    rule = " + ".join(part.rule for part in (source if url else None, line) if part)
    return Found(Image(url, caption, credit), rule) if rule else None


def _related(layers: Layers) -> Found[tuple[RelatedLink, ...]] | None:
    css = layers.rules.selectors.get("related")
    cards = [_card(layers, element) for element in selectors.elements(layers.root, css)]
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


def page_count(page: Page) -> int:
    """Return how many pages the article has: what the page's script says, else its highest page link, else 1.

    Raises NotAnArticle where the page can't be read at all.
    """
    root = parse(page)
    said = scripts.value(root.iter("script"), "total_page")
    shown = selectors.texts(root, PAGES)
    numbers = [said.value] if said else list(shown.value if shown else ())
    return max([1, *(int(number) for number in numbers if re.fullmatch(r"[0-9]{1,3}", number))])
