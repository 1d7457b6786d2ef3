"""What a page's builder prints of its kind in the classes of html and body.

Each rule asks for exact names that a builder prints together; none for a common word alone.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from lxml import etree

from scrapers.extract.found import Found

LONGEST_CLASS = 4000  # characters of a class that are read


@dataclass(frozen=True, slots=True)
class Print:
    """Names that tell a kind of page: one matches `has`, another `also` if that is asked for, none `never`."""

    kind: str
    has: re.Pattern[str]
    also: re.Pattern[str] | None
    never: re.Pattern[str]


def _print(kind: str, has: str, also: str = "", never: str = r"(?!)") -> Print:
    return Print(kind, re.compile(has), re.compile(also) if also else None, re.compile(never))


WORDPRESS_PAGE = _print("page", r"page-id-[0-9]{1,12}", r"page", r"single|single-.*")
PRINTS = (
    # WordPress: https://developer.wordpress.org/reference/functions/get_body_class/
    _print("other", r"attachmentid-[0-9]{1,12}|single-attachment", r"attachment"),
    _print(
        "index",
        r"archive",
        r"category|tag|author|date|post-type-archive|tax-.+|term-[0-9]{1,12}|category-.+|tag-.+|author-.+",
        r"single",
    ),
    _print("index", r"search-results|search-no-results", r"search"),
    _print("index", r"home", r"blog|page-id-[0-9]{1,12}", r"single|single-.*"),
    _print("index", r"error404"),
    # Ghost: https://ghost.org/docs/themes/helpers/body_class/
    _print("index", r"(?:home|tag|author|archive)-template", never=r"post-template|page-template|single"),
    _print("other", r"page-template", never=r"page|page-id-.*|post-template|single|wp-.*"),
    # Docusaurus: the names in packages/docusaurus-theme-common/src/utils/ThemeClassNames.ts
    _print(
        "index",
        r"blog-list-page|blog-archive-page|blog-tags-list-page|blog-tags-post-list-page|blog-authors-list-page"
        r"|blog-authors-posts-page|docs-tags-list-page|docs-tag-doc-list-page",
        r"(?:blog|docs)-wrapper|plugin-.+",
    ),
    # Drupal 7 and later
    _print("index", r"page-taxonomy", r"page-taxonomy-term"),
    _print("index", r"path-(?:taxonomy|frontpage|search|user)", never=r"page-node-type-.+|path-node"),
    # Blogger's themes of 2017 and later
    _print("index", r"(?:feed|homepage|archive|label|search)-view", r"version-[0-9].*|variant-.+", r"item-view"),
    # Joomla, Squarespace
    _print("index", r"view-(?:category|categories|featured|archive|search)", r"com_(?:content|tags|search|finder)"),
    _print("index", r"view-list", r"collection-type-.+", r"view-item"),
    # Jekyll's Minimal Mistakes
    _print("index", r"layout--(?:home|archive|posts|categor(?:y|ies)|tags?|collection|search|splash)"),
)
# Nikola: `storypage` in its templates story.tmpl and page.tmpl, where post.tmpl has `postpage`
NIKOLA_PAGE = etree.XPath("boolean(//article[contains(concat(' ', @class, ' '), ' storypage ')])")
# Hugo's themes print the kind of page beside its section, or alone: Doks, Hyde, PaperMod.
HUGO_LIST, HUGO_SINGLE = re.compile(r"list|taxonomy|term|section"), re.compile(r"single|post")


def printed_kind(root: etree._Element, generator: str) -> Found[str] | None:
    """Return what the page's builder says that it is: `index`, `other`, or WordPress' `page`; None if it says nothing.

    `generator` is what the page's meta element of that name says.
    """
    if generator.startswith("Nikola") and NIKOLA_PAGE(root):
        return Found("other", "class:storypage")
    names = _names(root)
    if not names:
        return None
    for one in (*PRINTS, WORDPRESS_PAGE):
        if said := _match(names, one):
            return Found(one.kind, f"class:{said}")
    return _of_hugo(names, generator)


def _names(root: etree._Element) -> Set[str]:
    body = root.find("body")
    classes = [root.get("class") or "", "" if body is None else body.get("class") or ""]
    return frozenset(name for said in classes for name in said[:LONGEST_CLASS].split())


def _match(names: Set[str], one: Print) -> str | None:
    """Return the name by which this kind is told, if the page has it."""
    said = next((name for name in sorted(names) if one.has.fullmatch(name)), None)
    others = names - {said}
    if said is None or any(one.never.fullmatch(name) for name in names):
        return None
    return said if one.also is None or any(one.also.fullmatch(name) for name in others) else None


def _of_hugo(names: Set[str], generator: str) -> Found[str] | None:
    is_built = generator.lower().startswith("hugo")
    if len(names) > 2 and not is_built:
        return None
    said = next((name for name in sorted(names) if HUGO_LIST.fullmatch(name)), None)
    is_single = any(HUGO_SINGLE.fullmatch(name) for name in names)
    return Found("index", f"class:{said}") if said and not is_single and (is_built or said == "list") else None
