"""What crawls brought: in the last 24 hours, in a run of a Dag, and to the ledger as it stands."""

from typing import Any
from uuid import UUID

import psycopg

from scrapers.storage.connection import dict_rows

Row = dict[str, Any]


def outlets_today(connection: psycopg.Connection) -> list[Row]:
    """Return a row an outlet that was ever crawled, the one with the newest article first.

    It counts what the last 24 hours brought: `new` articles, `copies` among them, `edited` and `withdrawn` ones, and
    pages that a crawl `failed` to get or to read. `newest_at` is when the newest article was stored.
    """
    return dict_rows(connection, "today_outlets")


def hours_today(connection: psycopg.Connection) -> list[Row]:
    """Return how many articles of each outlet were stored in each of the last 24 hours that brought any.

    The last hour is the one that has begun. Each row has `outlet`, `hour` (its beginning, in UTC) and `articles`.
    """
    return dict_rows(connection, "today_hours")


def last_crawls(connection: psycopg.Connection, outlet: str | None = None) -> list[Row]:
    """Return the newest crawls, of one outlet or of all."""
    return dict_rows(connection, "last_crawls", outlet=outlet)


def crawls_of_dag_run(connection: psycopg.Connection, dag_id: str, run_id: str) -> list[Row]:
    """Return the crawls that a run of a Dag `crawl_<outlet>` started, one for each try, the newest first."""
    asked = {"outlet": dag_id.removeprefix("crawl_"), "requested_by": f"airflow:{dag_id}/{run_id}"}
    return dict_rows(connection, "crawls_of_dag_run", **asked)


def run_states(connection: psycopg.Connection, run_id: UUID) -> list[Row]:
    """Return the pages of a run by state and reason, the most frequent first."""
    return dict_rows(connection, "run_states", run_id=run_id)


def run_articles(connection: psycopg.Connection, run_id: UUID) -> list[Row]:
    """Return the articles of which a run stored a revision, the newest first."""
    return dict_rows(connection, "run_articles", run_id=run_id)


def ledger_states(connection: psycopg.Connection, outlet: str | None = None) -> list[Row]:
    """Return the pages by outlet, state and reason, the most frequent first."""
    return dict_rows(connection, "ledger_states", outlet=outlet)


def newest_quarantined(connection: psycopg.Connection, outlet: str | None = None) -> list[Row]:
    """Return the newest pages in quarantine, of one outlet or of all."""
    return dict_rows(connection, "newest_quarantined", outlet=outlet)
