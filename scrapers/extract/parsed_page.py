"""A page read once for all fields: its tree, and what each layer of it says."""

import re
from collections.abc import Iterable, Mapping, Set
from functools import cached_property, lru_cache
from typing import cast
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute, hrefs_in, split_host
from scrapers.extract.dom.tree import charset_of, empty_page_error, parse
from scrapers.extract.layers import json_ld, meta, microdata, selectors
from scrapers.extract.page import Page, Rules
from scrapers.extract.text.clean import TextTest, clean, compact, contains_any

TAGS = ("base", "h1", "h2", "link", "meta", "nav", "script", "title")  # what is looked for all over the page
INDONESIAN_ZONE = re.compile(rb"WI[BT]")
MAY_BE_INDONESIAN = ("", "id", "in", "ms", "en")  # as declared: many templates are left in English
PAGE_LINKS = ".pagination .pageList, .paginationContent a"  # to the pages of an article that is divided
MARKS = ("class", "id", "rel", "data-testid")
# All values of those that few elements have, which takes less time than a walk over all elements.
RARE_MARKS = {name: etree.XPath(f"/descendant::*/@{name}", smart_strings=False) for name in MARKS if name != "class"}
# Not the article's own footer, nor a name that scripts go by, nor the widget that holds the posts of Blogger's pages.
ASIDE = contains_any(
    r"related|sidebar|recommend|popular|latest|trending|(?<!post-)(?<!entry-)footer|teaser|promo|most-?read|newsletter|cookie|carousel"
    r"|(?:^|[\s_-])(?<!\bjs-)(?:comments?|nav|menu|more|ad|ads|card|widget(?!\sblog\b))(?:$|[\s_-])"
)


class ParsedPage:
    """The page's tree, its JSON-LD, microdata and meta elements, and what the outlet's selectors find on it.

    Raises NotAnArticle where the page has no text or no tree that can be read.
    """

    def __init__(self, page: Page, rules: Rules) -> None:
        self.page = page
        self.rules = rules
        self.charset = charset_of(page)
        self.root: etree._Element = parse(page, self.charset.used)
        self.elements_by_tag: dict[str, list[etree._Element]] = {tag: [] for tag in TAGS}
        for element in self.root.iter(*TAGS):
            self.elements_by_tag[element.tag].append(element)
        if not self.title and not any(text.strip() for text in self.root.itertext()):
            raise empty_page_error(page)
        self.meta = meta.read(self.elements_by_tag["meta"])
        self._css: dict[str, Candidate[tuple[str, ...]] | None] = {}

    @cached_property
    def title(self) -> str:
        """The text of the title element."""
        return next((clean(title.text or "") for title in self.elements_by_tag["title"]), "")

    @cached_property
    def inline_scripts(self) -> list[str]:
        """The texts of the page's scripts."""
        return [script.text or "" for script in self.elements_by_tag["script"]]

    @cached_property
    def json_ld_objects(self) -> list[json_ld.Node]:
        """All objects of the page's JSON-LD."""
        return json_ld.parse_nodes(self.elements_by_tag["script"])

    @cached_property
    def json_ld_article(self) -> json_ld.Node:
        """The article of the page's JSON-LD; empty where there is none."""
        shown = " ".join([self.title, *self.meta.get("og:title", [])])
        return json_ld.main_article(self.json_ld_objects, self.page.url, shown)

    @cached_property
    def microdata(self) -> microdata.Microdata:
        """The page's microdata."""
        return microdata.read(self.root)

    @cached_property
    def elements_by_class(self) -> selectors.ByClass:
        """The page's elements by the classes that the selectors name; empty where the outlet declares none."""
        body = self.rules.article_body
        parts = body if isinstance(body, tuple) else (body,) if body else ()
        declared = [css for field, css in self.rules.selectors.items() if "." not in field]  # else inside a card
        declared += [", ".join(parts)] if parts else []
        return selectors.index_by_class(self.root, [*declared, PAGE_LINKS]) if declared else {}

    @cached_property
    def meta_by_field(self) -> Mapping[str, list[Candidate[tuple[str, ...]]]]:
        """What meta elements with one of many names say, by what it is."""
        return meta.by_field(self.meta)

    @cached_property
    def hrefs(self) -> list[str]:
        """Where the page's links lead, as they are written."""
        return hrefs_in(self.root)

    @cached_property
    def base_url(self) -> str:
        """The address that links are relative to."""
        said = next((href for element in self.elements_by_tag["base"] if (href := element.get("href"))), None)
        return (said and absolute(said, self.page.url)) or self.page.url

    @cached_property
    def _body(self) -> etree._Element:
        body = self.root.find("body")
        return self.root if body is None else body

    @cached_property
    def _rare_marks(self) -> Mapping[str, Set[str]]:
        """All values that each of RARE_MARKS has on the page."""
        return {name: set(cast("list[str]", values(self.root))) for name, values in RARE_MARKS.items()}

    def marked_elements(self, is_wanted: TextTest, *tags: str) -> list[etree._Element]:
        """Return the body's elements that have such a class, id, rel or test id, and those of these tags."""
        marked = set(self._body.iter(*tags))
        for name, values in self._rare_marks.items():
            if wanted := set(filter(is_wanted, values)):
                marked.update(element for element in self._body.iter("*") if element.get(name) in wanted)
        found: list[etree._Element] = []
        others: set[str | None] = {None}  # pages say the same few classes over and over
        for element in self._body.iter("*"):
            value = element.get("class")
            if (value not in others and is_wanted(value or "")) or element in marked:
                found.append(element)
            else:
                others.add(value)
        return found

    def in_document_order(self, found: Set[etree._Element], *tags: str) -> list[etree._Element]:
        """Return these elements and those of the tags, all of the body that there are, in document order."""
        tagged = list(self._body.iter(*tags))
        return list(filter({*found, *tagged}.__contains__, self._body.iter("*"))) if found else tagged

    @cached_property
    def prints_indonesian_zone(self) -> bool:
        """Whether the name of one of Indonesia's zones may stand on the page, if it may be Indonesian."""
        return self.declared_language[:2] in MAY_BE_INDONESIAN and INDONESIAN_ZONE.search(self.page.body) is not None

    @cached_property
    def declared_language(self) -> str:
        """The language that the page declares, in lower case; empty where it declares none."""
        return (self.root.get("lang") or "").lower()

    @cached_property
    def _asides(self) -> dict[etree._Element, bool]:
        """Which elements are known to be aside: whatever their class, what holds a headline holds the article."""
        headings = self.elements_by_tag["h1"] or self.elements_by_tag["h2"][:1]
        return {holder: False for heading in headings for holder in heading.iterancestors()}

    def is_aside(self, element: etree._Element) -> bool:
        """Return whether the element stands in a part of the page that is not about the article."""
        seen: list[etree._Element] = []
        is_aside = False
        for parent in (element, *element.iterancestors()):
            if parent in self._asides:
                is_aside = self._asides[parent]
                break
            seen.append(parent)
            if is_aside := _is_aside(parent):
                break
        self._asides.update(dict.fromkeys(seen, is_aside))
        return is_aside

    @cached_property
    def _links(self) -> meta.Links:
        return meta.read_links(self.elements_by_tag["link"])

    def link_href(self, rel: str) -> Candidate[str] | None:
        """Return the address of the page's first link element of this kind, as it is written."""
        return meta.link(self._links, rel)

    def selected(self, field: str) -> Candidate[tuple[str, ...]] | None:
        """Return what the outlet's selector of the field finds."""
        if field in self.rules.selectors and field not in self._css:
            self._css[field] = selectors.texts(self.root, self.rules.selectors[field], self.elements_by_class)
        return self._css.get(field)

    def selected_text(self, field: str) -> Candidate[str] | None:
        """Return the first text that the outlet's selector of the field finds."""
        every = self.selected(field)
        return Candidate(every.value[0], every.rule) if every else None

    @cached_property
    def site_names(self) -> frozenset[str]:
        """What the site calls itself, as words: its name, its publisher's, and the labels of its host."""
        said = (
            *self.meta.get("og:site_name", ()),
            *self.meta.get("application-name", ()),
            *self.meta.get("twitter:site", ()),
            *json_ld.texts_of(self.json_ld_article.get("publisher"), "name"),
            self.rules.publisher or "",
            self.rules.outlet,
            *_host_names(urlsplit(self.page.url).netloc),
        )
        return _compact_names(said)


@lru_cache(maxsize=1024)  # a site's pages all say the same
def _compact_names(said: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(compact, said)))


@lru_cache(maxsize=1024)
def _host_names(netloc: str) -> tuple[str, str]:
    """Return the names that a host gives a site: `www.abc.net.au` is `abc.net.au` and `abc`."""
    host = (urlsplit(f"//{netloc}").hostname or "").removeprefix("www.")
    return host, split_host(host).domain


def _is_aside(element: etree._Element) -> bool:
    if element.tag in ("article", "main", "body", "html"):
        return False
    marks = f"{element.get('class')} {element.get('id')}"
    return element.tag in ("footer", "aside", "nav") or ASIDE(marks)
