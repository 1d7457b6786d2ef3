"""Templates, and how they print times, addresses and passages that were found."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from scrapers.publish.edits import shortened, shown_value
from scrapers.spiders import outlets
from scrapers.urls import is_address

FOUND = re.compile(r"«([^«»]*)»")  # how search marks what it has found


def page(request: Request, template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
    """Return the page that the template makes; `root` is the address that all pages are below."""
    text = environment().get_template(template).render(root=request.scope["root_path"], **given)
    return HTMLResponse(text, status)


@cache
def environment() -> Environment:
    """Return the templates; they escape what they print, and fail on a name that is not given."""
    templates = Environment(
        loader=PackageLoader("scrapers.ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "utc": utc, "local": local, "duration": duration, "passages": passages, "shown": shown, "shortened": shortened,
    }  # fmt: skip
    templates.tests["web_address"] = lambda value: isinstance(value, str) and is_address(value)
    return templates


def utc(at: datetime | None) -> str:
    """Return the time to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else ""


def local(at: datetime | None, outlet: str) -> str:
    """Return the time in the outlet's own zone, with the day where that is another; nothing where the zone is UTC."""
    zone = time_zones().get(outlet, "UTC")
    if at is None or zone == "UTC":
        return ""
    there = at.astimezone(ZoneInfo(zone))
    is_same_day = there.date() == at.astimezone(UTC).date()
    return f"{there:%H:%M %Z}" if is_same_day else f"{there:%Y-%m-%d %H:%M %Z}"


@cache
def time_zones() -> dict[str, str]:
    """Return the time zone of each declared outlet."""
    return {outlet.name: outlet.time_zone for outlet in outlets()}


def duration(length: timedelta | None) -> str:
    """Return the length of time in its largest unit."""
    if length is None:
        return ""
    seconds = int(length.total_seconds())
    units = ((86400, "d"), (3600, "h"), (60, "min"))
    return next((f"{seconds // size} {unit}" for size, unit in units if seconds >= size), f"{seconds} s")


def passages(snippet: str) -> Sequence[tuple[str, bool]]:
    """Return a snippet of search in pieces, each with whether it was found."""
    return [(text, n % 2 == 1) for n, text in enumerate(FOUND.split(snippet)) if text]


def shown(value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return utc(value) if isinstance(value, datetime) else shown_value(value)
