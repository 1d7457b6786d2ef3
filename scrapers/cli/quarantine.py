"""`warta quarantine`: pages that could not be read or stored."""

import sys
from typing import Annotated

import typer

from scrapers.cli.options import AsJson, OfOutlet, Urls
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
def replay(urls: Urls = None, outlet: OfOutlet = None) -> None:
    """Read pages again from their kept bytes, by the current rules, and store the result."""
    from scrapers.maintenance.quarantine import quarantined, replay
    from scrapers.storage.connection import connect

    with connect() as connection:
        for url, state, reason in replay(connection, quarantined(connection, outlet=outlet, urls=urls)):
            say(f"{state}  {url}" + (f"  ({reason})" if reason else ""))


@group.command()
def drop(
    urls: Annotated[list[str], typer.Argument(help="The pages' addresses.")],
    reason: Annotated[str, typer.Option(help="Why; the ledger keeps it.")],
) -> None:
    """Reject pages for good; their bytes stay."""
    from scrapers.maintenance.quarantine import drop, quarantined
    from scrapers.storage.connection import connect

    with connect() as connection:
        for url in drop(connection, quarantined(connection, urls=urls), reason):
            say(f"rejected  {url}")
