"""What a crawl can be asked for: the arguments of `scrapy crawl` and of a Dag's form, read once for both.

limit                 the most pages to fetch
since, until          only articles of these days, ISO 8601, in the outlet's time zone; `until` is included
urls                  only these pages: addresses separated by spaces or commas, or `@FILE`; `@-` is standard input
full                  `true` fetches known pages again; an article that has changed gets a revision
run_id, requested_by  the run's UUID, and who asked for it; Airflow sets both
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from scrapers.errors import UsageError, shortened
from scrapers.items import CrawlScope
from scrapers.urls import LONGEST_URL, clean_url, with_scheme

SEPARATOR = re.compile(r",?\s+|,(?=https?://)")
MOST_PAGES = 1_000_000  # that one crawl may be asked to fetch
MOST_URLS = 10_000  # that it may be given
MOST_BYTES = 20_000_000  # of a list of them
YEARS = range(1900, 2200)
DAY = r"(?:19|2[01])\d\d-\d\d-\d\d"  # of these years, as the form asks for it
ADDRESS = rf"https?://[^\s]{{1,{LONGEST_URL - 7}}}"
MOST_KEPT = 10_000  # characters of an argument that its run keeps
MOST_TOLD = 200  # characters of an argument that an error repeats
KNOWN = ("limit", "since", "until", "urls", "full", "run_id", "requested_by")


@dataclass(frozen=True, slots=True)
class CrawlArguments:
    """A crawl's arguments; `limit` is the most pages it fetches, None for all that are due."""

    run_id: UUID
    scope: CrawlScope
    limit: int | None = None
    requested_by: str = "cli"
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_schedule(self) -> bool:
        """Whether a scheduler asked for it, as Airflow's names of its runs tell, and not a person."""
        return "/scheduled__" in self.requested_by


def read_arguments(given: Mapping[str, str], *, time_zone: str) -> CrawlArguments:
    """Read `-a NAME=VALUE` pairs; days and times without a zone are in `time_zone`.

    Raises UsageError for a name that is not known or a value that cannot be read.
    """
    for name in given.keys() - set(KNOWN):
        raise UsageError(f"no crawl argument {_told(name)}; known: {', '.join(KNOWN)}")
    since = _instant("since", given.get("since"), time_zone, timedelta(0))
    until = _instant("until", given.get("until"), time_zone, timedelta(days=1))
    if since and until and since >= until:
        raise UsageError(f"since={given['since']} is later than until={given['until']}")
    return CrawlArguments(
        run_id=_run_id(given.get("run_id")),
        limit=_limit(given.get("limit")),
        requested_by=given.get("requested_by") or "cli",
        scope=CrawlScope(
            full=_boolean(given.get("full")),
            urls=_urls(given.get("urls")),
            since=since,
            until=until,
        ),
        given={
            name: shortened(value, MOST_KEPT) for name, value in given.items() if name not in ("run_id", "requested_by")
        },
    )


def read_list(value: str) -> str:
    """Return what an argument says: itself, or where it is `@FILE` what the file holds, `@-` standard input.

    Raises UsageError for a file that can't be read, or is larger than 20 MB.
    """
    if not value.startswith("@"):
        return value
    try:
        with Path(value[1:]).open("rb") if value != "@-" else sys.stdin.buffer as file:
            held = file.read(MOST_BYTES + 1)
        text = held.decode()
    except (OSError, ValueError) as error:  # no such file, a NUL in its name, bytes that are no text
        raise UsageError(f"{_told(value)} cannot be read: {error}") from None
    if len(held) > MOST_BYTES:
        raise UsageError(f"{_told(value)} holds more than {MOST_BYTES:,} bytes")
    return text


def read_site(url: str) -> str:
    """Return scheme and host of a site's address, as `scrapy crawl news -a url=…` takes it; raises UsageError.

    A scheme that is left out is https, on this machine http.
    """
    try:
        parts = urlsplit(clean_url(with_scheme(url)))
        _ = parts.port
    except ValueError:  # brackets that hold no address, a port that is no number
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{_told(url)} is no site: give its address, such as https://www.example.com")
    return f"{parts.scheme}://{parts.netloc}"


def _run_id(text: str | None) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise UsageError(f"run_id={_told(text)} is no UUID") from None


def _limit(text: str | None) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text) or not 1 <= int(text) <= MOST_PAGES:
        raise UsageError(f"limit={_told(text)} is no number of pages: give one from 1 to {MOST_PAGES}")
    return int(text)


def _told(value: object) -> str:
    """Return what was given as an error repeats it: a page of it is nothing that anybody reads."""
    return shortened(repr(value), MOST_TOLD)


def _boolean(text: str | None) -> bool:
    values = {"": False, "false": False, "0": False, "no": False, "true": True, "1": True, "yes": True}
    try:
        return values[(text or "").casefold()]
    except KeyError:
        raise UsageError(f"full={_told(text)} is neither true nor false") from None


def _urls(text: str | None) -> list[str] | None:
    """Read addresses with spaces or commas between them; a comma is part of an address unless another one follows."""
    urls = [url for url in SEPARATOR.split(text or "") if url]
    if len(urls) > MOST_URLS:
        raise UsageError(f"urls: {len(urls)} addresses; give a crawl {MOST_URLS} at most")
    return [_url(url) for url in urls] or None


def _url(text: str) -> str:
    if len(text) > LONGEST_URL:
        raise UsageError(f"urls: {_told(text)} is longer than {LONGEST_URL} characters")
    try:
        return clean_url(with_scheme(text))
    except ValueError:
        raise UsageError(f"urls: {_told(text)} is no http or https address") from None


def _instant(name: str, text: str | None, time_zone: str, end_of_day: timedelta) -> datetime | None:
    """Read a day or an instant; a bare day as `until` means that the whole day is wanted."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{name}={_told(text)} is no ISO 8601 day or time, such as 2026-03-08 or 2026-03-08T10:56+07:00"
        ) from None
    if instant.year not in YEARS:
        raise UsageError(f"{name}={_told(text)} is in no year from {YEARS.start} to {YEARS.stop - 1}")
    if len(text) == len("2026-03-08"):
        instant += end_of_day
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(time_zone))
