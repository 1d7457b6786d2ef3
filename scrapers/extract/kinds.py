"""What kind of page it is, and whether all of the article is on it."""

import re
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scrapers.extract import builders, json_ld, meta, selectors
from scrapers.extract.blocks import names_of
from scrapers.extract.clean import clean
from scrapers.extract.found import Found, some
from scrapers.extract.layers import Layers
from scrapers.extract.links import absolute, same_page
from scrapers.urls import is_article_path

TYPES = (
    (re.compile(r"LiveBlogPosting"), "live_blog"),
    (re.compile(r"VideoObject|Clip|Movie"), "video"),
    (re.compile(r"ImageGallery|MediaGallery"), "gallery"),
    (re.compile(r"PodcastEpisode|AudioObject|RadioEpisode"), "audio"),
    (re.compile(r"\w*Article|\w*BlogPosting|Report|\w*Review|Recipe|HowTo"), "article"),
)
OG_TYPES = {"video": "video", "music": "audio", "article": "article"}
LISTS = re.compile(r"CollectionPage|SearchResultsPage")
OTHERS = re.compile(r"JobPosting|ProfilePage|AboutPage|ContactPage")  # reviews and guides declare products, FAQs
LIST_PATH = re.compile(
    r"/(?:(?:index|home|beranda)(?:\.\w{2,5})?/)?|/(?:indeks|tags?|search|cari|find|populer|terpopuler)/.*|.*/page/[0-9]{1,5}/"
)
# What every site has one of, and no article is: about, contact, privacy, terms, imprint; below nothing but a language.
STATIC_PATH = re.compile(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:pages?/|p/)?(?:about(?:[-_](?:us|me|this-site))?|contact(?:[-_](?:us|me))?"
    r"|privacy(?:[-_](?:policy|notice|statement))?|terms(?:[-_](?:of[-_](?:service|use)|and[-_]conditions))?"
    r"|cookies?[-_]policy|disclaimer|imprint|impressum|datenschutz(?:erklaerung)?|kontakt|ueber[-_]uns|mentions[-_]legales"
    r"|a[-_]propos|tentang(?:[-_](?:kami|saya))?|kontak(?:[-_]kami)?|hubungi[-_]kami|kebijakan[-_]privasi"
    r"|pedoman[-_]media[-_]siber|syarat[-_](?:dan[-_])?ketentuan|sobre(?:[-_](?:mi|nosotros|mim))?|chi[-_]siamo|404)"
    r"(?:\.[a-z]{2,5})?/"
)
BREADCRUMB = re.compile(r"breadcrumb|pagination|pager", re.IGNORECASE)
MENU = frozenset({"menu", "nav", "navbar", "navigation"})  # words of the class of a list that is one
MOST_MENUS = 9  # of each form that are looked at
MOST_NAV_LINKS = 40  # of a site's menu; one that lists a handbook's pages has more
PATHS = (
    (re.compile(r"/(?:live-?blog|liveblog|live-?ticker|newsticker|live-updates?)s?(?:/|-)"), "live_blog"),
    (re.compile(r"/(?:videos?|watch|tv/watch|i?shorts?)/"), "video"),
    (re.compile(r"/(?:fotos?|photos?|galler(?:y|ies)|galeri|bildergalerie|bilder|slideshow|pictures)/"), "gallery"),
    (re.compile(r"/(?:infografi[sk]\w*|infographics?)/"), "infographic"),
    (re.compile(r"/(?:podcasts?|audio)/"), "audio"),
)
BREAKS_OFF = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s?$"
    r"|(?:\.\.\.|…)\s?(?:read more|continue reading|(?:baca )?selengkapnya|weiterlesen|lire la suite|leer más)\W*$"
    r"|^(?:baca selengkapnya|(?:subscribe|log in|sign in) to (?:continue|keep) reading.{0,100}"
    r"|(?:berlangganan|langganan) untuk (?:membaca|melanjutkan).{0,100})$",
    re.IGNORECASE,
)
LONGEST_END = 60  # characters of a line's end that are kept as what says so
AN_ID = re.compile(r"[\w.:-]{3,64}")
LESS = 0.6  # of the words that the publisher counted; counting differs by some per cent


def kind(layers: Layers, *, is_signed: bool = False) -> list[Found[str]]:
    """Return the kinds that JSON-LD, the address and og:type name, best first; any other page is an article.

    `is_signed`: the page names its author or its day.
    """
    of_ld = json_ld.type_of(layers.ld)
    named = next((name for types, name in TYPES if types.fullmatch(of_ld)), None)
    path = urlsplit(layers.page.url).path.lower() + "/"
    by_path = next((name for pattern, name in PATHS if pattern.search(path)), None)
    if not_one := _not_an_article(layers, path.replace("//", "/"), is_signed=is_signed):
        return [not_one]
    og_type = meta.content(layers.meta, "og:type")
    by_og = OG_TYPES.get(og_type.value.split(".")[0].lower()) if og_type else None
    found = some(
        Found(named, f"json_ld:{of_ld}") if named and named != "article" else None,
        Found(by_path, "page:url") if by_path else None,
        Found(named, f"json_ld:{of_ld}") if named == "article" else None,
        Found(by_og, "meta:og:type") if by_og else None,
    )
    return found or [Found("article", "default")]


def _not_an_article(layers: Layers, path: str, *, is_signed: bool) -> Found[str] | None:
    """Return the kind of a page that no article can be: a home page, a list, what JSON-LD says is something else.

    Such pages have `og:type=article` as often as not, so that it says nothing.
    """
    is_in_ld = json_ld.is_article(layers.ld)
    if selectors.elements(layers.root, layers.rules.selectors.get("wrapped"), layers.by_class):
        return Found("other", f"css:{layers.rules.selectors['wrapped']}")
    if not is_in_ld and LIST_PATH.fullmatch(path) and not urlsplit(layers.page.url).query:
        return Found("index", "page:url")
    types = [json_ld.type_of(node) for node in layers.nodes] if not is_in_ld else []
    for pattern, name in ((LISTS, "index"), (OTHERS, "other")):
        if said := next((one for one in types if pattern.fullmatch(one)), None):
            return Found(name, f"json_ld:{said}")
    if layers.rules.publisher:
        return None
    is_signed = is_signed or is_in_ld
    return _by_builder(layers, is_signed=is_signed) or _of_site(layers, path, is_signed=is_signed)


def _by_builder(layers: Layers, *, is_signed: bool) -> Found[str] | None:
    """Return what the page's builder prints of its kind; one of WordPress' pages is an article where it is signed."""
    generator = meta.content(layers.meta, "generator")
    said = builders.printed_kind(layers.root, generator.value if generator else "")
    if said and said.value == "page":
        return None if is_signed else Found("other", said.rule)
    return said


def _of_site(layers: Layers, path: str, *, is_signed: bool) -> Found[str] | None:
    """Return the kind of a page about the site: by its address, or as the site's menu leads to it.

    Some menus lead to the story of the day as well: its address is an article's.
    """
    if STATIC_PATH.fullmatch(path):
        return Found("other", "page:url")
    if is_signed and is_article_path(path):
        return None
    menus = [*layers.elements["nav"][:MOST_MENUS], *islice(filter(_is_menu, layers.root.iter("ul")), MOST_MENUS)]
    return Found("other", "html:nav") if any(map(partial(_leads_here, layers), menus)) else None


def _is_menu(listed: etree._Element) -> bool:
    """Return whether a list calls itself a menu, and is no part of a larger one."""
    is_named = bool(MENU & names_of(listed.get("class") or listed.get("id") or ""))
    return is_named and not any(above.tag in ("nav", "ul") for above in listed.iterancestors())


def _leads_here(layers: Layers, menu: etree._Element) -> bool:
    """Return whether this is the site's menu, which leads to its home page, and leads to this page too."""
    hrefs = (link.get("href") for link in islice(menu.iter("a"), MOST_NAV_LINKS + 1))
    links = [href for href in hrefs if href and "#" not in href]
    if not 2 <= len(links) <= MOST_NAV_LINKS or BREADCRUMB.search(f"{menu.get('class')} {menu.get('aria-label')}"):
        return False
    addresses = [address for href in links if (address := absolute(href, layers.base))]
    home = next((one for one in addresses if urlsplit(one).path in ("", "/")), None)
    is_home = home is not None and same_page(home, urljoin(layers.page.url, "/"))
    return is_home and any(same_page(one, layers.page.url) for one in addresses)


def is_paywalled(layers: Layers) -> list[Found[bool]]:
    """Return whether the article is for subscribers only, where the page says."""
    free = layers.ld.get("isAccessibleForFree")
    tier = meta.content(layers.meta, "article:content_tier")
    return some(
        Found(str(free).lower() == "false", json_ld.rule_of(layers.ld, "isAccessibleForFree"), str(free))
        if str(free).lower() in ("true", "false")
        else None,
        Found(tier.value.lower() == "locked", tier.rule, tier.value) if tier else None,
    )


def is_truncated(layers: Layers, words: int, last: str = "") -> list[Found[bool]]:
    """Return whether the page holds fewer words than the publisher counted in the article, where it says how many.

    Else whether its `last` line breaks off.
    """
    counted = str(layers.ld.get("wordCount") or "")
    if counted.isdecimal() and 0 < int(counted) < 100_000:
        return [Found(words < int(counted) * LESS, json_ld.rule_of(layers.ld, "wordCount"), counted)]
    return [Found(True, "body:end", last[-LONGEST_END:])] if BREAKS_OFF.search(last) else []


def identifier(layers: Layers) -> list[Found[str]]:
    """Return the outlet's own identifiers of the article: its number in JSON-LD, its address or a meta element."""
    said: Any = layers.ld.get("identifier")
    in_ld = json_ld.texts_of(said, "value", "@value") or ((str(said),) if isinstance(said, int) else ())
    in_meta = [Found(one.value[0], one.rule) for one in layers.named["identifier"]]
    address = layers.page.url.split("://")[-1].split("?")[0]
    if layers.rules.article_id and (match := re.search(layers.rules.article_id, address)):
        in_meta.insert(0, Found(match[match.lastindex or 0], "page:url"))
    every = [Found(clean(value), json_ld.rule_of(layers.ld, "identifier")) for value in in_ld] + in_meta
    return [one for one in every if AN_ID.fullmatch(one.value)]
