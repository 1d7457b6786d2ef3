"""What outlets put around an article's text: datelines, credits, invitations to follow, links to other articles."""

import re

from scrapers.dedup.documents import Document

# "TRIBUN-MEDAN.COM, SEMARANG - ", "JAKARTA, KOMPAS.com – ", "Liputan6.com, Jakarta -- ": who and where, then a dash.
_DATELINE = re.compile(r"\s*[^\s–—-][^–—\n]{0,60}?\s[–—-]{1,2}\s")

_FOOTER = re.compile(
    r"(?:"
    r"(?:Ikuti|Simak|Dapatkan|Mari bergabung|Gabung|Cek|Pilih saluran|Follow|Download|Unduh|Saksikan)\b[^.!?]{0,120}"
    r"(?:Google News|WhatsApp|Telegram|channel|kanal|saluran|update|aplikasi|breaking news|berita (?:terbaru|pilihan|"
    r"terkini|selengkapnya|lainnya|menarik))[^.!?]{0,120}(?:\.com\b|\.co\b|\.id\b)?[^.!?]{0,60}[.!?]"
    r"|(?:Editor|Penulis|Reporter|Sumber|Laporan)\s*:\s*(?:[A-Z][\w'.-]*\s?){1,4}"
    r"|\([a-z]{2,4}(?:/[a-z]{2,4}){1,2}\)"
    r"|SCROLL TO CONTINUE WITH CONTENT|\bADVERTISEMENT\b|\bAdvertisement\b"
    r"|\[Gambas:[^\]]{0,60}\]"
    r")"
)
_LINKS = re.compile(r"\b(?:Baca [Jj]uga|BACA JUGA)\s*:\s*")


def without_boilerplate(document: Document) -> str:
    """Return the body without dateline, credits, invitations and the words that announce a link."""
    body = _DATELINE.sub("", document.body, count=1) if _DATELINE.match(document.body) else document.body
    return _LINKS.sub(" . ", _FOOTER.sub(" . ", body))
