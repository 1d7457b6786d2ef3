"""Removes what outlets put around an article's text: datelines, credits, calls to follow, links to other articles."""

import re

from scrapers.dedup.text.documents import Document
from scrapers.extract.text.promos import CHANNELS

# "TRIBUN-MEDAN.COM, SEMARANG - ", "JAKARTA, KOMPAS.com – ", "Liputan6.com, Jakarta -- ": who and where, then a dash.
_DATELINE = re.compile(r"\s*[^\s–—-][^–—\n]{0,60}?\s[–—-]{1,2}\s")

# Words that boilerplate starts with, and the patterns of the whole; searching for the words alone first is fast.
_OPENING = re.compile(
    r"Ikuti |Simak |Dapatkan |Mari bergabung|Gabung |Pilih saluran|Follow |Download |Unduh |"
    r"Editor|Penulis|Reporter|Sumber|Artikel ini |SCROLL TO|ADVERTISEMENT|Advertisement|\[Gambas|"
    r"\([a-z]{2,4}/|Baca [Jj]uga|BACA JUGA"
)
_BOILERPLATE = re.compile(
    rf"[A-Z]\w+ [^.!?]{{0,120}}?(?:{CHANNELS})[^.!?]{{0,120}}(?:\.com?\b[^.!?]{{0,60}})?[.!?]"
    r"|(?:Editor|Penulis|Reporter|Sumber)\s*:\s*(?:[A-Z][\w'.-]*\s?){1,4}"
    r"|Artikel ini (?:telah|sudah) tayang di [^\s]{1,40}"
    r"|\([a-z]{2,4}(?:/[a-z]{2,4}){1,2}\)"
    r"|SCROLL TO CONTINUE WITH CONTENT|ADVERTISEMENT|Advertisement"
    r"|\[Gambas:[^\]]{0,60}\]"
    r"|B(?:aca [Jj]uga|ACA JUGA)\s*:?"
)


def without_boilerplate(document: Document) -> str:
    """Return the body without dateline, credits, calls to follow and the words that introduce a link."""
    body = document.body
    dateline = _DATELINE.match(body)
    kept, end = [], dateline.end() if dateline else 0
    for opening in _OPENING.finditer(body, end):
        found = _BOILERPLATE.match(body, opening.start())
        if found and opening.start() >= end:
            kept.append(body[end : found.start()])
            end = found.end()
    return " . ".join([*kept, body[end:]])


# a search for a text is much faster than one for an expression that doesn't start with one
_REPRINTED = re.compile(r"Artikel ini (?:telah|sudah) tayang di ")
_SOURCE = re.compile(r"\bSumber\s*: ?ANTARA\b")


def is_syndicated(document: Document) -> bool:
    """Return whether the article says that another outlet or an agency published it first."""
    body = document.body
    if "(ANTARA)" in body or _REPRINTED.search(body):
        return True
    return "Sumber" in body and bool(_SOURCE.search(body))
