"""Dates as news pages print them, in a dozen languages, as instants with the precision that was printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.extract.clean import clean

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the first news site
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # where nothing says when the page was fetched
# Abbreviations that name one offset only; of `IST`, `CST` in China and the like nobody can tell. RFC 2822, 4.3.
HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eest": 3, "msk": 3,
    "wib": 7, "wita": 8, "wit": 9, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
# How the months begin in Indonesian, English, German, French, Spanish, Italian, Portuguese, Dutch, Romanian, the
# Scandinavian languages, Polish, Turkish and Russian: all that abbreviations leave of them.
MONTHS = (
    "jan jän ene gen ian sty oca янв", "feb fév fev peb lut şub фев", "mar mär maa мар", "apr avr abr kwi nis апр",
    "mei may mai mag maj мая", "jun juin giu iun cze haz июн", "jul juil lug iul lip tem июл",
    "agu agt ags aug aoû aou ago sie ağu авг", "sep set wrz eyl сен", "okt oct out ott paź eki окт",
    "nov nop noi lis kas ноя", "des dec déc dez dic gru ara дек",
)  # fmt: skip
NUMBERS = {beginning: number for number, names in enumerate(MONTHS, 1) for beginning in names.split()}

TIME = (
    r"(?P<hour>[0-9]{1,2})(?:[:.h時시]\s?|Uhr\s)(?P<minute>[0-9]{2})"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?[분分]?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
ZONE = (
    r"(?:\s?\(?(?:Uhr\s?)?(?P<zone>(?:GMT|UTC)?[+-][0-9]{2}(?::?[0-9]{2})?"
    rf"|{'|'.join(sorted([*HOURS, *PLACES], key=len, reverse=True))})(?![a-z0-9:]))?"
)
BEFORE_TIME = (
    r"(?:(?:[\s,|@–—·•/-]|pukul|jam|at|um|om|kl\.?|à|às|a las|ore|alle|[월화수목금토일]요일|\([月火水木金土日]\)){1,6})"
)
MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
FORMS = tuple(
    re.compile(form + rf"(?:(?:T|\s?T\s?|{BEFORE_TIME}){TIME}{ZONE})?", re.IGNORECASE)
    for form in (
        r"(?<![0-9])(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})(?![0-9])",
        r"(?<![0-9])(?P<year>[0-9]{4})\s?[年년]\s?(?P<month>[0-9]{1,2})\s?[月월]\s?(?P<day>[0-9]{1,2})\s?[日일]",
        rf"(?<![0-9])(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:[\s/-]|\sde\s|\sof\s){{0,2}}{MONTH}"
        r",?(?:[\s/-]|\sde[l]?\s){1,2}(?P<year>[0-9]{4})(?![0-9])",
        rf"(?<!\w){MONTH}\s(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>[0-9]{{4}})(?![0-9])",
        r"(?<![0-9])(?P<day>[0-9]{1,2})(\s?[/.-]\s?)(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})(?![0-9])",
        r"(?<![0-9.])(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{2})(?![0-9.])",
    )
)
TIME_FIRST = re.compile(  # 10:30 PM EDT, Thu March 8, 2026
    rf"(?<![0-9:.,]){TIME}{ZONE}(?:[\s,|–—·•/-]|on|uhr|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\.?"
    r"|senin|selasa|rabu|kamis|jum.?at|sabtu|minggu){1,6}$",
    re.IGNORECASE,
)
URL_DAY = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})([-/_])(?P<month>[01]?[0-9])\2(?P<day>[0-3]?[0-9])(?![0-9])"
)
LONGEST_LINE = 500  # characters of a text that a date is looked for in
WEEKDAY = re.compile(r"(?:(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Minggu|Ahad),? )?", re.IGNORECASE)
TAIL = re.compile(r"(?: \| .{1,40})?")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with the zone it was printed in, and how precisely: `day`, `minute` or `second`."""

    value: datetime
    precision: str
    has_zone: bool

    @property
    def is_day(self) -> bool:
        """Whether no time of day is known; midnight is what software writes where none is."""
        return self.precision == "day" or self.value.time() == time()

    @property
    def is_whole(self) -> bool:
        """Whether the time of day is known and the zone is."""
        return self.has_zone and not self.is_day


def read_date(text: str, time_zone: str, fetched_at: datetime | None = None) -> datetime | None:
    """Return the instant that a date such as `Minggu, 08 Maret 2026 - 10:56:00 WIB` names, with its offset.

    A date without a zone is in `time_zone` (IANA), one without a time is midnight there. None for what is no
    date, for a relative one (`2 hari lalu`), and for one before 1990 or later than a day after `fetched_at`.
    """
    moment = read_moment(text, time_zone, fetched_at)
    return moment.value if moment else None


@lru_cache(maxsize=1024)  # several layers of a page give a date in the same form
def read_moment(
    text: str, time_zone: str, fetched_at: datetime | None = None, *, month_first: bool = False
) -> Moment | None:
    """Return what `read_date` does with its precision; `month_first` says how 3/8/2026 is read."""
    line = clean(text[:LONGEST_LINE])
    for match in filter(None, (form.search(line) for form in FORMS)):
        parts = match.groupdict()
        if not parts["hour"] and (time_first := TIME_FIRST.search(line[: match.start()])):
            parts |= time_first.groupdict()
        is_year_last = match.start("year") > match.start("day")
        try:
            moment = _moment(parts, time_zone, is_year_last=is_year_last, month_first=month_first)
        except (ValueError, OverflowError):  # no such day, hour or offset
            continue
        if EARLIEST <= moment.value <= (fetched_at + timedelta(days=1) if fetched_at else LATEST):
            return moment
    return None


def day_of_url(url: str) -> str | None:
    """Return the day that an address names, such as `/2026/03/08/`."""
    match = URL_DAY.search(url)
    return f"{match['year']}-{match['month']}-{match['day']}" if match else None


def is_date_stamp(line: str) -> bool:
    """Return whether the line is a date and nothing else, but for a tail such as `| Bali`."""
    text = clean(line)
    weekday = WEEKDAY.match(text)
    begin = weekday.end() if weekday else 0
    matches = filter(None, (form.match(text, begin) for form in FORMS))
    return any(TAIL.fullmatch(text, match.end()) for match in matches)


def _moment(parts: Mapping[str, Any], time_zone: str, *, is_year_last: bool, month_first: bool) -> Moment:
    day, month = parts["day"], parts["month"]
    if month.isdecimal() and is_year_last and (int(month) > 12 or (month_first and int(day) <= 12)):
        day, month = month, day
    value = datetime(
        int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0),
        int(month) if month.isdecimal() else _number_of(month.lower()),
        int(day),
        _hour(parts),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        tzinfo=_offset(parts["zone"], time_zone),
    )
    precision = "second" if parts["second"] else "minute" if parts["minute"] else "day"
    return Moment(value, precision, has_zone=parts["zone"] is not None)


def _number_of(month: str) -> int:
    return NUMBERS.get(month[:4]) or NUMBERS.get(month[:3], 0)


def _hour(parts: Mapping[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower()
    return hour % 12 + (12 if half == "p" else 0) if half and hour <= 12 else hour


def _offset(zone: str | None, time_zone: str) -> tzinfo:
    if zone is None:
        return ZoneInfo(time_zone)
    name = zone.lower()
    if name in PLACES:
        return ZoneInfo(PLACES[name])
    if name in HOURS:
        return timezone(timedelta(hours=HOURS[name]))
    digits = name.removeprefix("gmt").removeprefix("utc").replace(":", "")
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
    return timezone(-offset if digits.startswith("-") else offset)
