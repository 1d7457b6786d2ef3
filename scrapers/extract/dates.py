"""Dates as news pages print them, in Indonesian and English, as instants."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from scrapers.extract.clean import clean

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the first news site
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # where nothing says when the page was fetched
HOURS = {"z": 0, "utc": 0, "gmt": 0, "wib": 7, "wita": 8, "wit": 9}  # Indonesia's zones have no summer time
MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8,
    "agt": 8, "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip

TIME = r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
ZONE = r"(?:\s?(?P<zone>Z|WIB|WITA|WIT|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)(?![a-z0-9:]))?"
YEAR_FIRST = re.compile(
    r"(?<![0-9])(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?![0-9])"
    rf"(?:[T ]{{1,2}}{TIME}{ZONE})?",
    re.IGNORECASE,
)
DAY_FIRST = re.compile(
    r"(?<![0-9])(?P<day>[0-9]{1,2})[ /.-](?P<month>[a-z]{3,9}\.?|[0-9]{1,2})[ /.-](?P<year>[0-9]{4})(?![0-9])"
    rf"(?:[ ,|@–-]{{1,4}}(?:(?:pukul|jam)\s)?{TIME}{ZONE})?",
    re.IGNORECASE,
)
WEEKDAY = r"(?:(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Minggu|Ahad),? )?"
STAMP = re.compile(rf"{WEEKDAY}{DAY_FIRST.pattern}(?: \| .{{1,40}})?", re.IGNORECASE)


def read_date(text: str, time_zone: str, fetched_at: datetime | None = None) -> datetime | None:
    """Return the instant that a date such as `Minggu, 08 Maret 2026 - 10:56:00 WIB` names, with its offset.

    A date without a zone is in `time_zone` (IANA), one without a time is midnight there. None for what is no
    date, for a relative one (`2 hari lalu`), and for one before 1990 or later than a day after `fetched_at`.
    """
    match = YEAR_FIRST.search(clean(text)) or DAY_FIRST.search(clean(text))
    if not match:
        return None
    try:
        moment = _moment(match.groupdict(), time_zone)
        latest = fetched_at + timedelta(days=1) if fetched_at else LATEST
        return moment if EARLIEST <= moment <= latest else None
    except (ValueError, OverflowError):  # no such day, hour or offset
        return None


def is_date_stamp(line: str) -> bool:
    """Return whether the line is a date and nothing else, but for a tail such as `| Bali`."""
    return bool(STAMP.fullmatch(clean(line)))


def _moment(parts: dict[str, str | None], time_zone: str) -> datetime:
    month = parts["month"] or ""
    return datetime(
        int(parts["year"] or 0),
        int(month) if month.isdecimal() else MONTHS.get(month[:3].lower(), 0),
        int(parts["day"] or 0),
        int(parts["hour"] or 0),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        tzinfo=_offset(parts["zone"], time_zone),
    )


def _offset(zone: str | None, time_zone: str) -> tzinfo:
    if zone is None:
        return ZoneInfo(time_zone)
    if zone.lower() in HOURS:
        return timezone(timedelta(hours=HOURS[zone.lower()]))
    digits = zone.replace(":", "")
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
    return timezone(-offset if zone.startswith("-") else offset)
