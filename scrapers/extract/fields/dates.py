"""When the article was published and modified, by what the page's layers say and where they agree."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import inline_scripts, json_ld, microdata
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, contains_any
from scrapers.extract.text.date_parser import UTC_OFFSET_HOURS, Moment, day_of_url, has_ambiguous_zone, read_moment

Dates = list[Candidate[Moment | None]]
"""What was found, best first; a value of None is a text that names no date."""

# Elements that may print a date, by their class or their text; with the headings that they follow.
OF_DATE = contains_any(r"date|time|tanggal|waktu|publi|post|meta|byline|info|created")
OF_A_YEAR = etree.XPath("/descendant::body/descendant::*/text()[contains(., '20') or contains(., '19')]/..")
LONGEST_TEXT = 100  # characters of a text beside which nothing else says that it is a date
OF_JAKARTA = contains_any(r"\b(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu)\b")
ISO = re.compile(r"[0-9]{4}-")
IS_CHANGE = re.compile(
    r"updat|modif|aktualis|actualiz|mise à jour|mis à jour|diperbarui|ändert|bijgewerkt|aggiorn", re.I
)
IS_PUBLICATION = re.compile(r"publi|posted|creat|entry-date|pubdate|terbit|tayang|veröffentlicht|erstellt", re.I)
UTC_MARK = re.compile(r"(?<=[0-9])\s?(?:Z|\+00:?00)$")
# Where forums and social networks put the time that their script prints in the reader's own zone.
UNIX_TIMES = ("data-time", "data-timestamp", "data-utime", "data-unixtime")
UNIX_TIME = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
LONGEST_LINE = 150  # characters of a line that dates the article; a paragraph has more
LONGEST_STAMP = 40  # characters of a date with a time, a weekday and a word before it
MOST_LINES = 400  # such lines that are looked at


def published(parsed: ParsedPage) -> Dates:
    """Return when the article was published, best first.

    Structured data goes first; where it gives only a day, or no zone, another layer that names the same time more
    fully is better, and one that agrees with the day in the page's address is better than one that does not. What
    is printed is read only where nothing else says a date, and the address's day is the last resort.
    """
    found = _structured(parsed, "date_published", "datePublished", "dateCreated")
    if parsed.rules.publisher or not any(one.value and one.value.is_whole for one in found):
        found += [
            _read(parsed, said) for said in present(inline_scripts.find_value(parsed.inline_scripts, "publish_date"))
        ]
    found += _declared(parsed, "date_published")
    if not any(one.value for one in found):
        found = _printed(parsed) + found
    in_url = day_of_url(parsed.page.url)
    day = _read(parsed, Candidate(in_url, "page:url")) if in_url else None
    return _ranked(parsed, [*found, *present(day)], near=day.value if day else None)


def modified(parsed: ParsedPage) -> Dates:
    """Return when the article was last modified, best first."""
    return _ranked(parsed, _structured(parsed, "date_modified", "dateModified") + _declared(parsed, "date_modified"))


def _structured(parsed: ParsedPage, field: str, *properties: str) -> Dates:
    """Return the field's dates that JSON-LD and microdata hold as one of schema.org's properties, and meta elements."""
    in_ld = present(*(json_ld.text(parsed.json_ld_article, name) for name in properties))
    in_meta = [Candidate(one.value[0], one.rule) for one in parsed.meta_by_field[field]]
    in_items = present(*(microdata.text(parsed.microdata, name) for name in properties))
    return [_read(parsed, said) for said in (*in_ld, *in_meta, *in_items)]


def _declared(parsed: ParsedPage, field: str) -> Dates:
    return [_read(parsed, said) for said in present(parsed.selected_text(field))]


def _printed(parsed: ParsedPage) -> Dates:
    """Return the dates that scripts hold or the page prints, of the first of these ways that gives any.

    Elements whose class speaks of a date go before any short text. Of either those that follow the headline go first,
    and of these those that speak of publication and not of a change, then time elements.
    """
    ways: tuple[Callable[[], list[Candidate[str]]], ...] = (
        lambda: present(inline_scripts.find_date(parsed.inline_scripts)),
        lambda: _in_order(parsed, "html:date", parsed.marked_elements(OF_DATE, "h1", "time")),
        lambda: _in_order(parsed, "html:text", _dated(parsed)),
    )
    unread: Dates = []
    for way in ways:
        read = [_read(parsed, said) for said in way()]
        if found := [one for one in read if one.value]:
            return sorted(found, key=lambda one: not _names_zone(one))
        unread += [one for one in read if has_ambiguous_zone(one.raw or "", parsed.rules.time_zone)]
    return unread


def _names_zone(found: Candidate[Moment | None]) -> bool:
    """Return whether a date is printed with the name of its zone, as few but an article's own are."""
    return bool(found.value and found.value.has_zone and not ISO.match(found.raw or ""))


def _dated(parsed: ParsedPage) -> list[etree._Element]:
    """Return the elements of the body that hold a short text with what may be a year, and the headings."""
    found = {element for element in cast("list[etree._Element]", OF_A_YEAR(parsed.root)) if _is_dated(element)}
    return parsed.in_document_order(found, "h1")


def _is_dated(element: etree._Element) -> bool:
    if element.tag in ("body", "script", "style"):
        return False
    own = filter(None, (element.text, *(child.tail for child in element)))
    return any(len(text) < LONGEST_TEXT and ("20" in text or "19" in text) and "©" not in text for text in own)


def _in_order(parsed: ParsedPage, rule: str, elements: Sequence[etree._Element]) -> list[Candidate[str]]:
    lines: list[tuple[tuple[bool, ...], Candidate[str]]] = []
    is_before = True
    for element in elements[:MOST_LINES]:
        if element.tag == "h1":
            is_before = False
        elif (line := _line(element)) and not parsed.is_aside(element):
            marks = f"{element.get('class')} {element.get('itemprop')} {line}"
            is_change, is_publication = bool(IS_CHANGE.search(marks)), bool(IS_PUBLICATION.search(marks))
            order = (is_change, is_before, not is_publication, element.tag != "time", len(line) > LONGEST_STAMP)
            lines.append((order, Candidate(line, "html:time" if element.tag == "time" else rule)))
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def _line(element: etree._Element) -> str:
    """Return what an element prints or holds of a date, if it is short enough to be one."""
    stamp = element.get("datetime") or element.get("data-datetime") or element.get("content") or _unix_time(element)
    if element.tag == "abbr":  # microformats.org/wiki/abbr-design-pattern
        stamp = stamp or element.get("title", "")
    return clean(stamp) if re.search("[0-9]{4}", stamp) else _short_text(element)


def _short_text(element: etree._Element) -> str:
    """Return the element's text; an empty one where it is too short or too long for a date."""
    pieces, length = [], 0
    for piece in cast("Iterator[str]", element.itertext()):
        pieces.append(piece)
        length += len("".join(piece.split(None, LONGEST_LINE)))  # a script's words need not all be counted
        if length > LONGEST_LINE:  # what holds a whole page need not be read to its end
            return ""
    text = clean("".join(pieces))
    return text if 6 <= len(text) <= LONGEST_LINE else ""


def _unix_time(element: etree._Element) -> str:
    """Return the instant that a data attribute holds as seconds or milliseconds since 1970, in ISO 8601."""
    for name in UNIX_TIMES:
        if value := element.get(name):
            return datetime.fromtimestamp(int(value[:10]), UTC).isoformat() if UNIX_TIME.fullmatch(value) else ""
    return ""


def _read(parsed: ParsedPage, said: Candidate[str]) -> Candidate[Moment | None]:
    zone = parsed.rules.time_zone
    if not parsed.rules.publisher and OF_JAKARTA(said.value):
        zone = "Asia/Jakarta"
    text = UTC_MARK.sub("", said.value) if parsed.rules.utc_is_local else said.value
    moment = read_moment(text, zone, parsed.page.fetched_at, month_first=parsed.declared_language == "en-us")
    return Candidate(moment, said.rule, raw=said.value)


def _ranked(parsed: ParsedPage, found: Dates, near: Moment | None = None) -> Dates:
    """Return what was found with the best first; `near` is the day in the page's address."""
    readable = [one for one in found if one.value]
    if not readable:
        return found
    best = readable[0]
    if near and not _is_near(best.value, near):
        best = next((one for one in readable if _is_near(one.value, near)), best)
    fuller = [one for one in readable if _is_fuller(one.value, best.value)]
    best = fuller[0] if fuller else best
    local = _local(parsed, best, readable)
    return [local, *(one for one in readable if one is not best), *(one for one in found if not one.value)]


def _local(parsed: ParsedPage, best: Candidate[Moment | None], others: Dates) -> Candidate[Moment | None]:
    """Return a time in UTC as the site's own, where the page shows what clock or calendar say there.

    Where the page prints that very time of day with a zone, the UTC was a lie. A naive time of another layer that is
    whole quarters of an hour apart is that clock's; of a day in the address only the least offset is known that puts
    the instant on that day.
    """
    moment = best.value
    if not moment or moment.is_day or not moment.has_zone or moment.value.utcoffset():
        return best
    if name := _zone_printed_with(moment, parsed):
        zone = timezone(timedelta(hours=UTC_OFFSET_HOURS[name.lower()]))
        return replace(
            best, value=replace(moment, value=moment.value.replace(tzinfo=zone)), rule=f"{best.rule} + {name}"
        )
    for other in others:
        offset = _offset_between(moment, other.value) if other.value and not other.rule.startswith("html") else None
        if offset and abs(offset) <= timedelta(hours=14):
            local = moment.value.astimezone(timezone(offset))
            return replace(best, value=replace(moment, value=local), rule=f"{best.rule} + {other.rule}")
    return best


def _zone_printed_with(moment: Moment, parsed: ParsedPage) -> str | None:
    """Return the Indonesian zone that the page prints after this time of day."""
    if not parsed.prints_indonesian_zone:
        return None
    printed = re.search(rf"{moment.value:%H[:.]%M}(?::[0-9]{{2}})? ?(WIB|WITA|WIT)\b".encode(), parsed.page.body)
    return printed[1].decode() if printed else None


def _offset_between(moment: Moment, other: Moment) -> timedelta | None:
    """Return how far a clock without a zone, or the day of an address, is from the time in UTC."""
    if other.has_zone:
        return None
    apart = other.value.replace(tzinfo=UTC) - moment.value
    if not other.is_day:
        return apart if not apart % timedelta(minutes=15) else None
    hour = timedelta(hours=1)
    if timedelta() < apart <= timedelta(days=1):  # the day after: as many hours as are left of this one
        return -(-apart // hour) * hour
    if timedelta(days=-2) < apart <= timedelta(days=-1):  # the day before: more than have passed of this one
        return -((-apart - timedelta(days=1)) // hour + 1) * hour
    return None


def _is_near(one: Moment | None, other: Moment | None) -> bool:
    """Return whether two dates name about the same day; zones may put a day between them."""
    return one is not None and other is not None and abs(one.value.date() - other.value.date()) <= timedelta(days=1)


def _is_fuller(one: Moment | None, other: Moment | None) -> bool:
    """Return whether a date is the other one, with a time of day or a zone that the other lacks."""
    if not one or not other or one.is_day or one.value.date() != other.value.date():
        return False
    if other.is_day or not one.has_zone or other.has_zone:
        return other.is_day
    is_same_time = one.value.time().replace(second=0) == other.value.time().replace(second=0)
    return is_same_time and one.value != other.value
