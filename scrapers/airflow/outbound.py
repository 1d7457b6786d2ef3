"""What the Dag `tell_watches` does: telling, with the connections of Airflow beside those of the file."""

from dataclasses import asdict
from typing import Any

from scrapers.errors import WartaError
from scrapers.outbound import watches
from scrapers.outbound.telling import send_test, tell
from scrapers.storage.connection import connect


def tell_all(test: str | None = None) -> dict[str, Any]:
    """Match and tell what is due; return what came of it. What failed is tried again later, and makes no task fail.

    With `test` only a test of the watch of this name is sent; raises WartaError where it is not delivered.
    """
    with connect() as connection:
        if test is None:
            return asdict(tell(connection, further=connection_of))
        outcome = send_test(connection, watches.find(connection, test), further=connection_of)
    if outcome.outcome != "delivered":
        raise WartaError(f"the test of {test} was not delivered: {outcome.answer}")
    return asdict(outcome)


def connection_of(name: str) -> dict[str, Any] | None:
    """Return the fields of an Airflow connection, None where there is none."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = BaseHook.get_connection(name)
    except AirflowNotFoundException:
        return None
    names = ("conn_type", "host", "port", "login", "password", "schema")
    return {field: getattr(found, field) for field in names} | {"extra": found.extra_dejson}
