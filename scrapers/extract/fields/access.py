"""Whether the article is behind a paywall, and whether the page holds all of it."""

import re
from itertools import islice

from lxml import etree

from scrapers.extract.body.blocks import is_hidden
from scrapers.extract.candidate import Candidate, present
from scrapers.extract.dom.class_names import names_of
from scrapers.extract.layers import json_ld, meta, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import contains_any

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
# What a wall says to readers who are to pay or to register before they read on.
ASKS_TO_READ_ON = re.compile(
    r"already (?:a subscriber|subscribed)|subscribers? only|(?:continue|keep) reading"
    r"|to (?:read|unlock) (?:the|this|more)|(?:untuk|khusus) pelanggan|berlangganan untuk"
    r"|(?:lanjut(?:kan)?|untuk) membaca|für abonnent|weiter ?lesen|lesen sie weiter|lire la suite"
    r"|réservée?s? (?:à nos|aux) abonnés|(?:seguir|continuar) (?:leyendo|lendo)"
    r"|(?:solo|para) (?:suscriptores|assinantes)|riservat[oa] agli abbonati|continua(?:re)? a leggere"
    r"|verder (?:te )?lezen",
    re.IGNORECASE,
)
HIDING_WORDS = frozenset({"hide", "hidden", "invisible"})  # in the class of a wall that a script shows to some readers
MAX_WALLS = 20  # that are examined
EDGE_LENGTH = 40  # characters at the end of the story's last line, by which it is known
MAX_WALL_LENGTH = 500  # characters that are searched
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
    page that is declared to be for subscribers shows a wall.
    """
    word_count = str(parsed.json_ld_article.get("wordCount") or "")
    if word_count.isdecimal() and 0 < int(word_count) < MAX_WORD_COUNT:
        rule = json_ld.rule_of(parsed.json_ld_article, "wordCount")
        return [Candidate(words < int(word_count) * MIN_WORD_SHARE, rule, word_count)]
    if BREAKS_OFF.search(last_line):
        return [Candidate(True, "body:end", last_line[-MAX_EVIDENCE_LENGTH:])]
    return present(_find_wall(parsed, last_line)) if words else []


def _find_wall(parsed: ParsedPage, last_line: str) -> Candidate[bool] | None:
    """Return True where the page is declared to be for subscribers, and shows a wall that asks to read on.

    An element that is named a wall and holds the story's last line is the story of which a script would hide a part.
    """
    if not any(paywalled.value for paywalled in find_paywalled(parsed)):
        return None
    walls = islice(filter(_is_named_wall, parsed.index.elements()), MAX_WALLS)
    texts = (selectors.spaced_text_of(wall) for wall in walls if not _is_hidden(wall))
    wall = next((text for text in texts if _asks_to_read_on(text, last_line)), None)
    return Candidate(True, "html:paywall", wall[:MAX_EVIDENCE_LENGTH]) if wall else None


def _is_named_wall(element: etree._Element) -> bool:
    return NAMES_WALL(f"{element.get('class', '')} {element.get('id', '')}")


def _is_hidden(element: etree._Element) -> bool:
    """Return whether the element or one around it is not displayed, by an attribute or its class."""
    around = (element, *element.iterancestors())
    return any(is_hidden(above.get) or HIDING_WORDS & names_of(above.get("class") or "") for above in around)


def _asks_to_read_on(text: str, last_line: str) -> bool:
    holds_story = bool(last_line) and last_line[-EDGE_LENGTH:] in text
    return not holds_story and ASKS_TO_READ_ON.search(text[:MAX_WALL_LENGTH]) is not None
