"""The headline: what most of the page's layers agree on.

No layer is right everywhere: JSON-LD and og:title may hold a headline for search engines or for sharing, title
carries the site's name, and an h1 may be a logo, a section, or a headline with its kicker. So each layer votes
for its text, and what the reader sees counts most.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import cast
from urllib.parse import urljoin

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.dom.links import absolute
from scrapers.extract.layers import json_ld, meta, microdata
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, words_of

VOTES = {"css": 3, "json_ld": 2, "meta": 2, "microdata": 1, "title": 1}
SEEN = "css:h1"
LIKE = 0.2  # share of words that an h1 has in common with what the page says its headline is; a logo has none
LEAST_HEADLINE = 20  # characters of an h1 that no other layer confirms; a section's name has fewer
SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«*/]+|::)\s+|\s?[|｜：»]\s?|:\s+")
MAY_SEPARATE = re.compile(r"[-–—|·•»«*/:｜：]")  # one of these is in each of them
# Where one element ends and the next begins without a space, as between a kicker and the headline.
GLUED = re.compile(r"(?<=[^\W\d_A-Z]|[.:!?»”\"])\x1f+(?=[^\W\d_a-z]|[„“«\"'])")
KICKER_END = re.compile(r"(?:\s[-–—|]|:)\s+")
EDGES = re.compile(
    r"(?:.*(?:[:|/]|\s[–—-])\s?)?\x1f(?:(?:[:|/]|\s[–—-]).*)?"
)  # what separates a kicker from the headline
PAGE_NUMBER = re.compile(
    r"(?:page|halaman|hal\.?|seite|página|pagina|strona|sida|第) ?[0-9]{1,3} ?(?:页|頁|ページ)?", re.IGNORECASE
)
LONGEST_SITE = 4  # words of a site's name with a section's
TITLED = {"title", "post-title", "entry-title", "article-title", "headline"}
MOST_LINKS, MOST_TITLED = 40, 9  # that are looked at
SHORTEST_TO_CUT = 10  # characters: a shorter text in another may stand there by chance

Candidates = list[Candidate[str]]


def headlines(parsed: ParsedPage) -> Candidates:
    """Return the page's headlines, what has the most votes first."""
    every_said = present(
        json_ld.headline(parsed.json_ld_article),
        meta.content(parsed.meta, "og:title", "twitter:title"),
        microdata.text(parsed.microdata, "headline"),
        Candidate(parsed.title, "title") if parsed.title else None,
    )
    said = [one for one in every_said if not _is_site(one.value, parsed)] or every_said
    seen = [_without_site(one, parsed) for one in _seen(parsed, said)]
    whole = _with_kicker(seen, said, parsed)
    every = [_cut(one, whole or seen, parsed) for one in said] + _without_kicker(seen, said)
    votes = _votes(every)
    shown = {words_of(one.value) for one in every if one.rule.startswith("css")}
    return sorted(every, key=lambda one: (-votes[words_of(one.value)], words_of(one.value) not in shown, bool(one.raw)))


def alternative_headline(parsed: ParsedPage, found: Candidates) -> Candidates:
    """Return the other headlines that JSON-LD, og:title or the page itself gives the article."""
    others = [one for one in found if one.rule != "title" and words_of(one.value) != words_of(found[0].value)]
    return present(json_ld.text(parsed.json_ld_article, "alternativeHeadline")) + others


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


def _seen(parsed: ParsedPage, said: Candidates) -> Candidates:
    """Return the heading that the reader takes for the headline: the h1 most like what the layers say."""
    if declared := parsed.selected_text("headline"):
        return [declared]
    texts = [
        text for heading in parsed.elements_by_tag["h1"] if (text := _text(heading)) and not _is_site(text, parsed)
    ]
    marked = [one for one in said if one.rule != "title"] or said  # title names the section as well, as some h1 do
    likeness = {text: max((_likeness(text, other.value) for other in marked), default=1.0) for text in texts}
    nearest = max(texts, key=lambda text: likeness[text], default="")
    if likeness.get(nearest, 0) >= LIKE:
        return [Candidate(nearest, SEEN)]
    for heading in parsed.root.iter("h2", "h3"):
        text = _text(heading)
        if len(text) >= LEAST_HEADLINE and any(f" {words_of(text)} " in f" {words_of(one.value)} " for one in said):
            return [Candidate(text, f"css:{heading.tag}")]
    if not texts and all(_is_home(one.value, parsed) for one in said):
        return _titled(parsed)
    longest = max(texts, key=len, default="")
    return [Candidate(longest, SEEN)] if len(longest) >= LEAST_HEADLINE or (texts and not said) else []


def _is_home(text: str, parsed: ParsedPage) -> bool:
    """Return whether a text is what the page calls the site in its link to the home page."""
    home = urljoin(parsed.page.url, "/")
    links = islice(parsed.root.iter("a"), MOST_LINKS)
    targets = [absolute(link.get("href") or "", parsed.base_url) for link in links if _text(link) == text]
    return any(target and parsed.page.url.startswith(target) and target.startswith(home) for target in targets)


def _titled(parsed: ParsedPage) -> Candidates:
    """Return the text of the first element whose class is a title's, on a page whose title is the site's name."""
    titled = (one for one in parsed.root.iter("p", "div", "span") if TITLED & set((one.get("class") or "").split()))
    texts = (_text(one) for one in islice(titled, MOST_TITLED) if not parsed.is_aside(one))
    return [Candidate(text, "css:.title") for text in texts if text and not _is_home(text, parsed)][:1]


def _with_kicker(seen: Candidates, said: Candidates, parsed: ParsedPage) -> Candidates:
    """Return the headline that JSON-LD and og:title hold alike, where it is the one seen and a kicker or a tail."""
    own = [_without_site(one, parsed) for one in said if one.rule.endswith((".headline", ":og:title"))]
    if len(own) != 2 or words_of(own[0].value) != words_of(own[1].value):
        return []
    return own[1:] if seen and all(_adds_kicker(one.value, seen[0].value) for one in own) else []


def _adds_kicker(text: str, heading: str) -> bool:
    """Return whether a text is the heading with more before or after it, which a separator keeps apart."""
    before, is_part, after = text.partition(heading)
    return bool(is_part and before + after and EDGES.fullmatch(f"{before[-3:]}\x1f{after[:3]}"))


def _text(heading: etree._Element) -> str:
    """Return the heading's text, with a space between two elements that only their style keeps apart."""
    if not len(heading):
        return clean(heading.text or "")
    return clean(GLUED.sub(" ", "\x1f".join(cast("Sequence[str]", list(heading.itertext())))).replace("\x1f", ""))


def _likeness(one: str, other: str) -> float:
    """Return how many of the words of two texts they share, from 0 to 1; of characters where neither has spaces."""
    a, b = words_of(one), words_of(other)
    mine, theirs = (set(a), set(b)) if " " not in a + b else (set(a.split()), set(b.split()))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _is_site(text: str, parsed: ParsedPage) -> bool:
    """Return whether the text is the site's name, alone or before a section's: `Kompas.com Regional`."""
    return _begins_with_name(text, parsed.site_names)


@lru_cache(maxsize=1024)  # as of words_of
def _begins_with_name(text: str, names: frozenset[str]) -> bool:
    words = words_of(text).split()
    counts = range(1, len(words) + 1) if len(words) <= LONGEST_SITE else (len(words),)
    return any("".join(words[:count]) in names for count in counts)


def _without_kicker(seen: Candidates, said: Candidates) -> Candidates:
    """Return what is seen without its kicker, where og:title, or JSON-LD alone, holds the headline without it.

    Where og:title has another kicker, what both end in is the headline.
    """
    for one in seen:
        shared = [other for other in said if other.rule.startswith("meta")]
        if any(words_of(other.value) == words_of(one.value) for other in shared):
            return seen
        for other in said:
            kicker = one.value.removesuffix(other.value)
            is_whole = kicker == one.value or len(other.value) < SHORTEST_TO_CUT
            if kicker.endswith((" ", ":")) and not is_whole and other.rule.startswith(("json_ld", "meta")):
                return [Candidate(other.value, one.rule, raw=one.value)]
        if any(_is_whole_title(one.value, other) for other in said):
            return seen
        for other in shared:
            if same := _same_end(one.value, other.value):
                return [Candidate(same, one.rule, raw=one.value)]
    return seen


def _is_whole_title(seen: str, other: Candidate[str]) -> bool:
    """Return whether the page's title begins with the whole of what is seen: then nothing of it is a kicker."""
    return other.rule == "title" and f"{words_of(other.value)} ".startswith(f"{words_of(seen)} ")


def _same_end(one: str, other: str) -> str | None:
    """Return what follows the kickers of two texts where it is the same; None where it is short."""
    begun, begun_other = KICKER_END.search(one), KICKER_END.search(other)
    end = one[begun.end() :] if begun else ""
    is_same = begun_other and other[begun_other.end() :] == end
    return end if is_same and len(end) >= LEAST_HEADLINE else None


def _cut(one: Candidate[str], seen: Candidates, parsed: ParsedPage) -> Candidate[str]:
    """Return the text without the names of site and section around it: those that the reader's headline lacks."""
    whole = words_of(one.value)
    for heading in seen:
        words = words_of(heading.value)
        is_part = whole.startswith(f"{words} ") or whole.endswith(f" {words}")
        if is_part and len(words) >= SHORTEST_TO_CUT:
            return Candidate(heading.value, one.rule, raw=one.value)
    return _without_site(one, parsed)


def _without_site(one: Candidate[str], parsed: ParsedPage) -> Candidate[str]:
    """Return the text without the names of the site and of its sections at its end, and without a page's number."""
    text = one.value
    while (tail := _last_part(text)) and (_is_site(tail[1], parsed) or PAGE_NUMBER.fullmatch(tail[1])):
        text = tail[0]
    return Candidate(text, one.rule, raw=one.value) if text != one.value else one


def _last_part(text: str) -> tuple[str, str] | None:
    """Return a title split at its last separator; None where it has none."""
    separators = list(SEPARATOR.finditer(text)) if MAY_SEPARATE.search(text) else []
    if not separators or not separators[-1].start():
        return None
    return text[: separators[-1].start()], text[separators[-1].end() :]


def _newsroom(every: Candidates) -> Candidate[str] | None:
    """Return JSON-LD's headline where it alone differs from h1, og:title and title.

    Where these three are one text it is the one made for search and sharing, and the newsroom's own stands in
    JSON-LD only.
    """
    own = {one.rule.split(":")[0]: one for one in every}
    if not {"json_ld", "css", "meta", "title"} <= own.keys():
        return None
    ld, seen, shared, title = (words_of(own[layer].value) for layer in ("json_ld", "css", "meta", "title"))
    return own["json_ld"] if ld != seen == title and seen.startswith(shared) and ld not in seen else None
