"""Who made a picture, in its caption: `… (Foto: Sari Dewi)`, `… © AFP`, `… ANTARA FOTO/Sari Dewi/foc`."""

import re

from scrapers.extract.text.bylines import split_credit
from scrapers.extract.text.clean import clean

MAX_CREDIT_LENGTH = 100  # characters
WORDS = (
    r"foto|fotografi[ae]?|fotoğraf|photo(?:graph)?s?|images?|pictures?|bild|gambar|illustrations?|ilustrasi|graphic"
    r"|credits?|copyright|sumber|source|quelle|crédits?|dok(?:umentasi)?"
)
CREDIT_WORD = re.compile(
    rf"^\W*(?:(?:{WORDS})\b\s?(?:credit|gambar|photo|by|oleh|von|par|:|/|©|\.)*\s*)+|^\s*(?:©|\(c\)|by |oleh )\s*",
    re.IGNORECASE,
)
# At a caption's end: a word and a colon, a copyright sign, or names in brackets with an agency's.
MARKED = re.compile(
    rf"(?:^|(?<=[\s(\[|]))(?:©|\b(?:{WORDS})(?: credit| gambar| foto)?\s?:"
    r"|\b(?:photo|photograph|image|illustration) (?:by|via) )\s?(?P<credit>[^()\[\]:©]{2,100})[)\]]?\.?$",
    re.IGNORECASE,
)
AGENCY = r"AP|AFP|Reuters|REUTERS|Getty|GETTY|dpa|DPA|EPA|EFE|ANSA|Antara|ANTARA|Xinhua|Bloomberg|Shutterstock|iStock"
IN_BRACKETS = re.compile(rf"[(\[](?P<credit>[^()\[\]]{{0,80}}\b(?:{AGENCY})\b[^()\[\]]{{0,80}})[)\]]\.?$")
WITH_SLASH = re.compile(  # after the last sentence
    rf"(?:^|(?<=[.!?”\"] )|(?<=[.!?]))(?P<credit>(?:{AGENCY})(?: FOTO| Photo)?/[^.!?]{{2,80}}"
    rf"|[^.!?/]{{2,60}}/\s?(?:{AGENCY})\b[^.!?]{{0,40}})\.?$"
)
NAME_PARTS = frozenset({
    "via", "for", "of", "the", "and", "by", "from", "de", "von", "van", "der", "di", "da", "del", "la", "le", "dan",
    "und", "et", "y", "pool", "file", "foc", "nym", "dpa", "bin", "al", "el",
})  # fmt: skip
WORD = re.compile(r"[^\W\d_][\w'’.-]*")


def split_picture_credit(caption: str) -> tuple[str | None, str | None]:
    """Return the caption without its credit, and the credit without brackets and words such as `Foto`."""
    text, credit = split_credit(caption)
    if credit or not text:
        return text, credit and credit_name(credit)
    for form in (MARKED, IN_BRACKETS, WITH_SLASH):
        match = form.search(text)
        if match and _is_of_names(match["credit"]):
            return text[: match.start()].strip(" ([|–—-") or None, credit_name(match["credit"])
    return text, None


def credit_name(text: str) -> str | None:
    """Return who is credited, without a word such as `Foto:` and brackets; None where nothing is left."""
    return clean(CREDIT_WORD.sub("", text)).strip(" .()[]|,") or None


def _is_of_names(text: str) -> bool:
    """Return whether each word of the text may belong to a name."""
    return all(
        word[0].isupper() or word.strip(".-").lower() in NAME_PARTS or not word[0].islower()
        for word in WORD.findall(text)
    )
