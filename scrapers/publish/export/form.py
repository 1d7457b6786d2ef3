"""Exports that a form asks for: those of the Dag `export`."""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from scrapers import config
from scrapers.errors import UsageError
from scrapers.publish.export.export import export
from scrapers.publish.export.folder import Record
from scrapers.publish.export.selection import Selection

logger = logging.getLogger(__name__)


def export_form(form: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Export what the form asks for, as of `moment` where it names none; return the folder, the count and the moment.

    Raises UsageError for what is no date or leads out of WARTA_EXPORTS, and all that export() raises.
    """
    try:
        given = Selection(
            as_of=_aware(datetime.fromisoformat(form["as_of"])) if form["as_of"] else moment,
            level=form["level"],
            outlet=(form["outlet"],) if form["outlet"] else None,
            since=form["since"] and date.fromisoformat(form["since"]),
            until=form["until"] and date.fromisoformat(form["until"]),
        )
    except (TypeError, ValueError) as error:
        raise UsageError(f"the form has a field that is no date: {error}") from None
    name = form["folder"] or f"{given.as_of:%Y-%m-%dT%H%M%S.%fZ}"
    folder = config.EXPORTS / name
    if folder.parent != config.EXPORTS or name.startswith("."):
        raise UsageError(f"folder {name!r} is no name of a folder below {config.EXPORTS}")
    found = export(folder, given, form["format"], on_part=_log)
    return {"folder": str(folder), "articles": found["articles"], "as_of": found["request"]["selection"]["as_of"]}


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _log(part: Record) -> None:
    logger.info("%s: %s articles", part["path"], part["articles"])
