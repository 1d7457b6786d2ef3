"""Parsing dates as news pages and feeds print them, in a dozen languages, with the precision that was printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.extract.text.clean import clean
from scrapers.extract.text.months import month_number

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # older than any news site
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # the upper bound where the time of the fetch is not known
# Abbreviations with one offset in practice, in hours: RFC 822 (5.1) for those of the United States except `CST`,
# else the tz database's.
UTC_OFFSET_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "trt": 3, "eat": 3, "cat": 2, "sast": 2, "wat": 1, "pkt": 5, "npt": 5.75, "ict": 7,
    "wib": 7, "wita": 8, "wit": 9, "sgt": 8, "myt": 8, "hkt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "hst": -10, "akst": -9, "akdt": -8,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "adt": -3, "brt": -3,
}  # fmt: skip
US_ZONES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
# Abbreviations shared by several zones: not read unless the outlet's own zone has this name.
AMBIGUOUS_ZONES = (
    "ist", "cst", "bst", "ast", "gst", "sst", "wst", "amt", "art", "pyt", "ect", "idt", "ndt", "nst", "mmt", "bt",
    "lkt", "irst", "uzt", "aft", "bdt", "fjt", "chst", "clt", "cot", "pet", "vet", "egst", "get", "azt",
)  # fmt: skip
# Abbreviations that newspapers use and the tz database lacks
LOCAL_ABBREVIATIONS = {"Asia/Dhaka": "bst", "Asia/Riyadh": "ast", "Asia/Dubai": "gst", "Asia/Colombo": "ist"}
TIME = (
    r"(?:(?P<half_before>오전|오후|午前|午後|上午|下午)\s?)?(?P<hour>[0-9]{1,2})(?:[:.h時시]\s?|Uhr\s)(?P<minute>[0-9]{2})"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?[분分]?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
# `GMT+7`, `UTC +05:30`, `+0700`, `-500`; a known abbreviation, in capitals where it may be a word (`10h30 est`);
# or capitals at the end that look like an unknown zone's
SIGN = r"[+\u2212-]"
OFFSET = (
    rf"(?:(?:GMT|UTC)\s?{SIGN}[0-9]{{1,2}}(?::?[0-9]{{2}})?"
    rf"|{SIGN}(?:[0-9]{{2}}(?::?[0-9]{{2}})?|[0-9]:?[0-9]{{2}}))(?![0-9])"
)
LOWERCASE_ZONES = r"z|utc?|gmt|wib|wita?|ces?t|mes?z|jst|kst|[ecmp]dt|[mp]st|ae[sd]t|msk"
ZONE_NAMES = "|".join(
    sorted((name.upper() for name in (*UTC_OFFSET_HOURS, *US_ZONES, *AMBIGUOUS_ZONES)), key=len, reverse=True)
)
ZONE = (
    rf"(?:\s?\(?(?:Uhr\s?)?(?P<zone>{OFFSET}|(?:{LOWERCASE_ZONES})(?![a-z0-9:])|(?-i:{ZONE_NAMES})(?![a-z0-9:])"
    r"|(?-i:[A-Z]{2,3}T)(?=\s{0,3}(?:[),|]|$))))?"
)
MAX_OFFSET, MAX_MINUTES = timedelta(hours=14), 59  # Kiribati's is the largest
NAMED_OFFSET = re.compile(
    rf"(?:GMT|UTC)?\s?(?P<sign>{SIGN})(?P<hours>[0-9]{{1,2}}?):?(?P<minutes>[0-9]{{2}})?(?:\s?(?:\[[^]]*\]|\([^)]*\)|[A-Z]{{2,5}}))?",
    re.IGNORECASE,
)
# A time in the form of RSS or Atom, then whatever stands in place of the zone
STANDARD_TIME = re.compile(
    r"(?P<time>(?:[^\W\d_][\w'’]{1,11}\.?,?\s{1,3})?[0-9]{1,2}\s[^\W\d_]{3,12}\.?\s[0-9]{2,4}\s{1,3}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"\s{0,3}(?![ap]\.?m\b)(?P<zone>[^\s:.].{0,60})",
    re.IGNORECASE,
)
BEFORE_TIME = (
    r"(?:(?:[\s,|@–—·•/-]|pukul|jam|at|um|om|kl\.?|à|às|a las|ore|alle|[월화수목금토일]요일|\([月火水木金土日]\)){1,6})"
)
MONTH = r"(?P<month>[^\W\d_](?:[^\W\d_]|[\u0300-\u0dff]){2,13})\.?"  # with the vowel signs of Indian scripts
DAY_PATTERNS = (
    r"(?<![0-9])(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})(?![0-9])",
    r"(?<![0-9])(?P<year>[0-9]{4})\s?[年년]\s?(?P<month>[0-9]{1,2})\s?[月월]\s?(?P<day>[0-9]{1,2})\s?[日일]",
    rf"(?<![0-9])(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:[\s/-]|\sde\s|\sof\s){{0,2}}{MONTH}"
    r",?(?:[\s/-]|\sde[l]?\s){1,2}(?P<year>[0-9]{4})(?![0-9])",
    rf"(?<!\w){MONTH}\s(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>[0-9]{{4}})(?![0-9])",
    r"(?<![0-9])(?P<day>[0-9]{1,2})(\s?[/.-]\s?)(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})(?![0-9])",
    r"(?<![0-9.])(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{2})(?![0-9.])",
)
# 20260308, 20260308T103000Z: the basic format of ISO 8601
COMPACT = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[01][0-9])(?P<day>[0-3][0-9])"
    r"(?:T?(?P<hour>[0-2][0-9])(?P<minute>[0-5][0-9])(?P<second>[0-5][0-9])?\s?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
PM_BEFORE = frozenset({"오후", "午後", "下午"})
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙", "0123456789" * 5)
AMERICAN_ZONES = frozenset({*US_ZONES, "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "akst", "akdt", "hst"})
DATE_PATTERNS = (
    *(re.compile(day + rf"(?:(?:T|\s?T\s?|{BEFORE_TIME}){TIME}{ZONE})?", re.IGNORECASE) for day in DAY_PATTERNS),
    re.compile(  # Thu Mar 8 10:30:00 WIB 2026: what Java, Ruby and `date` print
        rf"(?<!\w){MONTH}\s(?P<day>[0-9]{{1,2}})\s{TIME}{ZONE}\s(?P<year>[0-9]{{4}})(?![0-9])", re.IGNORECASE
    ),
)
TIME_FIRST = re.compile(  # 10:30 PM EDT, Thu March 8, 2026
    rf"(?<![0-9:.,]){TIME}{ZONE}(?:[\s,|–—·•/-]|on|uhr|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\.?"
    r"|senin|selasa|rabu|kamis|jum.?at|sabtu|minggu){1,6}$",
    re.IGNORECASE,
)
URL_DAY = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})([-/_])(?P<month>[01]?[0-9])\2(?P<day>[0-3]?[0-9])(?![0-9])"
)
MAX_DATE_TEXT_LENGTH = 500  # characters of a text in which a date is searched
WEEKDAY = re.compile(r"(?:(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Minggu|Ahad),? )?", re.IGNORECASE)
DATE_STAMP_TAIL = re.compile(r"(?: \| .{1,40})?")


class AmbiguousZone(ValueError):
    """A time is printed with an abbreviation that several time zones share."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in the zone that it was printed in, and its precision: `day`, `minute` or `second`."""

    value: datetime
    precision: str
    has_zone: bool

    @property
    def is_day(self) -> bool:
        """Whether the time of day is unknown; midnight counts, since software prints it where there is no time."""
        return self.precision == "day" or self.value.time() == time()

    @property
    def is_whole(self) -> bool:
        """Whether both the time of day and the zone are known."""
        return self.has_zone and not self.is_day


def read_date(text: str, time_zone: str, fetched_at: datetime | None = None) -> datetime | None:
    """Return the aware instant that a printed date names, such as `Minggu, 08 Maret 2026 - 10:56:00 WIB`.

    A date without a zone is read in `time_zone` (IANA), one without a time as midnight there. None for text that is no
    date, relative dates (`2 hari lalu`), ambiguous zones (`IST`), and dates before 1990 or a day after `fetched_at`.
    """
    moment = read_moment(text, time_zone, fetched_at)
    return moment.value if moment else None


@lru_cache(maxsize=1024)  # several layers of a page print the same date
def read_moment(
    text: str, time_zone: str, fetched_at: datetime | None = None, *, month_first: bool = False
) -> Moment | None:
    """Like `read_date`, with the precision; with `month_first`, 3/8/2026 is 8 March."""
    line = clean(text[:MAX_DATE_TEXT_LENGTH])
    line = line if line.isascii() else line.translate(DIGITS)
    for match in filter(None, (COMPACT.fullmatch(line), *(pattern.search(line) for pattern in DATE_PATTERNS))):
        parts = match.groupdict()
        if not parts["hour"] and (time_before := TIME_FIRST.search(line[: match.start()])):
            parts |= time_before.groupdict()
        is_year_last = match.start("year") > match.start("day")
        try:
            moment = _moment(parts, time_zone, is_year_last=is_year_last, month_first=month_first)
        except AmbiguousZone:  # in a zone that isn't known, even the day may be wrong
            return None
        except (ValueError, OverflowError):  # no such day, hour or offset
            continue
        if EARLIEST <= moment.value <= (fetched_at + timedelta(days=1) if fetched_at else LATEST):
            return moment
    return None


def read_feed_moment(text: str, time_zone: str) -> Moment | None:
    """Return the instant of a feed's date: RFC 822, ISO 8601, or any form that `read_moment` reads.

    Text after a time in one of these standards is taken as its zone; where that zone is not known, None is returned.
    A time without a zone is in `time_zone`.
    """
    line = " ".join(text[:MAX_DATE_TEXT_LENGTH].split())
    try:
        if (instant := datetime.fromisoformat(line)).tzinfo:
            is_in_world = abs(instant.utcoffset() or timedelta()) <= MAX_OFFSET
            return Moment(instant, "second", has_zone=True) if is_in_world else None
    except ValueError:
        pass
    if not (standard := STANDARD_TIME.fullmatch(line)):
        return read_moment(text, time_zone)
    try:
        value = _naive_time(standard["time"])
        zone = zone_of(standard["zone"], time_zone, value) if value else None
        return Moment(value.replace(tzinfo=zone), "second", has_zone=True) if value and zone else None
    except (ValueError, OverflowError):  # no such offset
        return None


def _naive_time(text: str) -> datetime | None:
    """Return the date and time without a zone."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text).replace(tzinfo=None)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    moment = read_moment(text, "UTC")
    return moment.value.replace(tzinfo=None) if moment else None


def has_ambiguous_zone(text: str, time_zone: str) -> bool:
    """Return whether the text prints a time in a zone that can't be told."""
    line = clean(text[:MAX_DATE_TEXT_LENGTH])
    zones = [match["zone"] for pattern in DATE_PATTERNS if (match := pattern.search(line)) and match["zone"]]
    return any(zone_of(zone, time_zone, datetime(2026, 1, 1)) is None for zone in zones)  # noqa: DTZ001 - any day will do


def day_of_url(url: str) -> str | None:
    """Return the day in an address, such as `/2026/03/08/`, as `2026-03-08`; None where there is none."""
    match = URL_DAY.search(url)
    return f"{match['year']}-{match['month']}-{match['day']}" if match else None


def is_date_stamp(line: str) -> bool:
    """Return whether the line is nothing but a date, apart from a tail such as `| Bali`."""
    text = clean(line)
    weekday = WEEKDAY.match(text)
    start = weekday.end() if weekday else 0
    matches = filter(None, (pattern.match(text, start) for pattern in DATE_PATTERNS))
    return any(DATE_STAMP_TAIL.fullmatch(text, match.end()) for match in matches)


def _moment(parts: Mapping[str, Any], time_zone: str, *, is_year_last: bool, month_first: bool) -> Moment:
    day, month = parts["day"], parts["month"]
    month_first = month_first or _is_american(parts)
    if month.isdecimal() and is_year_last and (int(month) > 12 or (month_first and int(day) <= 12)):
        day, month = month, day
    value = datetime(  # noqa: DTZ001 - the zone is added below, and may depend on it
        int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0),
        int(month) if month.isdecimal() else month_number(month) or 0,
        int(day),
        _hour(parts),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
    )
    value = value.replace(tzinfo=_offset(parts["zone"], time_zone, value))
    precision = "second" if parts["second"] else "minute" if parts["minute"] else "day"
    return Moment(value, precision, has_zone=parts["zone"] is not None)


def _is_american(parts: Mapping[str, str | None]) -> bool:
    """Return whether a time is written as in the USA: with AM or PM, in a zone of theirs."""
    return bool(parts.get("half")) and (parts["zone"] or "").lower() in AMERICAN_ZONES


def _hour(parts: Mapping[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    before = parts.get("half_before")
    am_pm = ("p" if before in PM_BEFORE else "a") if before else (parts.get("half") or "").lower()
    return hour % 12 + (12 if am_pm == "p" else 0) if am_pm and hour <= 12 else hour


def _offset(zone: str | None, time_zone: str, local_time: datetime) -> tzinfo:
    """Return the zone printed after a time, or the outlet's; raises AmbiguousZone where it can't be told."""
    if zone is None:
        return ZoneInfo(time_zone)
    offset = zone_of(zone, time_zone, local_time)
    if offset is None:
        raise AmbiguousZone(zone)
    return offset


def zone_of(zone: str, time_zone: str, local_time: datetime) -> tzinfo | None:
    """Return the zone that an offset or an abbreviation names; None where it can't be told, or is none in the world.

    An abbreviation that the outlet's own zone uses at that local time means that zone: `IST` in Asia/Kolkata, `CST` in
    Asia/Shanghai, `BST` in Europe/London.
    """
    name = zone.strip().lower()
    if offset_match := NAMED_OFFSET.fullmatch(name):
        hours, minutes = int(offset_match["hours"]), int(offset_match["minutes"] or 0)
        offset = timedelta(hours=hours, minutes=minutes)
        if minutes > MAX_MINUTES or offset > MAX_OFFSET:
            return None
        return timezone(offset if offset_match["sign"] == "+" else -offset)
    own_zone = ZoneInfo(time_zone)
    if name in ((local_time.replace(tzinfo=own_zone).tzname() or "").lower(), LOCAL_ABBREVIATIONS.get(time_zone)):
        return own_zone
    if name in US_ZONES:
        return ZoneInfo(US_ZONES[name])
    return timezone(timedelta(hours=UTC_OFFSET_HOURS[name])) if name in UTC_OFFSET_HOURS else None
