"""Templates, in the reader's language and time zone, and how they print times, addresses and passages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import negotiate_locale
from babel.messages.pofile import read_po
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from scrapers.publish.edits import shortened, shown_value
from scrapers.publish.search import passages
from scrapers.spiders import outlets
from scrapers.urls import is_address

LANGUAGES = {"en": "English", "id": "Bahasa Indonesia"}
LANGUAGE, ZONE = "warta_language", "warta_zone"  # cookies
ZONES = ("UTC", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")  # that the form offers; others by their names


@dataclass(frozen=True, slots=True)
class View:
    """How a reader has the pages: language and time zone."""

    language: str
    zone: str


def view_of(request: Request) -> View:
    """Return what the reader has chosen; else what their browser asks for, and UTC."""
    language, zone = request.cookies.get(LANGUAGE), request.cookies.get(ZONE, "").replace("%2F", "/")
    if language not in LANGUAGES:
        asked = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
        language = negotiate_locale(asked, list(LANGUAGES), sep="-") or "en"
    return View(language, zone if zone in zones() else "UTC")


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())


def page(request: Request, template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
    """Return the page that the template makes.

    `root` is the address that all pages are below, `airflow` that of Airflow, `may` says whether the reader may trigger
    a Dag, `here` is the address of this page.
    """
    view, reader = view_of(request), getattr(request.state, "reader", None)
    root = request.scope["root_path"]
    query = f"?{request.url.query}" if request.url.query else ""
    shared = {
        "root": root,
        "airflow": root.removesuffix("/warta"),
        "here": f"{request.url.path}{query}",
        "view": view,
        "languages": LANGUAGES,
        "zones": dict.fromkeys([*ZONES, view.zone]),
        "may": cache(reader.may_trigger) if reader else lambda dag_id: False,  # a page asks for each row
    }
    return HTMLResponse(environment(view.language).get_template(template).render(shared | given), status)


def go(request: Request, place: str) -> RedirectResponse:
    """Lead a browser on to another page, after it has sent a form."""
    return RedirectResponse(f"{request.scope['root_path']}/{place}", status_code=303)


@cache
def environment(language: str) -> Environment:
    """Return the templates in a language; they escape what they print, and fail on a name that is not given."""
    templates = Environment(
        loader=PackageLoader("scrapers.ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known = labels(language)
    templates.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        lambda text: known.get(text, text), lambda one, many, n: known.get(one if n == 1 else many, many), newstyle=True
    )
    templates.filters |= {
        "here": here, "local": local, "duration": duration, "passages": passages, "shown": shown,
        "shortened": shortened, "percent": percent,
    }  # fmt: skip
    templates.tests["web_address"] = lambda value: isinstance(value, str) and is_address(value)
    return templates


@cache
def labels(language: str) -> dict[str, str]:
    """Return what stands in place of each English label; nothing for English."""
    file = resources.files("scrapers.ui").joinpath("locale", f"{language}.po")
    if not file.is_file():
        return {}
    with file.open("rb") as lines:
        return {str(message.id): str(message.string) for message in read_po(lines) if message.id and message.string}


@pass_context
def here(context: Context, at: datetime | None) -> str:
    """Return the time to the minute, in the reader's zone."""
    return in_zone(at, context["view"].zone)


def in_zone(at: datetime | None, zone: str) -> str:
    """Return the time to the minute, in the zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}" if at else ""


@pass_context
def local(context: Context, at: datetime | None, outlet: str) -> str:
    """Return the time in the outlet's own zone, with the day where that is another; nothing where clocks agree."""
    if at is None:
        return ""
    there = at.astimezone(ZoneInfo(time_zones().get(outlet, "UTC")))
    mine = at.astimezone(ZoneInfo(context["view"].zone))
    if outlet not in time_zones() or there.utcoffset() == mine.utcoffset():
        return ""
    return f"{there:%H:%M %Z}" if there.date() == mine.date() else f"{there:%Y-%m-%d %H:%M %Z}"


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


def percent(share: float | None) -> str:
    """Return a share, of 1, as people say it."""
    return "" if share is None else f"{100 * share:.0f} %"


@pass_context
def shown(context: Context, value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return here(context, value) if isinstance(value, datetime) else shown_value(value)
