"""Whether the article is behind a paywall, and whether the page holds all of it."""

import re

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import json_ld, meta
from scrapers.extract.parsed_page import ParsedPage

BREAKS_OFF = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s?$"
    r"|(?:\.\.\.|…)\s?(?:read more|continue reading|(?:baca )?selengkapnya|weiterlesen|lire la suite|leer más)\W*$"
    r"|^(?:baca selengkapnya|(?:subscribe|log in|sign in) to (?:continue|keep) reading.{0,100}"
    r"|(?:berlangganan|langganan) untuk (?:membaca|melanjutkan).{0,100})$",
    re.IGNORECASE,
)
MAX_EVIDENCE_LENGTH = 60  # characters of a line's end that are kept as evidence
MIN_WORD_SHARE = 0.6  # of the words that the publisher counted; counts differ by some per cent
MAX_WORD_COUNT = 100_000  # a higher one is an error


def find_paywalled(parsed: ParsedPage) -> list[Candidate[bool]]:
    """Return whether the article is for subscribers only, where the page declares it."""
    is_free = str(parsed.json_ld_article.get("isAccessibleForFree"))
    rule = json_ld.rule_of(parsed.json_ld_article, "isAccessibleForFree")
    tier = meta.content(parsed.meta, "article:content_tier")
    return present(
        Candidate(is_free.lower() == "false", rule, is_free) if is_free.lower() in ("true", "false") else None,
        Candidate(tier.value.lower() == "locked", tier.rule, tier.value) if tier else None,
    )


def find_truncated(parsed: ParsedPage, words: int, last_line: str = "") -> list[Candidate[bool]]:
    """Return whether the page holds less than the article.

    That is, far fewer words than JSON-LD's `wordCount`; where it gives none, whether the last line breaks off.
    """
    word_count = str(parsed.json_ld_article.get("wordCount") or "")
    if word_count.isdecimal() and 0 < int(word_count) < MAX_WORD_COUNT:
        rule = json_ld.rule_of(parsed.json_ld_article, "wordCount")
        return [Candidate(words < int(word_count) * MIN_WORD_SHARE, rule, word_count)]
    return [Candidate(True, "body:end", last_line[-MAX_EVIDENCE_LENGTH:])] if BREAKS_OFF.search(last_line) else []
