"""The article's section and keywords."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.dom.class_names import names_of
from scrapers.extract.dom.links import absolute, same_page
from scrapers.extract.layers import json_ld, meta, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, compact, contains_any, display_length, words_of

Texts = Candidate[tuple[str, ...]]

NOT_SECTIONS = frozenset({
    "home", "homepage", "beranda", "detail berita", "post", "posts", "article", "articles", "artikel", "page",
    "uncategorized", "start", "startseite", "accueil", "inicio", "portada", "index", "indeks", "blog", "website",
})  # fmt: skip
# Values that a site's software writes among the keywords: `Category: x`, `type:article`, an identifier.
NOT_KEYWORD = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{24,64}|[0-9]{5,}|https?:.*"
    r"|(?:[\w ]{1,20} )?(?:category|categories|section|subsection|type|tag|topic|author|channel|cms|id|guid|page|source"
    r"|format)\s?[:=]\s?.*|[a-z]{2,20}[:=][\w./-]{1,100}|[a-z]+(?:_[a-z]+)+",
    re.IGNORECASE,
)
# What sites call themselves, in the meta keywords of every page.
SITE_KEYWORDS = frozenset({
    "berita", "berita terkini", "berita terbaru", "berita hari ini", "berita indonesia", "berita online",
    "portal berita", "portal indonesia",
})  # fmt: skip
LABELLED = re.compile(r"[A-Z][\w ]{0,20}: ?\S.*")  # `Day: Friday`
MIN_LABELLED = 2  # in one list, which are then a system's; a single one may be a title
MAX_RUN_WORDS = 4  # of one keyword; more words without a comma are a list that lost its commas
# Where a printed keyword leads: the address of a tag's page.
TAG_PATH = re.compile(
    r"/(?:tags?|topics?|topik|themen?|thema|keywords?|stichwort(?:e|er)?|temas?|etiquetas?)/[^/]", re.I
)
BREADCRUMB_MARKS = (b"readcrumb", b"rumbs", b"rotkrume")  # without which there is nothing to look for
NAMES_BREADCRUMB = contains_any(r"breadcrumb|crumbs|brotkrumen")
TAG_WORDS = frozenset({"tag", "tags", "taglist", "topic", "topics", "keyword", "keywords", "themen", "temas"})
MAX_DISTANCE = 4  # elements from a tag to its list
MAX_LINKS, MAX_TAGS, MAX_CRUMBS, MAX_TAG_LENGTH = 2000, 30, 8, 60
MAX_DEPTH = 5  # of sections; a list with more links is a menu, whatever its name


def find_sections(parsed: ParsedPage) -> list[Texts]:
    """Return the paths of sections that the page gives, the longest first; else its breadcrumbs."""
    declared = present(
        json_ld.texts(parsed.json_ld_article, "articleSection"),
        meta.contents(parsed.meta, "article:section"),
        parsed.selected("article_section"),
    )
    paths = _without_generic_names(parsed, declared)
    paths = paths or _without_generic_names(parsed, present(json_ld.breadcrumbs(parsed.json_ld_objects)))
    paths = paths or _without_generic_names(parsed, present(_printed_breadcrumbs(parsed)))
    return sorted(paths, key=lambda path: -len(path.value))


def _without_generic_names(parsed: ParsedPage, paths: Sequence[Texts]) -> list[Texts]:
    """Return the paths without names such as `Home` or the site's, and without paths that are empty then."""
    named = [replace(path, value=tuple(name for name in path.value if _names_section(parsed, name))) for path in paths]
    return [path for path in named if path.value]


def _names_section(parsed: ParsedPage, name: str) -> bool:
    is_site = parsed.rules.publisher is None and compact(name) in parsed.site_names
    return name.lower() not in NOT_SECTIONS and not is_site


def _printed_breadcrumbs(parsed: ParsedPage) -> Texts | None:
    """Return the links' texts in the first element that calls itself a breadcrumb, without links to this page."""
    if parsed.rules.publisher or not any(mark in parsed.page.body for mark in BREADCRUMB_MARKS):
        return None
    named = (element for element in parsed.index.elements() if _is_breadcrumb(element))
    for element in islice(named, MAX_CRUMBS):
        links = [link for link in islice(element.iter("a"), MAX_CRUMBS + 1) if not _leads_here(parsed, link)]
        names = (clean(selectors.text_of(link)) for link in links)
        kept = tuple(name for name in names if name and not name.isdecimal())
        if kept and len(links) <= MAX_DEPTH:
            return Candidate(kept, "html:breadcrumb")
    return None


def _is_breadcrumb(element: etree._Element) -> bool:
    name = element.get("class") or element.get("aria-label") or element.get("id")
    return name is not None and NAMES_BREADCRUMB(name)


def _leads_here(parsed: ParsedPage, link: etree._Element) -> bool:
    address = absolute(link.get("href") or "", parsed.base_url)
    return address is None or same_page(address, parsed.page.url) or urlsplit(address).path in ("", "/")


def find_keywords(parsed: ParsedPage) -> list[Texts]:
    """Return the article's keywords, best first.

    Where the outlet has a selector for them, meta keywords are the site's, unless the page has another template.
    `news_keywords` are the newsroom's own: https://news.googleblog.com/2012/09/a-newly-hatched-way-to-tag-your-news.html.
    A list of one gives way to a longer one. Printed tags count where nothing is declared.
    """
    in_json_ld = json_ld.keywords(parsed.json_ld_article)
    if "keywords" in parsed.rules.selectors and not _has_other_template(parsed):
        return _cleaned(parsed, present(in_json_ld, parsed.selected("keywords")))
    in_news = meta.keywords(parsed.meta, "news_keywords")
    declared = present(in_news, in_json_ld, _article_tags(parsed.meta), meta.keywords(parsed.meta, "keywords"))
    cleaned = _cleaned(parsed, [words for words in declared if not _lost_commas(words, declared)])
    is_other = parsed.rules.publisher is not None
    printed = [] if cleaned or is_other else _cleaned(parsed, present(_printed_tags(parsed)))
    return sorted(cleaned or printed, key=lambda words: len(words.value) < MIN_LABELLED)


def _has_other_template(parsed: ParsedPage) -> bool:
    """Return whether the page has none of the elements in which the outlet declares the text and the keywords."""
    body = parsed.rules.article_body
    css = ", ".join(body) if isinstance(body, tuple) else body
    has_text = css is None or selectors.elements(parsed.root, css, parsed.elements_by_class)
    return not has_text and not parsed.selected("keywords")


def _article_tags(contents: meta.Meta) -> Texts | None:
    """Return the contents of `article:tag`; a single one may be a list with commas."""
    tags = meta.contents(contents, "article:tag")
    return meta.keywords(contents, "article:tag") if tags and len(tags.value) == 1 else tags


def _lost_commas(words: Texts, others: Sequence[Texts]) -> bool:
    """Return whether this is one text of many words, where another layer gives a list."""
    is_run = len(words.value) == 1 and words.value[0].count(" ") >= MAX_RUN_WORDS
    return is_run and any(len(other.value) > 1 for other in others)


def _cleaned(parsed: ParsedPage, lists: Sequence[Texts]) -> list[Texts]:
    """Return the lists without what a system wrote, the site's names, and repetitions; empty ones are left out."""
    kept = [replace(words, value=tuple(_keywords_of(parsed, words.value))) for words in lists]
    return [words for words in kept if words.value]


def _keywords_of(parsed: ParsedPage, words: Sequence[str]) -> Iterator[str]:
    labelled = [word for word in words if LABELLED.fullmatch(word)]
    unwanted = set(labelled if len(labelled) >= MIN_LABELLED else ())
    seen = set(SITE_KEYWORDS)
    for word in words:
        key = words_of(word)
        if word not in unwanted and not NOT_KEYWORD.fullmatch(word) and compact(word) not in parsed.site_names:
            if key not in seen:
                yield word
            seen.add(key)


def _printed_tags(parsed: ParsedPage) -> Texts | None:
    """Return the texts of links that the page marks as its tags (rel=tag), else of those in a list of tags.

    https://microformats.org/wiki/rel-tag
    """
    links = list(filter(_leads_to_tag, islice(parsed.root.iter("a"), MAX_LINKS)))
    marked = [link for link in links if "tag" in (link.get("rel") or "").lower().split()]
    words = [clean(selectors.text_of(link)) for link in (marked or filter(_is_in_tags, links))]
    kept = tuple(word for word in islice(words, MAX_TAGS) if 1 < display_length(word) <= MAX_TAG_LENGTH)
    return Candidate(kept, "html:tags") if kept else None


def _leads_to_tag(link: etree._Element) -> bool:
    is_tag = "tag" in (link.get("rel") or "").lower().split() or TAG_PATH.search(link.get("href") or "") is not None
    return is_tag and next(link.iterancestors("nav", "header", "footer", "aside", "h2", "h3"), None) is None


def _is_in_tags(link: etree._Element) -> bool:
    around = islice(link.iterancestors(), MAX_DISTANCE)
    return any(TAG_WORDS & names_of(element.get("class") or "") for element in (link, *around))
