"""Tokens of programs: made, listed, ended, and what one lets its bearer do. Only their hashes are kept."""

import secrets
from datetime import datetime
from typing import Any, Literal

import psycopg

from scrapers.errors import UsageError, shortened
from scrapers.outbound.watches import check_name, hashed
from scrapers.storage.connection import dict_rows, query

Scope = Literal["read", "feeds"]
PREFIX = "warta_"  # by which a token of ours is told from one of Airflow's, and found where it leaked


def add(connection: psycopg.Connection, name: str, scope: Scope, *, by: str, expires_at: datetime | None = None) -> str:
    """Return a new token, which is not kept. Raises UsageError where the name is taken, or is none."""
    check_name(name)
    token = PREFIX + secrets.token_urlsafe(32)
    given = {"name": name, "token_sha256": hashed(token), "scope": scope, "created_by": by, "expires_at": expires_at}
    if connection.execute(query("insert_token"), given).fetchone() is None:
        raise UsageError(f"there is a token {name!r} already: `warta token list` shows it; give another name")
    return token


def all_tokens(connection: psycopg.Connection) -> list[dict[str, Any]]:
    """Return the rows of `api_tokens` by name, without the hashes."""
    return dict_rows(connection, "tokens")


def end(connection: psycopg.Connection, name: str) -> None:
    """Let a token hold no longer; raises UsageError where there is none of that name."""
    if not connection.execute(query("delete_token"), {"name": name}).rowcount:
        raise UsageError(f"no token {shortened(name, 60)!r}: `warta token list` shows all")


def scope_of(connection: psycopg.Connection, token: str) -> Scope | None:
    """Return what the token lets its bearer do, None where it holds for nothing."""
    row = connection.execute(query("scope_of_token"), {"token_sha256": hashed(token)}).fetchone()
    return row[0] if row else None
