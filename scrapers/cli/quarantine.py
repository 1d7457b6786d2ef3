"""`warta quarantine`: pages that could not be read or stored."""

import sys
from typing import Annotated, Any

import typer

from scrapers.cli.options import AsJson, AsLines, OfOutlet, Urls
from scrapers.terminal import say, say_json

group = typer.Typer(help="Pages that could not be read or stored, with their bytes.", no_args_is_help=True)


@group.command("list")
def list_quarantined(outlet: OfOutlet = None, as_json: AsJson = False) -> None:
    """List the quarantined pages with the error of each."""
    from scrapers.maintenance.quarantine import quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        pages = quarantined(connection, outlet=outlet)
    if as_json:
        say_json(pages)
        return
    for page in pages:
        say(f"{page['outlet']}  {page['url']}  ({page['reason']}; {page['bytes'] or 'no'} bytes)")
    say(f"{len(pages)} in quarantine")


@group.command()
def show(url: Annotated[str, typer.Argument(help="The page's address.")]) -> None:
    """Write the kept bytes of a page to standard output, as they came."""
    from scrapers.maintenance.quarantine import body_of, quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        [page] = quarantined(connection, urls=[url])
        sys.stdout.buffer.write(body_of(connection, page))


@group.command()
def replay(urls: Urls = None, outlet: OfOutlet = None, as_json: AsLines = False) -> None:
    """Read pages again from their kept bytes, by the current rules, and store the result."""
    from scrapers.maintenance.quarantine import quarantined, replay
    from scrapers.storage.connection import connect

    with connect() as connection:
        for url, state, reason in replay(connection, quarantined(connection, outlet=outlet, urls=urls)):
            line = f"{state}  {url}" + (f"  ({reason})" if reason else "")
            _say(line, {"url": url, "state": state, "reason": reason}, as_json=as_json)


@group.command()
def drop(
    urls: Annotated[list[str], typer.Argument(help="The pages' addresses.")],
    reason: Annotated[str, typer.Option(help="Why; the ledger keeps it.")],
    as_json: AsLines = False,
) -> None:
    """Reject pages for good; their bytes stay."""
    from scrapers.maintenance.quarantine import drop, quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        for url in drop(connection, quarantined(connection, urls=urls), reason):
            _say(f"rejected  {url}", {"url": url, "state": "rejected", "reason": reason}, as_json=as_json)


def _say(line: str, facts: dict[str, Any], *, as_json: bool) -> None:
    """Print at once what became of a page, as a line of text or of JSON."""
    if as_json:
        say_json(facts, indent=None)
    else:
        say(line)
