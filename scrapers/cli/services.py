"""What runs on this machine: `warta up`, `down`, `status`, `migrate`."""

from dataclasses import asdict

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say, say_json


def up() -> None:
    """Start Postgres, the seed site and Airflow; crawl the seed site once; show the articles."""
    from scrapers.local.up import up

    up()


def down() -> None:
    """Stop what `warta up` started, and nothing else."""
    from scrapers.local.up import down

    down()


def status(as_json: AsJson = False) -> None:
    """Show which services run; exit code 7 if one is missing."""
    from scrapers.local.up import print_services, services

    found = services()
    if as_json:
        say_json([asdict(service) for service in found])
    else:
        print_services(found)
    if not all(service.runs for service in found):
        raise typer.Exit(7)


def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong with this installation, and say what to do.

    Postgres, its schema, roles and clock; disk, secrets, ports, the store of raw pages; Airflow's parts, Dags and
    plugins; overdue crawls, and whether alarms are looked for. Exit code 1 where something is at fault, else 0.
    """
    from scrapers.local import doctor

    checks = doctor.examine()
    if as_json:
        say_json(doctor.as_json(checks))
    else:
        doctor.print_checks(checks)
    if not doctor.is_well(checks):
        raise typer.Exit(1)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database's schema up to date."""
    from scrapers.storage.migrate import migrate

    applied = migrate()
    if as_json:
        say_json({"applied": applied})
        return
    say(f"applied {', '.join(applied)}" if applied else "the schema is up to date")
