"""How outlets fare, and crawls of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field

from scrapers.errors import UsageError
from scrapers.monitor import alarms, coverage, health, summary
from scrapers.spiders.arguments import MOST_PAGES
from scrapers.ui.access import Acting
from scrapers.ui.charts import Chart, chart
from scrapers.ui.database import Database, in_time
from scrapers.ui.fields import Day, begin
from scrapers.ui.rendering import go, page, time_zones

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/outlets")
def show_outlets(request: Request, connection: Database) -> HTMLResponse:
    """Show a line an outlet."""
    standing = Counter(alarm.outlet for alarm in alarms.standing_alarms(connection))
    return page(request, "outlets.html", outlets=coverage.all_outlets(connection), alarms=standing)


@router.get("/outlets/{outlet}")
def show_outlet(
    request: Request, connection: Database, outlet: str, since: Day = None, until: Day = None
) -> HTMLResponse:
    """Show how an outlet fares, its days (the last two weeks unless they are given), and what needs somebody."""
    span = coverage.span(outlet, begin(since) if since else None, begin(until) if until else None)
    zone = span["time_zone"]
    volume = in_time(health.volume, connection, outlet, zone)
    fields = in_time(health.fields, connection, outlet, zone)
    return page(
        request,
        "outlet.html",
        outlet=outlet,
        dag_id=dag_of(outlet),
        span=span,
        volume=None if volume is None else of_volume(volume),
        fields=fields,
        filled=of_fields(fields or []),
        lateness=of_lateness(fields or []),
        fetches=in_time(health.fetches, connection, outlet, zone),
        hosts=in_time(health.hosts, connection, outlet),
        failures=in_time(health.failures, connection, outlet),
        days=coverage.days(connection, outlet, **span)[::-1],
        alarms=alarms.standing_alarms(connection, outlet),
        untaken=health.untaken(connection, outlet),
        crawls=summary.last_crawls(connection, outlet),
    )


def dag_of(outlet: str) -> str | None:
    """Return the Dag that crawls the outlet; None for a site that is crawled by `news`."""
    return f"crawl_{outlet}" if outlet in time_zones() else None


def of_volume(days: Sequence[health.DayVolume]) -> Chart:
    """Return a bar for the articles of each day, and a line through what is usual."""
    return chart([(day.day.isoformat(), day.articles) for day in days], [day.usual for day in days])


def of_fields(rows: Sequence[health.Row]) -> dict[str, Chart]:
    """Return for each field a bar for the share of each day's articles that have it."""
    return {name: chart([(row["day"].isoformat(), row[name]) for row in rows], top=1) for name in health.FIELDS}


def of_lateness(rows: Sequence[health.Row]) -> Chart:
    """Return a bar for the minutes within which half of each day's articles were stored after publication."""
    lengths: list[tuple[str, timedelta | None]] = [(row["day"].isoformat(), row["half_within"]) for row in rows]
    return chart([(day, round(length / timedelta(minutes=1), 1)) for day, length in lengths if length is not None])


Limit = Annotated[Annotated[int, Field(ge=1, le=MOST_PAGES)] | None, BeforeValidator(lambda text: text or None)]


class CrawlForm(BaseModel):
    """What the form of a crawl asks for, as that of its Dag."""

    mode: Literal["incremental", "full"] = "incremental"
    limit: Limit = None
    since: Day = None
    until: Day = None
    urls: str = ""

    def conf(self) -> dict[str, Any]:
        """Return the form as the Dag takes it."""
        given = self.model_dump(mode="json") | {"urls": self.urls.split()}
        return {name: value for name, value in given.items() if value}


@router.post("/outlets/{outlet}/crawl")
def crawl(request: Request, reader: Acting, outlet: str, form: Annotated[CrawlForm, Form()]) -> RedirectResponse:
    """Start a run of the outlet's Dag, and lead to its page."""
    if not (dag_id := dag_of(outlet)):
        raise UsageError(f"no Dag crawls {outlet}: `scrapy crawl news -a url=…` does")
    reader.require(dag_id)
    return go(request, f"dags/{dag_id}/runs/{reader.start(dag_id, form.conf())}")
