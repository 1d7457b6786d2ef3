"""What needs somebody: `warta alarms`."""

import getpass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from scrapers.cli.options import AsJson, OneOutlet
from scrapers.terminal import say, say_json, working

if TYPE_CHECKING:
    from scrapers.monitor.alarms import Alarm

group = typer.Typer(help="What needs somebody: list it, look for it, say who looks after it, silence it.")
Number = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="The alarm's number, as `warta alarms` shows it.")
]
By = Annotated[str | None, typer.Option(help="Who says so; by default you, as this machine knows you.")]


@group.callback(invoke_without_command=True)
def alarms(
    context: typer.Context,
    outlet: OneOutlet = None,
    days: Annotated[int, typer.Option(min=0, help="Also those that ended in the last so many days.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List the alarms that stand, the newest first: what, since when, a sample page, and what to do.

    Exit code 0, whether any stands or not.
    """
    if context.invoked_subcommand:
        return
    from scrapers.monitor.alarms import standing_alarms
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = standing_alarms(connection, outlet, since=datetime.now(UTC) - timedelta(days=days) if days else None)
    _show(found, as_json)


@group.command()
def watch(
    tell: Annotated[bool, typer.Option("--tell", help="Also tell new alarms, as the Dag `watch` does.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for alarms now, end those that are over, and list those that stand.

    The Dag `watch` does so every 15 minutes.
    """
    from scrapers.monitor.watch import watch
    from scrapers.storage.connection import connect

    with connect() as connection, working("Looking"):
        found = watch(connection)
        if tell:
            from scrapers.airflow.notices import tell as tell_alarms

            tell_alarms(connection)
    _show(found, as_json)


@group.command()
def acknowledge(alarm_id: Number, by: By = None, as_json: AsJson = False) -> None:
    """Say that you look after an alarm: it is told no more, and is listed until it is over.

    Exit code 2 if there is none of that number, or it has ended.
    """
    from scrapers.monitor.alarms import acknowledge
    from scrapers.storage.connection import connect

    with connect() as connection:
        _show([acknowledge(connection, alarm_id, by=by or getpass.getuser())], as_json)


@group.command()
def silence(
    alarm_id: Number,
    hours: Annotated[int, typer.Option(min=0, max=24 * 366, help="For how long; 0 ends the silence.")] = 24,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Tell nobody of an alarm for some time, also where it ends and begins again.

    Exit code 2 if there is none of that number.
    """
    from scrapers.monitor.alarms import silence
    from scrapers.storage.connection import connect

    until = datetime.now(UTC) + timedelta(hours=hours)
    with connect() as connection:
        _show([silence(connection, alarm_id, until=until, by=by or getpass.getuser())], as_json)


def _show(found: "list[Alarm]", as_json: bool) -> None:
    from scrapers.monitor.alarms import as_json as rows
    from scrapers.monitor.alarms import print_alarms

    if as_json:
        say_json(rows(found))
    elif found:
        print_alarms(found)
    else:
        say("no alarm stands")
