"""Splitting off a story's date line at its beginning, and the writers' initials at its end."""

import re
from collections.abc import Set
from dataclasses import dataclass

from scrapers.extract.text.clean import clean, compact

WORDS = r"[^\W\d_a-z][^,:;.!?“”\"()]{1,40}"
SITE = r"(?i:[\w-]{2,40}(?:\.[a-z]{2,4}){1,2})"
DASH = r" ?(?:[-–—]{1,2})(?= |$) ?"
FORMS = (  # matched at the paragraph's first character
    re.compile(rf"(?P<agency>{SITE}), ?(?P<place>{WORDS}?)(?:{DASH}|: ?)"),  # Liputan6.com, Jakarta -
    re.compile(rf"(?P<place>{WORDS}(?:, ?{WORDS})?) ?\((?P<agency>{WORDS})\){DASH}"),  # Rembang, Jateng (ANTARA) -
    re.compile(rf"(?P<place>{WORDS}(?:, ?{WORDS})?), ?(?P<agency>{SITE}) ?(?:[-–—]{{1,2}}) ?"),  # JAKARTA, KOMPAS.com -
)
OUTLET_FORMS = (  # valid only where the agency is the outlet itself
    re.compile(rf"(?P<place>{WORDS}), ?(?P<agency>{WORDS}?){DASH}"),  # Jakarta, CNN Indonesia --
    re.compile(rf"(?P<agency>{SITE}){DASH}"),  # Merdeka.com -
)
PLACE_ALONE = re.compile(rf"(?P<place>{WORDS}?(?:, ?{WORDS}?)?) ?[-–—]{{1,2}}(?: (?=[^\W_a-z]|[“\"'])|$)")  # Jakarta -
MAX_DATE_LINE_LENGTH = 120  # characters
MAX_PLACE_WORDS = 4  # of a place without an agency
INITIALS = re.compile(
    r"(?:^|(?<=[.!?…\"”’)]) )"
    r"\((?P<initials>[A-Za-z]{2,5}|[A-Za-z][\w.]{1,20}(?:/[A-Za-z][\w. ]{1,25}){1,3})\)$"
)


@dataclass(frozen=True, slots=True)
class DateLine:
    """A story's place and agency as printed, and its first paragraph without them."""

    place: str | None
    agency: str | None
    rest: str


def split_date_line(
    paragraph: str, outlet_names: Set[str] = frozenset(), *, is_indonesian: bool = False
) -> DateLine | None:
    """Return the date line at the paragraph's start, such as `WASHINGTON, iNews.id - `, or None.

    `outlet_names` are the outlet's names as `compact` returns them; any of these counts as an agency, whatever its
    form. A place without an agency is accepted only in Indonesian, where no sentence begins with a name and a dash.
    """
    start = paragraph[:MAX_DATE_LINE_LENGTH]
    for form in FORMS:
        if (match := form.match(start)) and _is_place(match["place"]):
            return _date_line(match, paragraph)
    for form in OUTLET_FORMS:
        match = form.match(start)
        if match and compact(match["agency"]) in outlet_names and _is_place(match.groupdict().get("place") or "X"):
            return _date_line(match, paragraph)
    match = PLACE_ALONE.match(start) if is_indonesian else None
    if match and _is_place(match["place"]) and len(match["place"].split()) <= MAX_PLACE_WORDS:
        return _date_line(match, paragraph)
    return None


def _date_line(match: re.Match[str], paragraph: str) -> DateLine:
    parts = match.groupdict()
    place, agency = clean(parts.get("place") or ""), clean(parts.get("agency") or "")
    return DateLine(place or None, agency or None, paragraph[match.end() :].strip())


def _is_place(text: str) -> bool:
    """Return whether no word begins with a lower-case letter."""
    return not any(word[0].islower() for word in text.split())


def split_initials(paragraph: str) -> tuple[str, str | None]:
    """Return the paragraph without the initials of its writers at the end, such as `(fyk/ash)`, and the initials."""
    match = INITIALS.search(paragraph[-MAX_DATE_LINE_LENGTH:])
    if not match:
        return paragraph, None
    return paragraph[: len(paragraph) - len(match[0])].rstrip(), match["initials"]
