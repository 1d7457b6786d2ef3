"""Whether a page is an article, and of which kind (a live blog, a video, …), or a list, or a page about the site."""

import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.class_names import names_of
from scrapers.extract.dom.links import absolute, same_page
from scrapers.extract.fields import page_builder
from scrapers.extract.fields.authors import prints_byline
from scrapers.extract.layers import json_ld, meta, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.urls import is_article_path

LIVE_BLOG = "LiveBlogPosting"
ARTICLE_TYPE = re.compile(r"\w*Article|\w*BlogPosting|Report|\w*Review|Recipe|HowTo")
KIND_BY_TYPE = (
    (re.compile(LIVE_BLOG), "live_blog"),
    (re.compile(r"VideoObject|Clip|Movie"), "video"),
    (re.compile(r"ImageGallery|MediaGallery"), "gallery"),
    (re.compile(r"PodcastEpisode|AudioObject|RadioEpisode"), "audio"),
    (ARTICLE_TYPE, "article"),
)
KIND_BY_OG_TYPE = {"video": "video", "music": "audio", "article": "article"}
LIST_TYPE = re.compile(r"CollectionPage|SearchResultsPage")
OTHER_TYPE = re.compile(
    r"JobPosting|ProfilePage|AboutPage|ContactPage"
)  # not Product or FAQPage, which reviews and guides declare too
LIST_PATH = re.compile(
    r"/(?:(?:index|home|beranda)(?:\.\w{2,5})?/)?|/(?:indeks|tags?|search|cari|find|populer|terpopuler)/.*|.*/page/[0-9]{1,5}/"
)
# Pages that every site has: about, contact, privacy, terms, imprint; at most a language stands before them.
STATIC_PATH = re.compile(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:pages?/|p/)?(?:about(?:[-_](?:us|me|this-site))?|contact(?:[-_](?:us|me))?"
    r"|privacy(?:[-_](?:policy|notice|statement))?|terms(?:[-_](?:of[-_](?:service|use)|and[-_]conditions))?"
    r"|cookies?[-_]policy|disclaimer|imprint|impressum|datenschutz(?:erklaerung)?|kontakt|ueber[-_]uns|mentions[-_]legales"
    r"|a[-_]propos|tentang(?:[-_](?:kami|saya))?|kontak(?:[-_]kami)?|hubungi[-_]kami|kebijakan[-_]privasi"
    r"|pedoman[-_]media[-_]siber|syarat[-_](?:dan[-_])?ketentuan|sobre(?:[-_](?:mi|nosotros|mim))?|chi[-_]siamo|404)"
    r"(?:\.[a-z]{2,5})?/"
)
NAMES_BREADCRUMB = re.compile(r"breadcrumb|pagination|pager", re.IGNORECASE)
MENU_WORDS = frozenset({"menu", "nav", "navbar", "navigation"})  # in the class of a list that is one
MAX_MENUS = 9  # of each form that are examined
MAX_MENU_LINKS = 40  # of a site's menu; that of a handbook has more
KIND_BY_PATH = (
    (re.compile(r"/(?:live-?blog|liveblog|live-?ticker|newsticker|live-updates?)s?(?:/|-)"), "live_blog"),
    (re.compile(r"/(?:videos?|watch|tv/watch|i?shorts?)/"), "video"),
    (re.compile(r"/(?:fotos?|photos?|galler(?:y|ies)|galeri|bildergalerie|bilder|slideshow|pictures)/"), "gallery"),
    (re.compile(r"/(?:infografi[sk]\w*|infographics?)/"), "infographic"),
    (re.compile(r"/(?:podcasts?|audio)/"), "audio"),
)


def find_kind(parsed: ParsedPage, *, is_signed: bool = False, is_bylined: bool = False) -> list[Candidate[str]]:
    """Return the kinds given by JSON-LD, the address and og:type, best first; `article` where none gives one.

    `is_signed`: the page names an author or a date. `is_bylined`: one of them was found where readers see it.
    """
    path = urlsplit(parsed.page.url).path.lower() + "/"
    path = path.replace("//", "/")
    if no_article := _kind_of_no_article(parsed, path, is_signed=is_signed, is_bylined=is_bylined):
        return [no_article]
    json_ld_type = _type_of_page(parsed)
    by_type = next((kind for pattern, kind in KIND_BY_TYPE if pattern.fullmatch(json_ld_type)), None)
    by_path = next((kind for pattern, kind in KIND_BY_PATH if pattern.search(path)), None)
    og_type = meta.content(parsed.meta, "og:type")
    by_og_type = KIND_BY_OG_TYPE.get(og_type.value.split(".")[0].lower()) if og_type else None
    candidates = [  # JSON-LD's `article` says less than an address
        (by_type if by_type != "article" else None, f"json_ld:{json_ld_type}"),
        (by_path, "page:url"),
        (by_type if by_type == "article" else None, f"json_ld:{json_ld_type}"),
        (by_og_type, "meta:og:type"),
    ]
    return [Candidate(kind, rule) for kind, rule in candidates if kind] or [Candidate("article", "default")]


def _type_of_page(parsed: ParsedPage) -> str:
    """Return the type of the article's node; `LiveBlogPosting` where a node with its headline or address is one."""
    name, article = json_ld.type_of(parsed.json_ld_article), parsed.json_ld_article
    if ARTICLE_TYPE.fullmatch(name):
        blogs = (node for node in parsed.json_ld_objects if json_ld.type_of(node) == LIVE_BLOG)
        if any(json_ld.is_same(node, article, parsed.page.url) for node in blogs):
            return LIVE_BLOG
    return name


def _kind_of_no_article(parsed: ParsedPage, path: str, *, is_signed: bool, is_bylined: bool) -> Candidate[str] | None:
    """Return the kind of a page that can't be an article: a home page, a list, another type in JSON-LD.

    og:type is ignored: such pages declare `article` as often as not.
    """
    is_declared = json_ld.is_article(parsed.json_ld_article)
    if selectors.elements(parsed.root, parsed.rules.selectors.get("wrapped"), parsed.elements_by_class):
        return Candidate("other", f"css:{parsed.rules.selectors['wrapped']}")
    if not is_declared and LIST_PATH.fullmatch(path) and not urlsplit(parsed.page.url).query:
        return Candidate("index", "page:url")
    if not is_declared and (by_type := _kind_of_other_type(parsed)):
        return by_type
    if parsed.rules.publisher:
        return None
    by_builder = _by_builder(parsed, is_bylined=is_bylined or is_declared)
    return by_builder or _kind_of_site_page(parsed, path, is_signed=is_signed or is_declared)


def _kind_of_other_type(parsed: ParsedPage) -> Candidate[str] | None:
    """Return the kind of a JSON-LD type that is a list's, else of one that is neither a list's nor an article's."""
    types = [json_ld.type_of(node) for node in parsed.json_ld_objects]
    for pattern, kind in ((LIST_TYPE, "index"), (OTHER_TYPE, "other")):
        if name := next((name for name in types if pattern.fullmatch(name)), None):
            return Candidate(kind, f"json_ld:{name}")
    return None


def _by_builder(parsed: ParsedPage, *, is_bylined: bool) -> Candidate[str] | None:
    """Return the kind that the page's builder prints; a `page` of WordPress with a byline may be an article.

    Names and dates in its metadata say nothing: plugins write them into every page.
    """
    generator = meta.content(parsed.meta, "generator")
    candidate = page_builder.find_builder_kind(parsed.root, generator.value if generator else "")
    if candidate and candidate.value == "page":
        return None if is_bylined or prints_byline(parsed) else Candidate("other", candidate.rule)
    return candidate


def _kind_of_site_page(parsed: ParsedPage, path: str, *, is_signed: bool) -> Candidate[str] | None:
    """Return `other` for a page about the site, by its address or since the site's menu links to it.

    Some menus also link to the story of the day, whose address is an article's.
    """
    if STATIC_PATH.fullmatch(path):
        return Candidate("other", "page:url")
    if is_signed and is_article_path(path):
        return None
    menus = [*parsed.elements_by_tag["nav"][:MAX_MENUS], *islice(filter(_is_menu, parsed.root.iter("ul")), MAX_MENUS)]
    return Candidate("other", "html:nav") if any(_is_site_menu_with(parsed, menu) for menu in menus) else None


def _is_menu(element: etree._Element) -> bool:
    """Return whether a list calls itself a menu, and is no part of a larger one."""
    is_named = bool(MENU_WORDS & names_of(element.get("class") or element.get("id") or ""))
    return is_named and not any(above.tag in ("nav", "ul") for above in element.iterancestors())


def _is_site_menu_with(parsed: ParsedPage, menu: etree._Element) -> bool:
    """Return whether this is the site's menu, and it links to this page as well.

    It is known by its link to the home page, or to a page about the site.
    """
    hrefs = (link.get("href") for link in islice(menu.iter("a"), MAX_MENU_LINKS + 1))
    links = [href for href in hrefs if href and "#" not in href]
    is_breadcrumb = NAMES_BREADCRUMB.search(f"{menu.get('class')} {menu.get('aria-label')}")
    if not 2 <= len(links) <= MAX_MENU_LINKS or is_breadcrumb:
        return False
    addresses = [address for href in links if (address := absolute(href, parsed.base_url))]
    home = urljoin(parsed.page.url, "/")
    is_site_menu = any(_is_about_site(address, home) for address in addresses)
    return is_site_menu and any(same_page(address, parsed.page.url) for address in addresses)


def _is_about_site(address: str, home: str) -> bool:
    """Return whether this is the site's home page, or one of the pages that every site has."""
    if same_page(address, home):
        return True
    path = urlsplit(address).path
    return bool(STATIC_PATH.fullmatch(f"{path.lower().rstrip('/')}/")) and same_page(address, urljoin(home, path))
