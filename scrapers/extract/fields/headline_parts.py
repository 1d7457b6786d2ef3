"""The parts around a headline: the names of site and section, a page number, a kicker."""

import re
from collections.abc import Sequence
from functools import lru_cache

from scrapers.extract.candidate import Candidate
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import words_of

SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«*/]+|::)\s+|\s?[|｜：»]\s?|:\s+")
SEPARATOR_CHARACTER = re.compile(r"[-–—|·•»«*/:｜：]")  # each match of SEPARATOR contains one
KICKER_END = re.compile(r"(?:\s[-–—|]|:)\s+")
# Around \x1f, which stands for the headline: what separates it from the text before and after.
KICKER_BORDER = re.compile(r"(?:.*(?:[:|/]|\s[–—-])\s?)?\x1f(?:(?:[:|/]|\s[–—-]).*)?")
PAGE_NUMBER = re.compile(
    r"(?:page|halaman|hal\.?|seite|página|pagina|strona|sida|第) ?[0-9]{1,3} ?(?:页|頁|ページ)?", re.IGNORECASE
)
MAX_SITE_WORDS = 4  # of a site's name with a section's
MIN_HEADLINE_LENGTH = 20  # characters of a heading that no other layer confirms; a section's name is shorter
MIN_CUT_LENGTH = 10  # characters; a shorter text may occur in another by chance

Headlines = Sequence[Candidate[str]]


def is_site_name(text: str, parsed: ParsedPage) -> bool:
    """Return whether the text is the site's name, alone or with a section's: `Kompas.com Regional`."""
    return _begins_with_name(text, parsed.site_names)


@lru_cache(maxsize=1024)
def _begins_with_name(text: str, names: frozenset[str]) -> bool:
    words = words_of(text).split()
    counts = range(1, len(words) + 1) if len(words) <= MAX_SITE_WORDS else (len(words),)
    return any("".join(words[:count]) in names for count in counts)


def cut_site_name(candidate: Candidate[str], parsed: ParsedPage) -> Candidate[str]:
    """Return the headline without the names of site and sections and a page number at its end."""
    text = candidate.value
    while (parts := _split_last(text)) and (is_site_name(parts[1], parsed) or PAGE_NUMBER.fullmatch(parts[1])):
        text = parts[0]
    return Candidate(text, candidate.rule, raw=candidate.value) if text != candidate.value else candidate


def cut_names(candidate: Candidate[str], printed: Headlines, parsed: ParsedPage) -> Candidate[str]:
    """Return the headline without the names around it: the printed headline if it contains that, see cut_site_name."""
    whole = words_of(candidate.value)
    for heading in printed:
        words = words_of(heading.value)
        is_part = whole.startswith(f"{words} ") or whole.endswith(f" {words}")
        if is_part and len(words) >= MIN_CUT_LENGTH:
            return Candidate(heading.value, candidate.rule, raw=candidate.value)
    return cut_site_name(candidate, parsed)


def _split_last(text: str) -> tuple[str, str] | None:
    """Return a title's parts before and after its last separator; None where it has none."""
    separators = list(SEPARATOR.finditer(text)) if SEPARATOR_CHARACTER.search(text) else []
    if not separators or not separators[-1].start():
        return None
    return text[: separators[-1].start()], text[separators[-1].end() :]


def with_kicker(printed: Headlines, declared: Headlines, parsed: ParsedPage) -> Headlines:
    """Return the headline that JSON-LD and og:title share, if it is the printed one with a kicker or an addition."""
    rules = (".headline", ":og:title")
    candidates = [cut_site_name(candidate, parsed) for candidate in declared if candidate.rule.endswith(rules)]
    if len(candidates) != 2 or words_of(candidates[0].value) != words_of(candidates[1].value):
        return []
    is_extended = printed and all(_extends(candidate.value, printed[0].value) for candidate in candidates)
    return candidates[1:] if is_extended else []


def _extends(text: str, heading: str) -> bool:
    """Return whether the text is the heading with more text before or after it, behind a separator."""
    before, is_part, after = text.partition(heading)
    return bool(is_part and before + after and KICKER_BORDER.fullmatch(f"{before[-3:]}\x1f{after[:3]}"))


def cut_kicker(printed: Headlines, declared: Headlines) -> Headlines:
    """Return the printed headline without its kicker, if og:title or, by itself, JSON-LD lacks the kicker.

    Where og:title has another kicker, the common end of both is the headline.
    """
    return [_without_kicker(heading, declared) for heading in printed]


def _without_kicker(heading: Candidate[str], declared: Headlines) -> Candidate[str]:
    shared = [candidate for candidate in declared if candidate.rule.startswith("meta")]
    if any(words_of(candidate.value) == words_of(heading.value) for candidate in shared):
        return heading
    headline = _end_after_kicker(heading.value, declared)
    if headline is None and not any(_is_whole_title(heading.value, candidate) for candidate in declared):
        headline = next(filter(None, (_common_end(heading.value, candidate.value) for candidate in shared)), None)
    return Candidate(headline, heading.rule, raw=heading.value) if headline is not None else heading


def _end_after_kicker(heading: str, declared: Headlines) -> str | None:
    """Return the headline of JSON-LD or og:title with which the heading ends, after a kicker."""
    for candidate in declared:
        kicker = heading.removesuffix(candidate.value)
        is_whole = kicker == heading or len(candidate.value) < MIN_CUT_LENGTH
        if kicker.endswith((" ", ":")) and not is_whole and candidate.rule.startswith(("json_ld", "meta")):
            return candidate.value
    return None


def _is_whole_title(heading: str, candidate: Candidate[str]) -> bool:
    """Return whether the page's title begins with the whole heading, so that no part of it is a kicker."""
    return candidate.rule == "title" and f"{words_of(candidate.value)} ".startswith(f"{words_of(heading)} ")


def _common_end(text: str, other_text: str) -> str | None:
    """Return the text after the kickers of two texts if it is the same and not short."""
    kicker, other_kicker = KICKER_END.search(text), KICKER_END.search(other_text)
    end = text[kicker.end() :] if kicker else ""
    is_common = other_kicker and other_text[other_kicker.end() :] == end
    return end if is_common and len(end) >= MIN_HEADLINE_LENGTH else None
