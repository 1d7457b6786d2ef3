"""Addresses that lead into pages without end, told by their look: calendars, repeated folders, ever longer queries."""

import re
from collections import Counter
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from scrapers.urls import LONGEST_URL

MOST_FOLDERS = 16
MOST_REPEATS = 2  # of one folder; StormCrawler's maxPathRepetition is 3
MOST_PARAMETERS = 10
OLDEST_YEAR = 1900
AHEAD = timedelta(days=366)  # an event may be announced so long before
DATE = re.compile(r"/(\d{4})[/-](\d{1,2})(?:[/-](\d{1,2}))?(?=[/-]|$)")


def trap(url: str, today: date) -> str | None:
    """Return why an address looks like a trap's: url_length, depth, repetition, query, calendar; else None."""
    if len(url) > LONGEST_URL:
        return "url_length"
    parts = urlsplit(url)
    folders = [folder for folder in parts.path.split("/") if folder]
    if len(folders) > MOST_FOLDERS:
        return "depth"
    if len(folders) - len(set(folders)) >= MOST_REPEATS:
        named = Counter(folder for folder in folders if not folder.isdecimal())
        if max(named.values(), default=0) > MOST_REPEATS:
            return "repetition"
    if parts.query and len(parse_qsl(parts.query, keep_blank_values=True)) > MOST_PARAMETERS:
        return "query"
    if any(_is_out_of_time(found, today) for found in DATE.findall(parts.path)):
        return "calendar"
    return None


def _is_out_of_time(found: tuple[str, str, str], today: date) -> bool:
    """Return whether a date in a path is one of no article; numbers that are no date are an article's own."""
    try:
        day = date(int(found[0]), int(found[1]), int(found[2] or 1))
    except ValueError:
        return False
    return day.year < OLDEST_YEAR or day > today + AHEAD
