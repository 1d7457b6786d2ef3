"""The stored articles as a table."""

from scrapers.storage.connection import connect, query
from scrapers.terminal import print_table, say

COLUMNS = ("id", "published (UTC)", "outlet", "headline", "rev", "copy of")


def print_articles(dsn: str | None = None, articles: int = 20) -> None:
    """Print the newest articles, a line each, and how many there are in all; times are UTC."""
    with connect(dsn) as connection:
        rows = connection.execute(query("list_articles"), {"articles": articles}).fetchall()
        counts = connection.execute(query("count_articles")).fetchone()
    shown = [
        (article_id, f"{at:%Y-%m-%d %H:%M}" if at else "not said", outlet, headline, revision, copy_of or "")
        for article_id, at, outlet, headline, revision, copy_of in rows
    ]
    print_table(COLUMNS, shown, right=("id", "rev", "copy of"), elastic="headline")
    if counts:
        stored, unique, revisions, pages = counts
        say(f"{stored} articles, {unique} of them unique; {revisions} revisions; {pages} pages in the ledger")
