"""What stands before a story's first word and after its last: its date line, its writers' initials."""

import re
from collections.abc import Set
from dataclasses import dataclass

from scrapers.extract.text.clean import clean, compact

WORDS = r"[^\W\d_a-z][^,:;.!?“”\"()]{1,40}"
SITE = r"(?i:[\w-]{2,40}(?:\.[a-z]{2,4}){1,2})"
DASH = r" ?(?:[-–—]{1,2})(?= |$) ?"
FORMS = (  # each begins at the paragraph's first character
    re.compile(rf"(?P<agency>{SITE}), ?(?P<place>{WORDS}?)(?:{DASH}|: ?)"),  # Liputan6.com, Jakarta -
    re.compile(rf"(?P<place>{WORDS}(?:, ?{WORDS})?) ?\((?P<agency>{WORDS})\){DASH}"),  # Rembang, Jateng (ANTARA) -
    re.compile(rf"(?P<place>{WORDS}(?:, ?{WORDS})?), ?(?P<agency>{SITE}) ?(?:[-–—]{{1,2}}) ?"),  # JAKARTA, KOMPAS.com -
)
OF_OUTLET = (  # where the agency is the outlet itself
    re.compile(rf"(?P<place>{WORDS}), ?(?P<agency>{WORDS}?){DASH}"),  # Jakarta, CNN Indonesia --
    re.compile(rf"(?P<agency>{SITE}){DASH}"),  # Merdeka.com -
)
PLACE_ALONE = re.compile(rf"(?P<place>{WORDS}?(?:, ?{WORDS}?)?) ?[-–—]{{1,2}}(?: (?=[^\W_a-z]|[“\"'])|$)")  # Jakarta -
LONGEST_DATE_LINE = 120  # characters
MOST_WORDS = 4  # of a place without an agency
INITIALS = re.compile(
    r"(?:^|(?<=[.!?…\"”’)]) )"
    r"\((?P<initials>[A-Za-z]{2,5}|[A-Za-z][\w.]{1,20}(?:/[A-Za-z][\w. ]{1,25}){1,3})\)$"
)


@dataclass(frozen=True, slots=True)
class DateLine:
    """A story's place and agency, as they are written, and its first paragraph without them."""

    place: str | None
    agency: str | None
    rest: str


def split_date_line(paragraph: str, outlet: Set[str] = frozenset(), *, is_indonesian: bool = False) -> DateLine | None:
    """Return the date line that the paragraph begins with, such as `WASHINGTON, iNews.id - `; None for any other.

    `outlet` are the outlet's names as `compact` gives them: any words may be an agency's name. A place alone is a date
    line only in Indonesian, where sentences do not begin with a name and a dash.
    """
    begin = paragraph[:LONGEST_DATE_LINE]
    for form in FORMS:
        if (match := form.match(begin)) and _is_place(match["place"]):
            return _date_line(match, paragraph)
    for form in OF_OUTLET:
        match = form.match(begin)
        if match and compact(match["agency"]) in outlet and _is_place(match.groupdict().get("place") or "X"):
            return _date_line(match, paragraph)
    match = PLACE_ALONE.match(begin) if is_indonesian else None
    if match and _is_place(match["place"]) and len(match["place"].split()) <= MOST_WORDS:
        return _date_line(match, paragraph)
    return None


def _date_line(match: re.Match[str], paragraph: str) -> DateLine:
    parts = match.groupdict()
    place, agency = clean(parts.get("place") or ""), clean(parts.get("agency") or "")
    return DateLine(place or None, agency or None, paragraph[match.end() :].strip())


def _is_place(text: str) -> bool:
    """Return whether each word begins as a name does."""
    return not any(word[0].islower() for word in text.split())


def split_initials(paragraph: str) -> tuple[str, str | None]:
    """Return the paragraph without the initials of writer and editor at its end, such as `(fyk/ash)`, and these."""
    match = INITIALS.search(paragraph[-LONGEST_DATE_LINE:])
    if not match:
        return paragraph, None
    return paragraph[: len(paragraph) - len(match[0])].rstrip(), match["initials"]
