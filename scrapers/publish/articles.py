"""The stored articles as a table in the terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scrapers.storage.connection import connect, query


def print_articles(dsn: str | None = None, console: Console | None = None, articles: int = 20) -> None:
    """Print the newest articles, a line each, and how many there are in all; times are UTC."""
    console = console or Console()
    table = Table(box=None, header_style="bold", expand=True)
    table.add_column("id", justify="right")
    table.add_column("published (UTC)", no_wrap=True)
    table.add_column("outlet", no_wrap=True)
    table.add_column("headline", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("rev", justify="right")
    table.add_column("copy of", justify="right")
    with connect(dsn) as connection:
        rows = connection.execute(query("list_articles"), {"articles": articles}).fetchall()
        counts = connection.execute(query("count_articles")).fetchone()
    for article_id, published, outlet, headline, revision, copy_of in rows:
        when = f"{published:%Y-%m-%d %H:%M}" if published else "not said"
        cells = (article_id, when, outlet, headline, revision, copy_of or "")
        table.add_row(*(Text(printable(str(cell))) for cell in cells))  # Text: brackets in a headline are no markup
    console.print(table)
    if counts:
        stored, unique, revisions, pages = counts
        console.print(f"{stored} articles, {unique} of them unique; {revisions} revisions; {pages} pages in the ledger")


def printable(text: str) -> str:
    """Return `text` without what could steer a terminal: a headline is a stranger's."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
