"""Recognizing a notice in place of a story: the page is missing, or the article was taken down.

A notice is short and begins by calling its own page missing or removed. A story about a removal names who removed
what, and is longer.
"""

import re
from collections.abc import Sequence

from scrapers.extract.text.clean import clean

MAX_NOTICE_WORDS = 150  # of a notice and the text around it
MAX_SENTENCE_LENGTH = 300  # characters of a sentence that are searched
MAX_SENTENCES = 2  # at the start of the body that may announce it

PAGE_EN = r"(?:page|article|story|post|content|item|document|url|link)s?"
PAGE_ID = r"(?:halaman|laman|artikel|berita|konten|tulisan|tautan|url|link|postingan|dokumen)"
REMOVED_EN = r"(?:removed|deleted|unpublished|withdrawn|retracted|pulled|taken (?:down|offline))"
MISSING_EN = (
    rf"(?:{REMOVED_EN}|archived|expired|gone|missing|unavailable|not (?:be )?(?:found|available|exist)|cannot be found"
    r"|no longer (?:available|exists?|online|here|published|accessible)"
    r"|\w{2,6}n't (?:be found|exist|available|found|here))"
)
REMOVED_ID = r"(?:(?:di)?(?:hapus|cabut|tarik|turunkan|hilangkan)(?:kan)?|terhapus|kedaluwarsa|kadaluarsa)"
MISSING_ID = (
    rf"(?:{REMOVED_ID}|(?:tidak|tak) (?:lagi )?(?:dapat |bisa |berhasil )?(?:lagi )?(?:kami )?"
    r"(?:ada|tersedia|(?:di)?temukan|ketemu|diakses|ditampilkan|dibuka|ditayangkan|berlaku))"
)
LEAD_IN = (  # an apology or a status code before the notice
    r"\W*+(?:(?:we(?:'re| are)?|kami) )?(?:(?:(?:so |very )?sorry|oops|ups|uh[ -]oh|maaf|mohon maaf|memohon maaf|notice"
    r"|pemberitahuan|error|dear readers?)(?: but| that|,? karena)?\b)?\W*+(?:404\b\W*+)?"
)
REASON = r"(?:[^,.]{1,100}, )?"
UP_TO_WORDS = r"(?:[\w'/-]{1,40}[ ,]{1,2}){0,%d}"  # filled in with the most words that may stand between
REQUESTED = r"(?:that |which )?(?:you|your|is requested|was requested|requested|at this)"
NOTICE_PATTERNS = tuple(
    re.compile(LEAD_IN + pattern, re.IGNORECASE)
    for pattern in (
        rf"{REASON}(?:this|that) (?:\w{{1,20}} )?{PAGE_EN} {UP_TO_WORDS % 4}{MISSING_EN}\b",
        rf"(?:the )?requested {PAGE_EN} {UP_TO_WORDS % 6}{MISSING_EN}\b",
        rf"(?:the )?{PAGE_EN} {REQUESTED} {UP_TO_WORDS % 9}{MISSING_EN}\b",
        rf"(?:the )?{PAGE_EN} (?:(?:was|is|has been|could|may have been) )?{MISSING_EN}\b[^.]{{0,40}}\W*$",
        rf"(?:we )?(?:can(?:'t|not)|couldn't|could not|(?:were |are )?unable to) (?:seem to )?find (?:the|that|this"
        rf"|your) (?:\w{{1,20}} )?{PAGE_EN}\b",
        rf"(?:the editors?|we|the publisher) (?:have |has |had )?(?:\w{{1,12}} )?{REMOVED_EN} (?:this|the) {PAGE_EN}\b",
        rf"{REASON}{PAGE_ID} ini,? {UP_TO_WORDS % 4}{MISSING_ID}\b",
        rf"{PAGE_ID} (?:itu|tersebut|yang|anda|kamu),? {UP_TO_WORDS % 9}{MISSING_ID}\b[^.]{{0,60}}\W*$",
        rf"{PAGE_ID} (?:telah |sudah )?{MISSING_ID}\W*$",
        rf"(?:kami )?(?:tidak|tak) (?:dapat|bisa|berhasil) menemukan {PAGE_ID}\b",
        rf"(?:redaksi|kami) (?:\w{{1,12}} )?(?:menghapus|mencabut|menarik|menurunkan) {PAGE_ID} ini\b",
    )
)
STATUS_CODE = re.compile(
    r"\W*(?:error|http|kesalahan)?\W*(?:404|410|451)\W*(?:error|gone|not found|page|oops)?\W*", re.IGNORECASE
)
NOT_FOUND = re.compile(
    r"\W*(?:(?:error )?404\W+)?(?:not found|tidak ditemukan|nothing (?:was )?found)\W*", re.IGNORECASE
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def is_notice(headline: str, paragraphs: Sequence[str]) -> bool:
    """Return whether a page with this headline and body is a notice in place of a story."""
    words = 0
    for paragraph in paragraphs:
        words += len(paragraph.split())
        if words > MAX_NOTICE_WORDS:
            return False
    sentences = [
        sentence
        for paragraph in paragraphs[:MAX_SENTENCES]
        for sentence in SENTENCE_END.split(paragraph[:MAX_SENTENCE_LENGTH])
    ][:MAX_SENTENCES]
    return is_notice_sentence(headline) or any(map(is_notice_sentence, sentences))


def is_notice_sentence(sentence: str) -> bool:
    """Return whether a sentence or headline says that its own page is missing or was taken down."""
    text = clean(sentence[:MAX_SENTENCE_LENGTH]).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return any(pattern.fullmatch(text) for pattern in (STATUS_CODE, NOT_FOUND)) or any(
        pattern.match(text) for pattern in NOTICE_PATTERNS
    )
