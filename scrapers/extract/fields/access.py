"""Whether the article is behind a paywall, and whether the page holds all of it."""

import re
from itertools import islice

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import json_ld, meta, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, contains_any

BREAKS_OFF = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s?$"
    r"|(?:\.\.\.|…)\s?(?:read more|continue reading|(?:baca )?selengkapnya|weiterlesen|lire la suite|leer más)\W*$"
    r"|\b(?:baca|lihat|simak) selengkapnya\W*(?:di (?:sini|\S{1,40}))?\W*$"
    r"|^(?:read (?:more|the full (?:story|article))|continue reading)\W*$"
    r"|^(?:(?:subscribe|log in|sign in) to (?:continue|keep) reading.{0,100}"
    r"|(?:berlangganan|langganan) untuk (?:membaca|melanjutkan).{0,100})$",
    re.IGNORECASE,
)
NAMES_WALL = contains_any(r"paywall|reg-?wall|register-?wall|email-?wall|metered|subscri(?:be|ption)-?wall")
ASKS_TO_SUBSCRIBE = re.compile(
    r"already (?:a subscriber|subscribed)|subscribe (?:now|today)? ?to (?:read|continue|unlock)|subscribers? only"
    r"|(?:untuk|khusus) pelanggan|berlangganan untuk|nur für abonnenten"
    r"|réservé (?:à nos|aux) abonnés|solo suscriptores",
    re.IGNORECASE,
)
MAX_STUB_WORDS = 400  # of what a paywall shows; a whole article may be shorter, hence the other signs
MAX_TEXTS, MAX_CHILDREN, MAX_WALL_LENGTH = 2000, 10, 250  # elements that are examined; characters of their text
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

    That is, far fewer words than JSON-LD's `wordCount`; where it gives none, whether the last line breaks off, or a
    short text stands on a page that declares a paywall and prints one.
    """
    word_count = str(parsed.json_ld_article.get("wordCount") or "")
    if word_count.isdecimal() and 0 < int(word_count) < MAX_WORD_COUNT:
        rule = json_ld.rule_of(parsed.json_ld_article, "wordCount")
        return [Candidate(words < int(word_count) * MIN_WORD_SHARE, rule, word_count)]
    if BREAKS_OFF.search(last_line):
        return [Candidate(True, "body:end", last_line[-MAX_EVIDENCE_LENGTH:])]
    return present(_find_wall(parsed)) if 0 < words <= MAX_STUB_WORDS else []


def _find_wall(parsed: ParsedPage) -> Candidate[bool] | None:
    """Return True where the page is declared to be for subscribers, and has a wall or asks to subscribe."""
    if not any(paywalled.value for paywalled in find_paywalled(parsed)):
        return None
    names = (f"{element.get('class', '')} {element.get('id', '')}" for element in parsed.index.elements())
    if wall := next(filter(NAMES_WALL, names), None):
        return Candidate(True, "html:paywall", clean(wall))
    elements = islice(parsed.root.iter("p", "div", "h2", "h3"), MAX_TEXTS)
    texts = (clean(selectors.text_of(element)) for element in elements if len(element) <= MAX_CHILDREN)
    asking = next((text for text in texts if len(text) <= MAX_WALL_LENGTH and ASKS_TO_SUBSCRIBE.search(text)), None)
    return Candidate(True, "html:paywall", asking[-MAX_EVIDENCE_LENGTH:]) if asking else None
