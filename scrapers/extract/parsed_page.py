"""A page parsed once for all fields: its tree, and what each layer declares."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.element_index import Asides, ElementIndex
from scrapers.extract.dom.links import absolute, hrefs_in, split_host
from scrapers.extract.dom.streamed import place_streamed
from scrapers.extract.dom.tree import charset_of, empty_page_error, parse
from scrapers.extract.layers import json_ld, meta, microdata, selectors
from scrapers.extract.page import Page, Rules
from scrapers.extract.text.clean import clean, compact

TAGS = ("base", "h1", "h2", "link", "meta", "nav", "script", "title")  # collected in one walk over the tree
INDONESIAN_ZONE = re.compile(rb"WI[BT]")
MAY_BE_INDONESIAN = ("", "id", "in", "ms", "en")  # declared languages; many templates are left in English
PAGE_LINKS = ".pagination .pageList, .paginationContent a"  # to the other pages of a divided article


class ParsedPage:
    """A page's tree, its JSON-LD, microdata and meta elements, and the matches of its outlet's selectors.

    Raises NotAnArticle where the page has no text or can't be parsed: `empty_page`, `too_large`, `too_deep`.
    """

    def __init__(self, page: Page, rules: Rules) -> None:
        self.page = page
        self.rules = rules
        self.charset = charset_of(page)
        self.root: etree._Element = parse(page, self.charset.used)
        if next(self.root.iter("template"), None) is not None:  # marks the place of a streamed part
            place_streamed(self.root)
        self.elements_by_tag: dict[str, list[etree._Element]] = {tag: [] for tag in TAGS}
        for element in self.root.iter(*TAGS):
            self.elements_by_tag[element.tag].append(element)
        if not self.title and not any(text.strip() for text in self.root.itertext()):
            raise empty_page_error(page)
        self.meta = meta.read(self.elements_by_tag["meta"])
        self._selected: dict[str, Candidate[tuple[str, ...]] | None] = {}

    @cached_property
    def title(self) -> str:
        """The text of the title element."""
        return next((clean(title.text or "") for title in self.elements_by_tag["title"]), "")

    @cached_property
    def inline_scripts(self) -> list[str]:
        """The texts of the page's script elements."""
        return [script.text or "" for script in self.elements_by_tag["script"]]

    @cached_property
    def json_ld_objects(self) -> list[json_ld.Node]:
        """All nodes of the page's JSON-LD."""
        return json_ld.parse_nodes(self.elements_by_tag["script"])

    @cached_property
    def json_ld_article(self) -> json_ld.Node:
        """The JSON-LD node of the article; empty where there is none."""
        titles = " ".join([self.title, *self.meta.get("og:title", [])])
        return json_ld.main_article(self.json_ld_objects, self.page.url, titles)

    @cached_property
    def microdata(self) -> microdata.Microdata:
        """The page's microdata."""
        return microdata.read(self.root)

    @cached_property
    def elements_by_class(self) -> selectors.ByClass:
        """The page's elements by the classes in the outlet's selectors; empty where it declares no selectors."""
        body = self.rules.article_body
        body_selectors = body if isinstance(body, tuple) else (body,) if body else ()
        declared = [css for field, css in self.rules.selectors.items() if "." not in field]  # else inside a card
        declared += [", ".join(body_selectors)] if body_selectors else []
        return selectors.index_by_class(self.root, [*declared, PAGE_LINKS]) if declared else {}

    @cached_property
    def meta_by_field(self) -> Mapping[str, list[Candidate[tuple[str, ...]]]]:
        """The contents of meta elements by the field that their name stands for."""
        return meta.by_field(self.meta)

    @cached_property
    def hrefs(self) -> list[str]:
        """The href attributes of the page's links, as written."""
        return hrefs_in(self.root)

    @cached_property
    def base_url(self) -> str:
        """The address that links are relative to."""
        base = next((href for element in self.elements_by_tag["base"] if (href := element.get("href"))), None)
        return (base and absolute(base, self.page.url)) or self.page.url

    @cached_property
    def index(self) -> ElementIndex:
        """The elements of the body, to be found by class, id, rel or test id."""
        return ElementIndex(self.root)

    @cached_property
    def prints_indonesian_zone(self) -> bool:
        """Whether the page may be Indonesian, and `WIB` or `WIT` occurs in its bytes."""
        return self.declared_language[:2] in MAY_BE_INDONESIAN and INDONESIAN_ZONE.search(self.page.body) is not None

    @cached_property
    def declared_language(self) -> str:
        """The lang attribute of the html element, in lower case; empty where it has none."""
        return (self.root.get("lang") or "").lower()

    @cached_property
    def _asides(self) -> Asides:
        return Asides(self.elements_by_tag["h1"] or self.elements_by_tag["h2"][:1])

    def is_aside(self, element: etree._Element) -> bool:
        """Return whether the element stands in a part of the page outside the article."""
        return self._asides.contain(element)

    @cached_property
    def _link_hrefs(self) -> meta.Links:
        return meta.read_links(self.elements_by_tag["link"])

    def link_href(self, rel: str) -> Candidate[str] | None:
        """Return the href of the page's first link element with this rel, as written."""
        return meta.link(self._link_hrefs, rel)

    def selected(self, field: str) -> Candidate[tuple[str, ...]] | None:
        """Return the texts that the outlet's selector for the field matches."""
        if field in self.rules.selectors and field not in self._selected:
            css = self.rules.selectors[field]
            self._selected[field] = selectors.texts(self.root, css, self.elements_by_class)
        return self._selected.get(field)

    def selected_text(self, field: str) -> Candidate[str] | None:
        """Return the first text that the outlet's selector for the field matches."""
        texts = self.selected(field)
        return Candidate(texts.value[0], texts.rule) if texts else None

    @cached_property
    def site_names(self) -> frozenset[str]:
        """The names of the site and its publisher, and its domain, all as `compact` returns them."""
        names = (
            *self.meta.get("og:site_name", ()),
            *self.meta.get("application-name", ()),
            *self.meta.get("twitter:site", ()),
            *json_ld.texts_of(self.json_ld_article.get("publisher"), "name"),
            self.rules.publisher or "",
            self.rules.outlet,
            *_host_names(urlsplit(self.page.url).netloc),
        )
        return _compact_names(names)


@lru_cache(maxsize=1024)  # all pages of a site give the same names
def _compact_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(compact, names)))


@lru_cache(maxsize=1024)
def _host_names(netloc: str) -> tuple[str, str]:
    """Return a host without `www.`, and the name in its registrable domain: `abc.net.au` and `abc`."""
    host = (urlsplit(f"//{netloc}").hostname or "").removeprefix("www.")
    return host, split_host(host).domain
