"""What a crawl can be asked for: the arguments of `scrapy crawl` and of a Dag's form, read once for both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from scrapers.errors import UsageError
from scrapers.items import Wanted
from scrapers.urls import clean_url

DIGITS = 9  # of a number of pages
FIRST_YEAR, LAST_YEAR = 1900, 9998  # the dates that table articles takes; a day after the last one is still a date
KNOWN = ("limit", "since", "until", "urls", "full", "run_id", "requested_by")


@dataclass(frozen=True, slots=True)
class CrawlArguments:
    """A crawl's arguments; `limit` is the most pages it fetches, None for all that are due."""

    run_id: UUID
    wanted: Wanted
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
        raise UsageError(f"no crawl argument {name!r}; known: {', '.join(KNOWN)}")
    return CrawlArguments(
        run_id=_run_id(given.get("run_id")),
        limit=_limit(given.get("limit")),
        requested_by=given.get("requested_by") or "cli",
        wanted=Wanted(
            full=_boolean(given.get("full")),
            urls=_urls(given.get("urls")),
            since=_instant("since", given.get("since"), time_zone, timedelta(0)),
            until=_instant("until", given.get("until"), time_zone, timedelta(days=1)),
        ),
        given={name: value for name, value in given.items() if name not in ("run_id", "requested_by")},
    )


def read_site(url: str) -> str:
    """Return scheme and host of a site's address, as `scrapy crawl news -a url=…` takes it; raises UsageError."""
    try:
        parts = urlsplit(clean_url(url))
    except ValueError:  # brackets that hold no address, a port that is no number
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{shown(url)!r} is no site: give its address, such as https://www.example.com")
    return f"{parts.scheme}://{parts.netloc}"


def _run_id(text: str | None) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise UsageError(f"run_id={shown(text or '')} is no UUID") from None


def _limit(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > DIGITS or int(text) == 0:
        raise UsageError(f"limit={shown(text)} is no number of pages: give 1 or more, of {DIGITS} digits at most")
    return int(text)


def _boolean(text: str | None) -> bool:
    values = {"": False, "false": False, "0": False, "no": False, "true": True, "1": True, "yes": True}
    try:
        return values[(text or "").casefold()]
    except KeyError:
        raise UsageError(f"full={shown(text or '')} is neither true nor false") from None


def _urls(text: str | None) -> list[str] | None:
    urls = [url for url in (text or "").replace(",", " ").split() if url]
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"urls: {shown(url)!r} is no http or https address")
    try:
        return [clean_url(url) for url in urls] or None
    except ValueError:  # brackets that hold no address, a port that is no number
        raise UsageError(f"urls: {shown(' '.join(urls))!r} holds no http or https address") from None


def _instant(name: str, text: str | None, time_zone: str, end_of_day: timedelta) -> datetime | None:
    """Read a day or an instant; a bare day as `until` means that the whole day is wanted."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{name}={shown(text)} is no ISO 8601 day or time, such as 2026-03-08 or 2026-03-08T10:56+07:00"
        ) from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise UsageError(f"{name}={shown(text)}: no news is of {instant.year}; give {FIRST_YEAR} to {LAST_YEAR}")
    if len(text) == len("2026-03-08"):
        instant += end_of_day
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(time_zone))


def shown(text: str) -> str:
    """Return what somebody gave, cut and without line ends, to be repeated in a message."""
    return " ".join(text.split())[:80]
