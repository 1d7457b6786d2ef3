"""Saved searches that tell somebody: `warta watch …`."""

import os
from dataclasses import asdict
from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrapers.cli.options import AsJson, Limit
from scrapers.errors import WartaError
from scrapers.terminal import print_table, say, say_json, say_or_json

if TYPE_CHECKING:
    from scrapers.outbound.watches import Watch

group = typer.Typer(help="Saved searches that tell you of new articles.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The watch's name.")]


class Every(StrEnum):
    """How matches are collected into messages."""

    at_once = "at-once"
    hourly = "hourly"
    daily = "daily"


@group.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What you call it.")],
    query: Annotated[str, typer.Argument(help='Words, "a phrase", OR, -without, begin*, as in `warta search`.')],
    outlet: Annotated[str | None, typer.Option(help="Only articles of this outlet.")] = None,
    section: Annotated[str | None, typer.Option(help="Only of this section, as the outlet names it.")] = None,
    author: Annotated[str | None, typer.Option(help="Only by this author, the whole name.")] = None,
    language: Annotated[str, typer.Option(help="The language of QUERY (BCP 47), for other forms of its words.")] = "id",
    email: Annotated[str | None, typer.Option(help="Tell these addresses, with commas between them.")] = None,
    webhook: Annotated[str | None, typer.Option(help="Tell the webhook of this name (`warta webhook add`).")] = None,
    every: Annotated[Every, typer.Option(help="When messages are sent.")] = Every.at_once,
    at: Annotated[datetime, typer.Option(formats=["%H:%M"], help="When the daily message is sent.")] = "07:00",  # type: ignore[assignment]  # typer reads it
    time_zone: Annotated[str, typer.Option(help="Your time zone.")] = "Asia/Jakarta",
    as_json: AsJson = False,
) -> None:
    """Save a search, and be told of articles that match from now on; each text once, with its copies.

    Without --email or --webhook only its feed tells. The feed's address is secret, and shown only here.
    """
    from scrapers.outbound import watches
    from scrapers.publish.search import Search
    from scrapers.storage.connection import connect

    way, address = watches.way_out(email, webhook)
    asked = Search(query, outlet, section=section, author=author, in_language=language)
    given: dict[str, Any] = {"every": every.name, "time_of_day": at.time() if isinstance(at, datetime) else time(7)}
    with connect() as connection:
        watch, secret = watches.add(
            connection, name, asked, way=way, address=address, time_zone=time_zone, by=_user(), **given
        )
    if as_json:
        say_json({**asdict(watch), "feed": feed_address(secret)})
        return
    say(f"{name}: {told(watch)}")
    say(f"its feed, secret and shown only now: {feed_address(secret)}")


@group.command("list")
def list_watches(as_json: AsJson = False) -> None:
    """List the watches: whom they tell, how many articles matched, and what failed last."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = watches.all_watches(connection)
    if as_json:
        say_json([asdict(watch) for watch in found])
        return
    columns = ("name", "looks for", "tells", "matches", "last match (UTC)", "state")
    print_table(columns, [_row(watch) for watch in found], right=("matches",), elastic="looks for")


def _row(watch: "Watch") -> tuple[object, ...]:
    at = f"{watch.last_match_at:%Y-%m-%d %H:%M}" if watch.last_match_at else ""
    state = f"paused: {watch.paused_why}" if watch.paused_at else f"failing: {watch.reason}" if watch.reason else "runs"
    return watch.name, watch.query, told(watch), f"{watch.matches:,}", at, state


def told(watch: "Watch") -> str:
    """Return whom a watch tells and when, in a few words."""
    if watch.way == "feed":
        return "by its feed"
    when = f"daily at {watch.time_of_day:%H:%M} {watch.time_zone}" if watch.every == "daily" else watch.every
    return f"{watch.way} {watch.address}, {when.replace('_', ' ')}"


@group.command("matches")
def matches(name: Name, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List what matched, each text once with its copies, the newest first."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = watches.matches(connection, watches.find(connection, name).watch_id, limit=limit)
    if as_json:
        say_json(found)
        return
    for row in found:
        when = f"told {row['delivered_at']:%Y-%m-%d %H:%M}" if row["delivered_at"] else "not told yet"
        say(f"{row['at']:%Y-%m-%d %H:%M}  {row['outlet']}  {row['headline']}  (article {row['article_id']}; {when})")
        say(f"    {row['url']}")
        for copy in row["copies"]:
            say(f"    also {copy['outlet']}  {copy['url']}")


@group.command("test")
def test(name: Name, as_json: AsJson = False) -> None:  # noqa: PT028 - a command, no test
    """Send a message with the newest articles that match now, marked as a test; nothing is noted as told."""
    from scrapers.outbound import telling, watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        outcome = telling.send_test(connection, watches.find(connection, name))
    if outcome.outcome != "delivered":
        raise WartaError(f"not delivered: {outcome.answer}")
    say_or_json(f"delivered: {outcome.answer}", {"watch": name, "delivered": outcome.answer}, as_json=as_json)


@group.command("pause")
def pause(name: Name, as_json: AsJson = False) -> None:
    """Match and tell nothing until it is resumed."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        watches.pause(connection, name, f"by {_user()}")
    say_or_json(f"{name} is paused; `warta watch resume` goes on", {"watch": name, "paused": True}, as_json=as_json)


@group.command("resume")
def resume(name: Name, as_json: AsJson = False) -> None:
    """Go on with what arrives from now on; what arrived while it was paused is not told."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        watches.resume(connection, name)
    say_or_json(f"{name} runs", {"watch": name, "paused": False}, as_json=as_json)


@group.command("remove")
def remove(name: Name, as_json: AsJson = False) -> None:
    """Forget a watch, what it matched and what it told."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        watches.remove(connection, name)
    say_or_json(f"{name} is removed", {"removed": name}, as_json=as_json)


@group.command("feed")
def feed(name: Name, as_json: AsJson = False) -> None:
    """Give its feed a new secret address, and show it; the old one ends."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        secret = watches.new_feed(connection, name)
    say_or_json(feed_address(secret), {"watch": name, "feed": feed_address(secret)}, as_json=as_json)


@group.command("log")
def log(
    name: Annotated[str | None, typer.Argument(help="Only messages of this watch.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what was tried and not delivered.")] = False,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """List messages and what became of them, the newest first."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        watch_id = watches.find(connection, name).watch_id if name else None
        found = watches.deliveries(connection, watch_id, failed=failed, limit=limit)
    if as_json:
        say_json(found)
        return
    columns = ("message", "at (UTC)", "of", "to", "articles", "tries", "state")
    print_table(columns, [_message(row) for row in found], right=("articles", "tries"), elastic="state")


def _message(row: dict[str, Any]) -> tuple[object, ...]:
    at, of = f"{row['created_at']:%Y-%m-%d %H:%M}", row["watch"] or f"{row['event']} {row['subject']}"
    return row["delivery_id"], at, of, row["address"], row["articles"] or "", row["tries"], state(row)


def state(row: dict[str, Any]) -> str:
    """Return what became of a message."""
    if row["delivered_at"]:
        return "delivered"
    if row["gave_up_at"]:
        return f"given up: {row['reason']}"
    return f"again at {row['next_try_at']:%H:%M}: {row['reason']}" if row["reason"] else "waits"


@group.command("retry")
def retry(
    message: Annotated[str, typer.Argument(help="The message's id, as `warta watch log` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Let a message that was given up be tried again."""
    from scrapers.outbound import watches
    from scrapers.storage.connection import connect

    with connect() as connection:
        watches.retry(connection, message)
    say_or_json("the next `warta watch tell` tries it", {"message": message, "again": True}, as_json=as_json)


@group.command("tell")
def tell(as_json: AsJson = False) -> None:
    """Match what has arrived, and send what is due; the Dag `tell_watches` does this every five minutes."""
    from scrapers.outbound import telling
    from scrapers.storage.connection import connect

    with connect() as connection:
        done = telling.tell(connection)
    line = f"{done.arrivals:,} arrivals, {done.delivered:,} messages delivered, {done.failed:,} failed"
    failed = f"\nthe last one failed: {done.reason}" if done.reason else ""
    say_or_json(line + failed, asdict(done), as_json=as_json)


def feed_address(secret: str) -> str:
    """Return the address of a watch's feed."""
    from scrapers import config

    return f"{config.URL or '/warta'}/feeds/watches/{secret}.atom"


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or "the command line"
