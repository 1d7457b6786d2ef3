"""Connections with the rights of Warta's roles."""

from psycopg.conninfo import make_conninfo

from scrapers.config import dsn_parts


def as_role(dsn, role):
    """Return a connection string whose session has the rights of a role, `reader` or `writer`, and no more.

    A reader's query ends after half a minute, as that of `warta db psql`.
    """
    limits = " -c statement_timeout=30s -c default_transaction_read_only=on" if role == "reader" else ""
    parts = dsn_parts(dsn)
    return make_conninfo(**{**parts, "options": f"{parts.get('options', '')} -c role=warta_{role}{limits}".strip()})
