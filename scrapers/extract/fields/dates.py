"""When the article was published and modified, by what the page's layers declare, and where they agree."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import cast
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.dom.links import split_host
from scrapers.extract.layers import inline_scripts, json_ld, microdata
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, contains_any
from scrapers.extract.text.date_parser import UTC_OFFSET_HOURS, Moment, day_of_url, has_ambiguous_zone, read_moment

DateCandidates = list[Candidate[Moment | None]]
"""Best first; the value is None where the raw text names no date."""

# Elements that may print a date, by their class or their text.
NAMES_DATE = contains_any(r"date|time|tanggal|waktu|publi|post|meta|byline|info|created")
ELEMENTS_WITH_YEAR = etree.XPath("/descendant::body/descendant::*/text()[contains(., '20') or contains(., '19')]/..")
MAX_BARE_TEXT_LENGTH = 100  # characters of a text in an element that nothing marks as a date
HAS_INDONESIAN_WEEKDAY = contains_any(r"\b(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu)\b")
ISO_DATE = re.compile(r"[0-9]{4}-")
IS_CHANGE = re.compile(
    r"updat|modif|aktualis|actualiz|mise à jour|mis à jour|diperbarui|ändert|bijgewerkt|aggiorn", re.I
)
IS_PUBLICATION = re.compile(r"publi|posted|creat|entry-date|pubdate|terbit|tayang|veröffentlicht|erstellt", re.I)
UTC_MARK = re.compile(r"(?<=[0-9])\s?(?:Z|\+00:?00)$")
# Attributes in which forums and social networks keep the time that a script prints in the reader's zone.
UNIX_TIME_ATTRIBUTES = ("data-time", "data-timestamp", "data-utime", "data-unixtime")
UNIX_TIME = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
# The zones of countries whose newspapers print an abbreviation that another country's use as well.
COUNTRY_ZONES = {
    "in": "Asia/Kolkata", "il": "Asia/Jerusalem", "ie": "Europe/Dublin", "lk": "Asia/Colombo", "cn": "Asia/Shanghai",
    "tw": "Asia/Taipei", "bd": "Asia/Dhaka", "uk": "Europe/London", "gb": "Europe/London", "ae": "Asia/Dubai",
    "om": "Asia/Dubai", "sa": "Asia/Riyadh", "qa": "Asia/Riyadh", "kw": "Asia/Riyadh", "bh": "Asia/Riyadh",
}  # fmt: skip
LOCALE_LENGTH = 5  # of `en-IN`
MAX_DATE_LINE_LENGTH = 150  # characters of a line with a date; a paragraph has more
MAX_STAMP_LENGTH = 40  # characters of a date with a time, a weekday and a word before it
MAX_LINES = 400  # that are examined
ONE_DAY = timedelta(days=1)


def find_published(parsed: ParsedPage) -> DateCandidates:
    """Return candidates for the publication date, best first.

    Structured data goes first; printed dates are read only where nothing else gives one, and the day in the page's
    address is the last resort. `_rank` says which candidate wins.
    """
    candidates = _from_structured_data(parsed, "date_published", "datePublished", "dateCreated")
    if parsed.rules.publisher or not any(candidate.value and candidate.value.is_whole for candidate in candidates):
        in_script = inline_scripts.find_value(parsed.inline_scripts, "publish_date")
        candidates += [_parse(parsed, candidate) for candidate in present(in_script)]
    candidates += _from_selector(parsed, "date_published")
    if not any(candidate.value for candidate in candidates):
        candidates = _find_printed(parsed) + candidates
    in_url = day_of_url(parsed.page.url)
    day = _parse(parsed, Candidate(in_url, "page:url")) if in_url else None
    return _rank(parsed, [*candidates, *present(day)], day_in_url=day.value if day else None)


def find_modified(parsed: ParsedPage) -> DateCandidates:
    """Return candidates for the date of the last modification, best first."""
    structured = _from_structured_data(parsed, "date_modified", "dateModified")
    return _rank(parsed, structured + _from_selector(parsed, "date_modified"))


def _from_structured_data(parsed: ParsedPage, field: str, *properties: str) -> DateCandidates:
    """Return the field's dates in JSON-LD, meta elements and microdata; `properties` are its names at schema.org."""
    in_json_ld = present(*(json_ld.text(parsed.json_ld_article, name) for name in properties))
    in_meta = [Candidate(candidate.value[0], candidate.rule) for candidate in parsed.meta_by_field[field]]
    in_microdata = present(*(microdata.text(parsed.microdata, name) for name in properties))
    return [_parse(parsed, candidate) for candidate in (*in_json_ld, *in_meta, *in_microdata)]


def _from_selector(parsed: ParsedPage, field: str) -> DateCandidates:
    return [_parse(parsed, candidate) for candidate in present(parsed.selected_text(field))]


def _find_printed(parsed: ParsedPage) -> DateCandidates:
    """Return the dates of the first source that has any: scripts, elements named for a date, then any short text.

    Where none has one, return the texts whose time zone is ambiguous.
    """
    sources: tuple[Callable[[], list[Candidate[str]]], ...] = (
        lambda: present(inline_scripts.find_date(parsed.inline_scripts)),
        lambda: _rank_lines(parsed, "html:date", parsed.index.find_named(NAMES_DATE, "h1", "time")),
        lambda: _rank_lines(parsed, "html:text", _elements_with_year(parsed)),
    )
    ambiguous: DateCandidates = []
    for source in sources:
        candidates = [_parse(parsed, candidate) for candidate in source()]
        if readable := [candidate for candidate in candidates if candidate.value]:
            return sorted(readable, key=lambda candidate: not _names_zone(candidate))
        zone = parsed.rules.time_zone
        ambiguous += [candidate for candidate in candidates if has_ambiguous_zone(candidate.raw or "", zone)]
    return ambiguous


def _names_zone(candidate: Candidate[Moment | None]) -> bool:
    """Return whether a date is printed with a zone's name, as an article's own date may be and few others are."""
    return bool(candidate.value and candidate.value.has_zone and not ISO_DATE.match(candidate.raw or ""))


def _elements_with_year(parsed: ParsedPage) -> list[etree._Element]:
    """Return the h1 elements, and those with a short text that may contain a year, in document order."""
    elements = cast("list[etree._Element]", ELEMENTS_WITH_YEAR(parsed.root))
    return parsed.index.in_document_order({*filter(_has_short_text_with_year, elements), *parsed.elements_by_tag["h1"]})


def _has_short_text_with_year(element: etree._Element) -> bool:
    if element.tag in ("body", "script", "style"):
        return False
    own_texts = filter(None, (element.text, *(child.tail for child in element)))
    short = (text for text in own_texts if len(text) < MAX_BARE_TEXT_LENGTH)
    return any(("20" in text or "19" in text) and "©" not in text for text in short)


def _rank_lines(parsed: ParsedPage, rule: str, elements: Sequence[etree._Element]) -> list[Candidate[str]]:
    """Return the lines that may print the date, best first.

    Publications go before changes, lines below the headline before those above, lines that speak of publication before
    others, time elements before others, and short lines before long ones.
    """
    lines: list[tuple[tuple[bool, ...], Candidate[str]]] = []
    is_above = True
    for element in elements[:MAX_LINES]:
        if element.tag == "h1":
            is_above = False
        elif (line := _date_text(element)) and not parsed.is_aside(element):
            evidence = f"{element.get('class')} {element.get('itemprop')} {line}"
            is_change, is_publication = bool(IS_CHANGE.search(evidence)), bool(IS_PUBLICATION.search(evidence))
            order = (is_change, is_above, not is_publication, element.tag != "time", len(line) > MAX_STAMP_LENGTH)
            lines.append((order, Candidate(line, "html:time" if element.tag == "time" else rule)))
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def _date_text(element: etree._Element) -> str:
    """Return the date in an element's attributes, else its text; empty where that is too long for a date."""
    stamp = element.get("datetime") or element.get("data-datetime") or element.get("content") or _unix_time(element)
    if element.tag == "abbr":  # microformats.org/wiki/abbr-design-pattern
        stamp = stamp or element.get("title", "")
    return clean(stamp) if re.search("[0-9]{4}", stamp) else _short_text(element)


def _short_text(element: etree._Element) -> str:
    """Return the element's text; empty where it is too short or too long for a date."""
    pieces, length = [], 0
    for piece in cast("Iterator[str]", element.itertext()):
        pieces.append(piece)
        length += len("".join(piece.split(None, MAX_DATE_LINE_LENGTH)))  # a script need not be split to its end
        if length > MAX_DATE_LINE_LENGTH:  # nor an element that holds the whole page be read to its end
            return ""
    text = clean("".join(pieces))
    return text if 6 <= len(text) <= MAX_DATE_LINE_LENGTH else ""


def _unix_time(element: etree._Element) -> str:
    """Return the Unix time in a data attribute, given in seconds or milliseconds, in ISO 8601."""
    for name in UNIX_TIME_ATTRIBUTES:
        if value := element.get(name):
            is_time = UNIX_TIME.fullmatch(value)
            return datetime.fromtimestamp(int(value[:10]), UTC).isoformat() if is_time else ""
    return ""


def _parse(parsed: ParsedPage, candidate: Candidate[str]) -> Candidate[Moment | None]:
    zone = parsed.rules.time_zone
    if not parsed.rules.publisher and HAS_INDONESIAN_WEEKDAY(candidate.value):
        zone = "Asia/Jakarta"
    text = UTC_MARK.sub("", candidate.value) if parsed.rules.utc_is_local else candidate.value
    moment = read_moment(text, zone, parsed.page.fetched_at, month_first=parsed.declared_language == "en-us")
    if moment is None and zone == "UTC" and (local := _country_zone(parsed)):  # `IST` may be India's or Israel's
        moment = read_moment(text, local, parsed.page.fetched_at) if has_ambiguous_zone(text, zone) else None
    return Candidate(moment, candidate.rule, raw=candidate.value)


def _country_zone(parsed: ParsedPage) -> str | None:
    """Return the zone of the country that the page's host or its language names, where it prints an ambiguous one."""
    suffix = split_host(urlsplit(parsed.page.url).hostname or "").suffix.rpartition(".")[2]
    locale = next(iter(parsed.meta.get("og:locale", ())), "") or parsed.declared_language
    region = locale.replace("_", "-").rpartition("-")[2].lower() if len(locale) == LOCALE_LENGTH else ""
    return COUNTRY_ZONES.get(suffix) or COUNTRY_ZONES.get(region)


def _rank(parsed: ParsedPage, candidates: DateCandidates, day_in_url: Moment | None = None) -> DateCandidates:
    """Return the candidates, best first; those that could not be parsed stand last.

    The first one is best, unless only another agrees with the day in the page's address. A candidate that gives the
    same time with a time of day or a zone that the best lacks takes its place.
    """
    readable = [candidate for candidate in candidates if candidate.value]
    if not readable:
        return candidates
    best = readable[0]
    if day_in_url and not _is_near(best.value, day_in_url):
        best = next((candidate for candidate in readable if _is_near(candidate.value, day_in_url)), best)
    best = next((candidate for candidate in readable if _is_fuller(candidate.value, best.value)), best)
    others = [candidate for candidate in readable if candidate is not best]
    unreadable = [candidate for candidate in candidates if not candidate.value]
    return [_in_local_time(parsed, best, readable), *others, *unreadable]


def _in_local_time(
    parsed: ParsedPage, best: Candidate[Moment | None], candidates: DateCandidates
) -> Candidate[Moment | None]:
    """Return a time in UTC in the site's own zone, where the page reveals that.

    Where the page prints the same time of day with a zone, UTC was wrong and the printed zone is right. A time without
    a zone in another layer reveals the offset if it differs by whole quarters of an hour; the day in the address
    reveals only the smallest offset that puts the instant on that day.
    """
    moment = best.value
    if not moment or moment.is_day or not moment.has_zone or moment.value.utcoffset():
        return best
    if name := _zone_printed_with(moment, parsed):
        zone = timezone(timedelta(hours=UTC_OFFSET_HOURS[name.lower()]))
        return _replaced(best, moment, moment.value.replace(tzinfo=zone), name)
    for candidate in candidates:
        is_printed = candidate.rule.startswith("html")
        offset = _offset_between(moment, candidate.value) if candidate.value and not is_printed else None
        if offset and abs(offset) <= timedelta(hours=14):
            return _replaced(best, moment, moment.value.astimezone(timezone(offset)), candidate.rule)
    return best


def _replaced(
    candidate: Candidate[Moment | None], moment: Moment, instant: datetime, evidence: str
) -> Candidate[Moment | None]:
    return replace(candidate, value=replace(moment, value=instant), rule=f"{candidate.rule} + {evidence}")


def _zone_printed_with(moment: Moment, parsed: ParsedPage) -> str | None:
    """Return the Indonesian zone that the page prints after this time of day."""
    if not parsed.prints_indonesian_zone:
        return None
    printed = re.search(rf"{moment.value:%H[:.]%M}(?::[0-9]{{2}})? ?(WIB|WITA|WIT)\b".encode(), parsed.page.body)
    return printed[1].decode() if printed else None


def _offset_between(moment: Moment, local: Moment) -> timedelta | None:
    """Return the offset of a local time without a zone, or of a day in the address, from the time in UTC."""
    if local.has_zone:
        return None
    difference = local.value.replace(tzinfo=UTC) - moment.value
    if not local.is_day:
        return difference if not difference % timedelta(minutes=15) else None
    hour = timedelta(hours=1)
    if timedelta() < difference <= timedelta(days=1):  # the next day: at least the hours that remain of this day
        return -(-difference // hour) * hour
    if timedelta(days=-2) < difference <= timedelta(days=-1):  # the day before: more hours than have passed
        return -((-difference - timedelta(days=1)) // hour + 1) * hour
    return None


def _is_near(moment: Moment | None, second: Moment | None) -> bool:
    """Return whether two dates are at most a day apart, as the same day may be in different zones."""
    return moment is not None and second is not None and abs(moment.value.date() - second.value.date()) <= ONE_DAY


def _is_fuller(moment: Moment | None, shorter: Moment | None) -> bool:
    """Return whether a date is the same as the other, with a time of day or a zone that the other lacks."""
    if not moment or not shorter or moment.is_day or moment.value.date() != shorter.value.date():
        return False
    if shorter.is_day or not moment.has_zone or shorter.has_zone:
        return shorter.is_day
    is_same_time = moment.value.time().replace(second=0) == shorter.value.time().replace(second=0)
    return is_same_time and moment.value != shorter.value
