"""Everything that the ledger knows of one URL."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import psycopg

from scrapers.spiders import page_url
from scrapers.storage.connection import dict_rows
from scrapers.terminal import print_table, printable, say
from scrapers.urls import clean_url, is_address

Row = dict[str, Any]
NEAREST = 5  # known addresses that are named for one that is not
PARTS = ("announcements", "fetches", "runs", "revisions", "variants")


def history(connection: psycopg.Connection, url: str) -> Row:
    """Return what is known of `url`: its `page`, the lists named in PARTS, each the oldest first, and `untaken`.

    `untaken` says which feeds announced it and why that was not taken. Where the ledger lacks the address, `page` is
    None, and there are its canonical form and the `nearest` known addresses.
    """
    forms = dict.fromkeys((clean_url(url), page_url(url))) if is_address(url) else {url: None}
    hashes = [sha256(form.encode()).digest() for form in (url, *forms)]
    untaken = dict_rows(connection, "url_untaken", url_sha256=hashes)
    for form in forms:
        page = dict_rows(connection, "page_of_url", url_sha256=sha256(form.encode()).digest())
        if page:
            told = {part: dict_rows(connection, f"page_{part}", page_id=page[0]["page_id"]) for part in PARTS}
            return {"url": url, "page": page[0], **told, "untaken": untaken}
    near = nearest(connection, page_url(url))
    return {"url": url, "page": None, "canonical_url": page_url(url), "nearest": near, "untaken": untaken}


def nearest(connection: psycopg.Connection, url: str) -> list[str]:
    """Return the known addresses most like `url`: with the same name, else in the same folder, else on its host."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    for text in (f"/{name}" if len(name) > 3 else "", f"{parts.netloc}{folder}/", f"://{parts.netloc}/"):
        known = [row["url"] for row in dict_rows(connection, "near_pages", text=text)] if text else []
        if near := difflib.get_close_matches(url, known, n=NEAREST, cutoff=0.5):
            return near
    return []


def print_history(told: Mapping[str, Any]) -> None:
    """Print what `history` returns."""
    page = told["page"]
    if page is None:
        say(f"not in the ledger: {told['canonical_url']}")
        for row in told["untaken"]:
            say(f"announced by       {row['feed']}, not taken: {row['reason']}")
        for url in told["nearest"]:
            say(f"nearest known:     {url}")
        return
    say(page["url"])
    if page["url"] != told["url"]:
        say(f"  asked for as {told['url']}")
    for name, value in page.items():
        if value not in (None, "") and name not in ("url", "page_id"):
            say(f"  {name.replace('_', ' '):20} {_shown(value)}")
    for part in (*PARTS, "untaken"):
        if told[part]:
            _print_part(part, told[part])


def _print_part(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    names = [name for name in rows[0] if any(row[name] not in (None, "", []) for row in rows)]
    columns = [name.replace("_", " ") for name in names]
    print_table(columns, [[_shown(row[name]) for name in names] for row in rows], title=title)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else printable(str(value))
