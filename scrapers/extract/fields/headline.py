"""The headline: the text that most of the page's layers agree on.

No layer is always right: JSON-LD and og:title may hold a headline for search engines or for sharing, title carries the
site's name, and an h1 may be a logo, a section, or a headline with its kicker. So each layer votes for its text, and
the printed heading has most votes.
"""

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.fields.headline_parts import (
    cut_kicker,
    cut_names,
    cut_site_name,
    is_site_name,
    with_kicker,
)
from scrapers.extract.fields.printed_headline import find_printed_headline
from scrapers.extract.layers import json_ld, meta, microdata
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import words_of

Headlines = list[Candidate[str]]

VOTES = {"css": 3, "json_ld": 2, "meta": 2, "microdata": 1, "title": 1}


def find_headlines(parsed: ParsedPage) -> Headlines:
    """Return the candidates for the headline, those with the most votes first."""
    all_declared = _declared(parsed)
    declared = [candidate for candidate in all_declared if not is_site_name(candidate.value, parsed)] or all_declared
    printed = [cut_site_name(candidate, parsed) for candidate in find_printed_headline(parsed, declared)]
    full = with_kicker(printed, declared, parsed)
    candidates = [cut_names(candidate, full or printed, parsed) for candidate in declared]
    return _ranked([*candidates, *cut_kicker(printed, declared)])


def find_alternative_headlines(parsed: ParsedPage, headlines: Headlines) -> Headlines:
    """Return JSON-LD's alternativeHeadline and the headlines of other layers that differ from the best one."""
    best = words_of(headlines[0].value) if headlines else ""
    others = [other for other in headlines if other.rule != "title" and words_of(other.value) != best]
    return present(json_ld.text(parsed.json_ld_article, "alternativeHeadline")) + others


def _declared(parsed: ParsedPage) -> Headlines:
    return present(
        json_ld.headline(parsed.json_ld_article),
        meta.content(parsed.meta, "og:title", "twitter:title"),
        microdata.text(parsed.microdata, "headline"),
        Candidate(parsed.title, "title") if parsed.title else None,
    )


def _ranked(candidates: Headlines) -> Headlines:
    """Return the candidates by their votes; of equals, texts that are printed and those that were not cut first."""
    votes, printed = _votes(candidates), _printed_words(candidates)

    def rank(candidate: Candidate[str]) -> tuple[int, bool, bool]:
        words = words_of(candidate.value)
        return -votes[words], words not in printed, bool(candidate.raw)

    return sorted(candidates, key=rank)


def _votes(candidates: Headlines) -> dict[str, int]:
    """Return the votes for each text, as `words_of` returns it."""
    votes: dict[str, int] = {}
    printed = _printed_words(candidates)
    for candidate in candidates:
        words, layer = words_of(candidate.value), _layer(candidate)
        if layer != "title" or words not in printed:  # templates print the same variable in title and h1
            votes[words] = votes.get(words, 0) + VOTES[layer]
    if newsroom := _newsroom_headline(candidates):
        votes[words_of(newsroom.value)] = sum(VOTES.values())
    return votes


def _printed_words(candidates: Headlines) -> set[str]:
    return {words_of(candidate.value) for candidate in candidates if candidate.rule.startswith("css")}


def _layer(candidate: Candidate[str]) -> str:
    return candidate.rule.split(":")[0]


def _newsroom_headline(candidates: Headlines) -> Candidate[str] | None:
    """Return JSON-LD's headline where it differs from a text that h1, og:title and title share.

    That text was written for search engines and sharing; only JSON-LD has the newsroom's own headline.
    """
    by_layer = {_layer(candidate): candidate for candidate in candidates}
    if not {"json_ld", "css", "meta", "title"} <= by_layer.keys():
        return None
    own, printed, shared, title = (words_of(by_layer[layer].value) for layer in ("json_ld", "css", "meta", "title"))
    is_alone = own != printed == title and printed.startswith(shared) and own not in printed
    return by_layer["json_ld"] if is_alone else None
