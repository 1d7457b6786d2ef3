"""What the Dag `tell_watches` does: telling, with the connections of Airflow beside those of the file."""

from dataclasses import asdict
from typing import Any

from scrapers.outbound.telling import tell
from scrapers.storage.connection import connect


def tell_all() -> dict[str, int | str | None]:
    """Match and tell what is due; return what came of it. What failed is tried again later, and makes no task fail."""
    with connect() as connection:
        return asdict(tell(connection, further=connection_of))


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
