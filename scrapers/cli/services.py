"""What runs on this machine: `warta up`, `down`, `status`, `migrate`."""

import typer

from scrapers.terminal import say


def up() -> None:
    """Start Postgres, the seed site and Airflow; crawl the seed site once; show the articles."""
    from scrapers.local.up import up

    up()


def down() -> None:
    """Stop what `warta up` started, and nothing else."""
    from scrapers.local.up import down

    down()


def status() -> None:
    """Show which services run; exit code 7 if one is missing."""
    from scrapers.local.up import status

    if not status():
        raise typer.Exit(7)


def migrate() -> None:
    """Bring the database's schema up to date."""
    from scrapers.storage.migrate import migrate

    applied = migrate()
    say(f"applied {', '.join(applied)}" if applied else "the schema is up to date")
