"""The kind of page that a site builder (WordPress, Ghost, …) prints in the classes of html and body.

Each rule asks for exact names that a builder prints together, never for one common word alone.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from lxml import etree

from scrapers.extract.candidate import Candidate

MAX_CLASS_LENGTH = 4000  # characters of a class attribute that are examined


@dataclass(frozen=True, slots=True)
class KindMark:
    """Class names that mark a kind of page: one matches `has`, another `also` (if given), and none `never`."""

    kind: str
    has: re.Pattern[str]
    also: re.Pattern[str] | None
    never: re.Pattern[str]


def _mark(kind: str, has: str, also: str = "", never: str = r"(?!)") -> KindMark:
    return KindMark(kind, re.compile(has), re.compile(also) if also else None, re.compile(never))


WORDPRESS_PAGE = _mark("page", r"page-id-[0-9]{1,12}", r"page", r"single|single-.*")
KIND_MARKS = (
    # WordPress: https://developer.wordpress.org/reference/functions/get_body_class/
    _mark("other", r"attachmentid-[0-9]{1,12}|single-attachment", r"attachment"),
    _mark(
        "index",
        r"archive",
        r"category|tag|author|date|post-type-archive|tax-.+|term-[0-9]{1,12}|category-.+|tag-.+|author-.+",
        r"single",
    ),
    _mark("index", r"search-results|search-no-results", r"search"),
    _mark("index", r"home", r"blog|page-id-[0-9]{1,12}", r"single|single-.*"),
    _mark("index", r"error404"),
    # Ghost: https://ghost.org/docs/themes/helpers/body_class/
    _mark("index", r"(?:home|tag|author|archive)-template", never=r"post-template|page-template|single"),
    _mark("other", r"page-template", never=r"page|page-id-.*|post-template|single|wp-.*"),
    # Docusaurus: the names in packages/docusaurus-theme-common/src/utils/ThemeClassNames.ts
    _mark(
        "index",
        r"blog-list-page|blog-archive-page|blog-tags-list-page|blog-tags-post-list-page|blog-authors-list-page"
        r"|blog-authors-posts-page|docs-tags-list-page|docs-tag-doc-list-page",
        r"(?:blog|docs)-wrapper|plugin-.+",
    ),
    # Drupal 7 and later
    _mark("index", r"page-taxonomy", r"page-taxonomy-term"),
    _mark("index", r"path-(?:taxonomy|frontpage|search|user)", never=r"page-node-type-.+|path-node"),
    # Blogger's themes of 2017 and later
    _mark("index", r"(?:feed|homepage|archive|label|search)-view", r"version-[0-9].*|variant-.+", r"item-view"),
    # Joomla, Squarespace
    _mark("index", r"view-(?:category|categories|featured|archive|search)", r"com_(?:content|tags|search|finder)"),
    _mark("index", r"view-list", r"collection-type-.+", r"view-item"),
    # Jekyll's Minimal Mistakes
    _mark("index", r"layout--(?:home|archive|posts|categor(?:y|ies)|tags?|collection|search|splash)"),
)
# Nikola: `storypage` in its templates story.tmpl and page.tmpl, where post.tmpl has `postpage`
NIKOLA_PAGE = etree.XPath("boolean(//article[contains(concat(' ', @class, ' '), ' storypage ')])")
# Hugo's themes (Doks, Hyde, PaperMod) print the kind of page, alone or next to the section.
HUGO_LIST, HUGO_SINGLE = re.compile(r"list|taxonomy|term|section"), re.compile(r"single|post")


def find_builder_kind(root: etree._Element, generator: str) -> Candidate[str] | None:
    """Return the kind that the builder's classes name: `index`, `other`, WordPress' `page`, or None.

    `generator` is the content of the page's meta element of that name.
    """
    if generator.startswith("Nikola") and NIKOLA_PAGE(root):
        return Candidate("other", "class:storypage")
    names = _class_names(root)
    if not names:
        return None
    for mark in (*KIND_MARKS, WORDPRESS_PAGE):
        if name := _match(names, mark):
            return Candidate(mark.kind, f"class:{name}")
    return _hugo_kind(names, generator)


def _class_names(root: etree._Element) -> Set[str]:
    body = root.find("body")
    classes = [root.get("class") or "", "" if body is None else body.get("class") or ""]
    return frozenset(name for value in classes for name in value[:MAX_CLASS_LENGTH].split())


def _match(names: Set[str], mark: KindMark) -> str | None:
    """Return the name that marks the kind, if the page has it and the mark's other conditions hold."""
    name = next((name for name in sorted(names) if mark.has.fullmatch(name)), None)
    if name is None or any(mark.never.fullmatch(name_on_page) for name_on_page in names):
        return None
    return (
        name if mark.also is None or any(mark.also.fullmatch(name_on_page) for name_on_page in names - {name}) else None
    )


def _hugo_kind(names: Set[str], generator: str) -> Candidate[str] | None:
    is_hugo = generator.lower().startswith("hugo")
    if len(names) > 2 and not is_hugo:
        return None
    name = next((name for name in sorted(names) if HUGO_LIST.fullmatch(name)), None)
    is_single = any(HUGO_SINGLE.fullmatch(name) for name in names)
    return Candidate("index", f"class:{name}") if name and not is_single and (is_hugo or name == "list") else None
