"""`warta outlet`: what is declared, against a page."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say_json

group = typer.Typer(help="The outlets that are declared.", no_args_is_help=True)


@group.command()
def check(
    name: Annotated[str, typer.Argument(help="The outlet.")],
    pages: Annotated[list[Path], typer.Argument(help="Saved pages, as HTML files.")],
    url: Annotated[str | None, typer.Option(help="The page's address; else the one in the JSON beside it.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write what is found as JSON beside each page.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is found on saved pages of an outlet, by which rule, and which selectors it could declare."""
    from scrapers.errors import UsageError
    from scrapers.maintenance.outlet_check import check, print_check

    if url and len(pages) != 1:
        raise UsageError(f"--url names one page, but {len(pages)} were given")
    found = check(name, pages, url=url, write=write)
    if as_json:
        say_json(asdict(found))
    else:
        print_check(found)
    if not found.are_articles:
        raise typer.Exit(1)
