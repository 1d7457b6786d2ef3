"""What the last 24 hours brought, and what needs somebody."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from scrapers.monitor import alarms, summary
from scrapers.ui.access import TEND_ALARMS, Acting
from scrapers.ui.charts import Chart, chart
from scrapers.ui.database import Database, Writable, in_time
from scrapers.ui.rendering import go, page, view_of

HOURS = 24
MOST_ALARMS = 100

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/")
def show_today(request: Request, connection: Database) -> HTMLResponse:
    """Show what the last 24 hours brought."""
    hours = in_time(summary.hours_today, connection)
    outlets = summary.outlets_today(connection)
    return page(
        request,
        "today.html",
        outlets=outlets,
        totals={name: sum(row[name] for row in outlets) for name in ("new", "copies", "edited", "withdrawn", "failed")},
        hours=None if hours is None else by_hour(hours, datetime.now(UTC), view_of(request).zone),
        crawls=summary.last_crawls(connection),
        alarms=alarms.standing_alarms(connection, limit=MOST_ALARMS),
    )


def by_hour(rows: Sequence[dict[str, Any]], now: datetime, zone: str) -> tuple[Chart, dict[str, list[int]]]:
    """Return a bar for each of the last 24 hours, and the articles of each outlet by hour, both the oldest first."""
    last = now.replace(minute=0, second=0, microsecond=0)
    hours = [last - timedelta(hours=ago) for ago in reversed(range(HOURS))]
    found: dict[str, Counter[datetime]] = {}
    for row in rows:
        found.setdefault(row["outlet"], Counter())[row["hour"]] += row["articles"]
    labels = [f"{hour.astimezone(ZoneInfo(zone)):%H:%M}" for hour in hours]
    totals = [sum(counts[hour] for counts in found.values()) for hour in hours]
    drawn = chart(list(zip(labels, totals, strict=True)))
    return drawn, {outlet: [counts[hour] for hour in hours] for outlet, counts in found.items()}


@router.get("/today.json", response_class=JSONResponse)
def tell_today(connection: Database) -> dict[str, Any]:
    """Return the numbers of the card on Airflow's home page."""
    outlets = summary.outlets_today(connection)
    standing = alarms.standing_alarms(connection, limit=MOST_ALARMS)
    return {
        "new": sum(row["new"] for row in outlets),
        "edited": sum(row["edited"] for row in outlets),
        "failed": sum(row["failed"] for row in outlets),
        "outlets": len(outlets),
        "alarms": [f"{one.about}: {one.summary}" for one in standing if not one.acknowledged_at],
    }


class Silence(BaseModel):
    """For how long an alarm is to be silent."""

    hours: Annotated[int, Field(ge=0, le=24 * 90)]


@router.post("/alarms/{alarm_id}/acknowledge")
def acknowledge(request: Request, connection: Writable, reader: Acting, alarm_id: int) -> RedirectResponse:
    """Note who looks after an alarm."""
    reader.require(TEND_ALARMS)
    alarms.acknowledge(connection, alarm_id, by=reader.name)
    return go(request, f"#alarm-{alarm_id}")


@router.post("/alarms/{alarm_id}/silence")
def silence(
    request: Request, connection: Writable, reader: Acting, alarm_id: int, form: Annotated[Silence, Form()]
) -> RedirectResponse:
    """Let an alarm be told to nobody for some hours."""
    reader.require(TEND_ALARMS)
    alarms.silence(connection, alarm_id, until=datetime.now(UTC) + timedelta(hours=form.hours), by=reader.name)
    return go(request, f"#alarm-{alarm_id}")
