"""The headline: what most of the page's layers agree on.

No layer is right everywhere: JSON-LD and og:title may hold a headline for search engines or for sharing, title
carries the site's name, and an h1 may be a logo, a section, or a headline with its kicker. So each layer votes
for its text, and what the reader sees counts most.
"""

import re
from collections.abc import Sequence
from typing import cast

from lxml import etree

from scrapers.extract import json_ld, meta, microdata
from scrapers.extract.clean import clean, words_of
from scrapers.extract.found import Found, some
from scrapers.extract.layers import Layers

VOTES = {"css": 3, "json_ld": 2, "meta": 2, "microdata": 1, "title": 1}
SEEN = "css:h1"
LIKE = 0.2  # share of words that an h1 has in common with what the page says its headline is; a logo has none
LEAST_HEADLINE = 20  # characters of an h1 that no other layer confirms; a section's name has fewer
SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«*/]+|::)\s+|\s?[|｜：»]\s?|:\s+")
# Where one element ends and the next begins without a space, as between a kicker and the headline.
GLUED = re.compile(r"(?<=[^\W\d_A-Z]|[.:!?»”\"])\x1f+(?=[^\W\d_a-z]|[„“«\"'])")
LONGEST_SITE = 4  # words of a site's name with a section's
SHORTEST_TO_CUT = 10  # characters: a shorter text in another may stand there by chance

Candidates = list[Found[str]]


def headlines(layers: Layers) -> Candidates:
    """Return the page's headlines, what has the most votes first."""
    every_said = some(
        json_ld.headline(layers.ld),
        meta.content(layers.meta, "og:title", "twitter:title"),
        microdata.text(layers.items, "headline"),
        Found(layers.title, "title") if layers.title else None,
    )
    said = [one for one in every_said if not _is_site(one.value, layers)] or every_said
    seen = _seen(layers, said)
    every = [_cut(one, seen, layers) for one in said] + _without_kicker(seen, said)
    votes = _votes(every)
    shown = {words_of(one.value) for one in every if one.rule.startswith("css")}
    return sorted(every, key=lambda one: (-votes[words_of(one.value)], words_of(one.value) not in shown, bool(one.raw)))


def alternative_headline(layers: Layers, found: Candidates) -> Candidates:
    """Return the other headlines that JSON-LD, og:title or the page itself gives the article."""
    others = [one for one in found if one.rule != "title" and words_of(one.value) != words_of(found[0].value)]
    return some(json_ld.text(layers.ld, "alternativeHeadline")) + others


def _votes(every: Candidates) -> dict[str, int]:
    votes: dict[str, int] = {}
    seen = {words_of(one.value) for one in every if one.rule.startswith("css")}
    for one in every:
        key, layer = words_of(one.value), one.rule.split(":")[0]
        if layer != "title" or key not in seen:  # templates print the same field in both
            votes[key] = votes.get(key, 0) + VOTES[layer]
    if newsroom := _newsroom(every):
        votes[words_of(newsroom.value)] = sum(VOTES.values())
    return votes


def _seen(layers: Layers, said: Candidates) -> Candidates:
    """Return the heading that the reader takes for the headline: the h1 most like what the layers say."""
    if declared := layers.css_text("headline"):
        return [declared]
    texts = [text for heading in layers.elements["h1"] if (text := _text(heading)) and not _is_site(text, layers)]
    marked = [one for one in said if one.rule != "title"] or said  # title names the section as well, as some h1 do
    likeness = {text: max((_likeness(text, other.value) for other in marked), default=1.0) for text in texts}
    nearest = max(texts, key=lambda text: likeness[text], default="")
    if likeness.get(nearest, 0) >= LIKE:
        return [Found(nearest, SEEN)]
    for heading in layers.root.iter("h2", "h3"):
        text = _text(heading)
        if len(text) >= LEAST_HEADLINE and any(f" {words_of(text)} " in f" {words_of(one.value)} " for one in said):
            return [Found(text, f"css:{heading.tag}")]
    longest = max(texts, key=len, default="")
    return [Found(longest, SEEN)] if len(longest) >= LEAST_HEADLINE or (texts and not said) else []


def _text(heading: etree._Element) -> str:
    """Return the heading's text, with a space between two elements that only their style keeps apart."""
    return clean(GLUED.sub(" ", "\x1f".join(cast("Sequence[str]", list(heading.itertext())))).replace("\x1f", ""))


def _likeness(one: str, other: str) -> float:
    """Return how many of the words of two texts they share, from 0 to 1; of characters where neither has spaces."""
    a, b = words_of(one), words_of(other)
    mine, theirs = (set(a), set(b)) if " " not in a + b else (set(a.split()), set(b.split()))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _is_site(text: str, layers: Layers) -> bool:
    """Return whether the text is the site's name, alone or before a section's: `Kompas.com Regional`."""
    words = words_of(text).split()
    counts = range(1, len(words) + 1) if len(words) <= LONGEST_SITE else [len(words)]
    return any("".join(words[:count]) in layers.site_names for count in counts)


def _without_kicker(seen: Candidates, said: Candidates) -> Candidates:
    """Return what is seen without its kicker, where JSON-LD or og:title holds the headline without it."""
    for one in seen:
        for other in said:
            kicker = one.value.removesuffix(other.value)
            is_whole = kicker == one.value or len(other.value) < SHORTEST_TO_CUT
            if kicker.endswith((" ", ":")) and not is_whole and other.rule.startswith(("json_ld", "meta")):
                return [Found(other.value, one.rule, raw=one.value)]
    return seen


def _cut(one: Found[str], seen: Candidates, layers: Layers) -> Found[str]:
    """Return the text without the names of site and section around it: those that the reader's headline lacks."""
    whole = words_of(one.value)
    for heading in seen:
        words = words_of(heading.value)
        is_part = whole.startswith(f"{words} ") or whole.endswith(f" {words}")
        if is_part and len(words) >= SHORTEST_TO_CUT:
            return Found(heading.value, one.rule, raw=one.value)
    text = one.value
    while (tail := _last_part(text)) and _is_site(tail[1], layers):
        text = tail[0]
    return Found(text, one.rule, raw=one.value) if text != one.value else one


def _last_part(text: str) -> tuple[str, str] | None:
    """Return a title split at its last separator; None where it has none."""
    separators = list(SEPARATOR.finditer(text))
    if not separators or not separators[-1].start():
        return None
    return text[: separators[-1].start()], text[separators[-1].end() :]


def _newsroom(every: Candidates) -> Found[str] | None:
    """Return JSON-LD's headline where it alone differs from h1, og:title and title.

    Where these three are one text it is the one made for search and sharing, and the newsroom's own stands in
    JSON-LD only.
    """
    own = {one.rule.split(":")[0]: one for one in every}
    if not {"json_ld", "css", "meta", "title"} <= own.keys():
        return None
    ld, seen, shared, title = (words_of(own[layer].value) for layer in ("json_ld", "css", "meta", "title"))
    return own["json_ld"] if ld != seen == title and seen.startswith(shared) and not seen.startswith(ld) else None
