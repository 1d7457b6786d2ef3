"""What kind of page it is, and whether all of the article is on it."""

import re
from typing import Any
from urllib.parse import urlsplit

from scrapers.extract import json_ld, meta, selectors
from scrapers.extract.clean import clean
from scrapers.extract.found import Found, some
from scrapers.extract.layers import Layers

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
PATHS = (
    (re.compile(r"/(?:live-?blog|liveblog|live-?ticker|newsticker|live-updates?)s?(?:/|-)"), "live_blog"),
    (re.compile(r"/(?:videos?|watch|tv/watch|i?shorts?)/"), "video"),
    (re.compile(r"/(?:fotos?|photos?|galler(?:y|ies)|galeri|bildergalerie|bilder|slideshow|pictures)/"), "gallery"),
    (re.compile(r"/(?:infografi[sk]\w*|infographics?)/"), "infographic"),
    (re.compile(r"/(?:podcasts?|audio)/"), "audio"),
)
AN_ID = re.compile(r"[\w.:-]{3,64}")
LESS = 0.6  # of the words that the publisher counted; counting differs by some per cent


def kind(layers: Layers) -> list[Found[str]]:
    """Return the kinds that JSON-LD, the address and og:type name, best first; any other page is an article."""
    of_ld = json_ld.type_of(layers.ld)
    named = next((name for types, name in TYPES if types.fullmatch(of_ld)), None)
    path = urlsplit(layers.page.url).path.lower() + "/"
    by_path = next((name for pattern, name in PATHS if pattern.search(path)), None)
    if not_one := _not_an_article(layers, path.replace("//", "/")):
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


def _not_an_article(layers: Layers, path: str) -> Found[str] | None:
    """Return the kind of a page that no article can be: a home page, a list, what JSON-LD says is something else.

    Such pages have `og:type=article` as often as not, so that it says nothing.
    """
    if not layers.ld and LIST_PATH.fullmatch(path) and not urlsplit(layers.page.url).query:
        return Found("index", "page:url")
    if selectors.elements(layers.root, layers.rules.selectors.get("wrapped"), layers.by_class):
        return Found("other", f"css:{layers.rules.selectors['wrapped']}")
    types = [json_ld.type_of(node) for node in layers.nodes] if not layers.ld else []
    for pattern, name in ((LISTS, "index"), (OTHERS, "other")):
        if said := next((one for one in types if pattern.fullmatch(one)), None):
            return Found(name, f"json_ld:{said}")
    return None


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


def is_truncated(layers: Layers, words: int) -> list[Found[bool]]:
    """Return whether the page holds fewer words than the publisher counted in the article, where it says how many."""
    counted = str(layers.ld.get("wordCount") or "")
    if not counted.isdecimal() or not 0 < int(counted) < 100_000:
        return []
    return [Found(words < int(counted) * LESS, json_ld.rule_of(layers.ld, "wordCount"), counted)]


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
