"""Notices that stand where a story was: that the page is not there, or that the article was taken down.

Told by what they say of themselves: a short text that begins by calling its own page or article missing or removed.
A story about a removal says who removed what, and is longer.
"""

import re
from collections.abc import Sequence

from scrapers.extract.text.clean import clean

MOST_WORDS = 150  # of a notice with what stands around it
LONGEST = 300  # characters of a sentence that are looked at
FIRST = 2  # sentences that may say so

THING = r"(?:page|article|story|post|content|item|document|url|link)s?"
HAL = r"(?:halaman|laman|artikel|berita|konten|tulisan|tautan|url|link|postingan|dokumen)"
TAKEN = r"(?:removed|deleted|unpublished|withdrawn|retracted|pulled|taken (?:down|offline))"
GONE = (
    rf"(?:{TAKEN}|archived|expired|gone|missing|unavailable|not (?:be )?(?:found|available|exist)|cannot be found"
    r"|no longer (?:available|exists?|online|here|published|accessible)"
    r"|\w{2,6}n't (?:be found|exist|available|found|here))"
)
DIHAPUS = r"(?:(?:di)?(?:hapus|cabut|tarik|turunkan|hilangkan)(?:kan)?|terhapus|kedaluwarsa|kadaluarsa)"
HILANG = (
    rf"(?:{DIHAPUS}|(?:tidak|tak) (?:lagi )?(?:dapat |bisa |berhasil )?(?:lagi )?(?:kami )?"
    r"(?:ada|tersedia|(?:di)?temukan|ketemu|diakses|ditampilkan|dibuka|ditayangkan|berlaku))"
)
BEFORE = (  # an apology, a number, or for whose sake
    r"\W*(?:(?:we(?:'re| are)?|kami) )?(?:(?:(?:so |very )?sorry|oops|ups|uh[ -]oh|maaf|mohon maaf|memohon maaf|notice"
    r"|pemberitahuan|error|dear readers?)(?: but| that|,? karena)?\b)?\W*(?:404\b\W*)?"
)
FOR_WHOM = r"(?:[^,.]{1,100}, )?"
WORDS = r"(?:[\w'/-]{1,40}[ ,]{1,2}){0,%d}"  # at most so many words between
ASKED = r"(?:that |which )?(?:you|your|is requested|was requested|requested|at this)"
SAYS = tuple(
    re.compile(BEFORE + pattern, re.IGNORECASE)
    for pattern in (
        rf"{FOR_WHOM}(?:this|that) (?:\w{{1,20}} )?{THING} {WORDS % 4}{GONE}\b",
        rf"(?:the )?requested {THING} {WORDS % 6}{GONE}\b",
        rf"(?:the )?{THING} {ASKED} {WORDS % 9}{GONE}\b",
        rf"(?:the )?{THING} (?:(?:was|is|has been|could|may have been) )?{GONE}\b[^.]{{0,40}}\W*$",
        rf"(?:we )?(?:can(?:'t|not)|couldn't|could not|(?:were |are )?unable to) (?:seem to )?find (?:the|that|this"
        rf"|your) (?:\w{{1,20}} )?{THING}\b",
        rf"(?:the editors?|we|the publisher) (?:have |has |had )?(?:\w{{1,12}} )?{TAKEN} (?:this|the) {THING}\b",
        rf"{FOR_WHOM}{HAL} ini,? {WORDS % 4}{HILANG}\b",
        rf"{HAL} (?:itu|tersebut|yang|anda|kamu),? {WORDS % 9}{HILANG}\b[^.]{{0,60}}\W*$",
        rf"{HAL} (?:telah |sudah )?{HILANG}\W*$",
        rf"(?:kami )?(?:tidak|tak) (?:dapat|bisa|berhasil) menemukan {HAL}\b",
        rf"(?:redaksi|kami) (?:\w{{1,12}} )?(?:menghapus|mencabut|menarik|menurunkan) {HAL} ini\b",
    )
)
NUMBER = re.compile(
    r"\W*(?:error|http|kesalahan)?\W*(?:404|410|451)\W*(?:error|gone|not found|page|oops)?\W*", re.IGNORECASE
)
NOT_FOUND = re.compile(
    r"\W*(?:(?:error )?404\W+)?(?:not found|tidak ditemukan|nothing (?:was )?found)\W*", re.IGNORECASE
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def is_notice(headline: str, paragraphs: Sequence[str]) -> bool:
    """Return whether a page with this headline and body is a notice in the place of a story."""
    words = 0
    for paragraph in paragraphs:
        words += len(paragraph.split())
        if words > MOST_WORDS:
            return False
    begin = [one for paragraph in paragraphs[:FIRST] for one in SENTENCE_END.split(paragraph[:LONGEST])][:FIRST]
    return says_so(headline) or any(map(says_so, begin))


def says_so(sentence: str) -> bool:
    """Return whether a sentence, or a headline, says that its page is not there or was taken down."""
    text = clean(sentence[:LONGEST]).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return any(one.fullmatch(text) for one in (NUMBER, NOT_FOUND)) or any(one.match(text) for one in SAYS)
