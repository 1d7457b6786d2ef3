"""An article page as an Article; the page's structured data first, the outlet's selectors second."""

import re
from typing import Any

from lxml import etree

from scrapers.errors import NotAnArticle
from scrapers.extract import bylines, json_ld, meta, scripts, selectors
from scrapers.extract.body import body_of
from scrapers.extract.dates import read_date
from scrapers.extract.dom import parse
from scrapers.extract.found import Found, article_of, first
from scrapers.extract.links import absolute, canonical_url
from scrapers.extract.page import Page, Rules
from scrapers.items import Article, Image, RelatedLink

SITE_SUFFIX = re.compile(r" ?[-|–—]")
NO_SECTION = {"home", "beranda", "detail berita"}
PAGES = ".pagination .pageList, .paginationContent a"


class _Layers:
    """The page read once, for all fields."""

    def __init__(self, page: Page, rules: Rules) -> None:
        self.page = page
        self.rules = rules
        self.root: etree._Element = parse(page)
        self.ld = json_ld.news_article(self.root)
        self.meta = meta.read(self.root)

    def css(self, field: str) -> Found[tuple[str, ...]] | None:
        return selectors.texts(self.root, self.rules.selectors.get(field))

    def css_text(self, field: str) -> Found[str] | None:
        return selectors.text(self.root, self.rules.selectors.get(field))


def extract_article(page: Page, rules: Rules) -> Article:
    """Return the article that the page holds, each field with the rule that found it.

    Raises NotAnArticle: `empty_page` where no text is there, `not_an_article` for a list, home or index page,
    and for any page without a headline or without a body (a video, a photo), `too_deep` or `too_large` where
    the page's tree is like no article's.
    """
    layers = _Layers(page, rules)
    headline = _headline(layers)
    body = first(body_of(layers.root, rules), json_ld.paragraphs(layers.ld))
    editor, paragraphs = bylines.take_editor(body.value if body else ())
    date_line, lead = bylines.split_date_line(paragraphs[0] if paragraphs else "")
    story = tuple(filter(None, (lead, *paragraphs[1:])))
    if not headline or not body or not story:
        missing = "headline" if not headline else "body"
        raise NotAnArticle("not_an_article", f"{page.url} is not an article: it has no {missing}")
    return article_of(
        rules.outlet,
        page.url,
        {
            "canonical_url": canonical_url(layers.root, layers.meta, page.url),
            "headline": headline,
            "article_body": Found(story, body.rule),
            "date_line": Found(date_line, "body:date_line") if date_line else None,
            "editor": Found(editor, "body:editor_line") if editor else json_ld.text(layers.ld, "editor"),
            **_about(layers),
            **_date(layers, "date_published"),
            **_date(layers, "date_modified"),
        },
    )


def _about(layers: _Layers) -> dict[str, Found[Any] | None]:
    rules, heads, ld = layers.rules, layers.meta, layers.ld
    return {
        "description": first(json_ld.text(ld, "description"), meta.content(heads, "og:description", "description")),
        "author": _author(layers),
        "publisher": first(
            Found(rules.publisher, "outlet") if rules.publisher else None,
            json_ld.text(ld, "publisher"),
            meta.content(heads, "og:site_name"),
        ),
        "in_language": first(  # the outlet goes first: templates often declare the wrong one
            Found(rules.in_language, "outlet") if rules.in_language else None,
            json_ld.text(ld, "inLanguage"),
            meta.language(layers.root),
        ),
        "article_section": _section(layers),
        "keywords": _keywords(layers),
        "image": _image(layers),
        "related": _related(layers),
    }


def _headline(layers: _Layers) -> Found[str] | None:
    """Return the structured headline; the page's own where that is it with the site's name added."""
    said = first(json_ld.text(layers.ld, "headline"), meta.content(layers.meta, "og:title", "twitter:title"))
    seen = layers.css_text("headline") or selectors.text(layers.root, "h1")
    if said and seen and said.value.startswith(seen.value) and SITE_SUFFIX.match(said.value, len(seen.value)):
        return seen
    return first(said, seen)


def _author(layers: _Layers) -> Found[tuple[str, ...]] | None:
    for said in (
        json_ld.texts(layers.ld, "author"),
        meta.contents(layers.meta, "article:author"),
        meta.contents(layers.meta, "author"),
        layers.css("author"),
    ):
        if said and (names := bylines.author_names(said.value, layers.rules)):
            return Found(names, said.rule)
    return None


def _section(layers: _Layers) -> Found[tuple[str, ...]] | None:
    """Return the longest of the section paths that the page shows; the structured one of two equals."""
    paths = [
        json_ld.texts(layers.ld, "articleSection"),
        meta.contents(layers.meta, "article:section"),
        layers.css("article_section"),
    ]
    found = [
        Found(path, said.rule)
        for said in paths
        if said and (path := tuple(name for name in said.value if name.lower() not in NO_SECTION))
    ]
    return max(found, key=lambda path: len(path.value), default=None)


def _keywords(layers: _Layers) -> Found[tuple[str, ...]] | None:
    """Return the article's keywords; where the outlet declares its tags, its meta keywords are the site's."""
    if "keywords" in layers.rules.selectors:
        return first(json_ld.keywords(layers.ld), layers.css("keywords"))
    return first(json_ld.keywords(layers.ld), meta.keywords(layers.meta, "news_keywords", "keywords"))


def _date(layers: _Layers, field: str) -> dict[str, Found[Any] | None]:
    """Return the first date that can be read, with its raw text; of none the first raw text."""
    ld_name, meta_names, script_name = {
        "date_published": ("datePublished", ("article:published_time",), "publish_date"),
        "date_modified": ("dateModified", ("article:modified_time", "og:updated_time"), None),
    }[field]
    said = [
        json_ld.text(layers.ld, ld_name),
        meta.content(layers.meta, *meta_names),
        scripts.value(layers.root, script_name) if script_name else None,
        layers.css_text(field),
    ]
    raws = [raw for raw in said if raw]
    for raw in raws:
        if moment := read_date(raw.value, layers.rules.time_zone, layers.page.fetched_at):
            return {field: Found(moment, raw.rule), f"{field}_raw": raw}
    return {f"{field}_raw": raws[0] if raws else None}


def _image(layers: _Layers) -> Found[Image] | None:
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


def _related(layers: _Layers) -> Found[tuple[RelatedLink, ...]] | None:
    css = layers.rules.selectors.get("related")
    cards = [_card(layers, element) for element in selectors.elements(layers.root, css)]
    links = tuple(card for card in cards if card)
    return Found(links, f"css:{css}") if links else None


def _card(layers: _Layers, element: etree._Element) -> RelatedLink | None:
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
    said = scripts.value(root, "total_page")
    shown = selectors.texts(root, PAGES)
    numbers = [said.value] if said else list(shown.value if shown else ())
    return max([1, *(int(number) for number in numbers if re.fullmatch(r"[0-9]{1,3}", number))])
