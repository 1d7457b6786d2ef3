"""What publishers changed after publication: `warta edits`, `diff`."""

from enum import StrEnum
from typing import Annotated

import typer

from scrapers.cli.options import AsJson, Limit, OneOutlet, UtcDay, end_of, in_utc
from scrapers.terminal import say, say_json


class Kind(StrEnum):
    """The kinds of edits, the weightiest first."""

    paragraph_removed = "paragraph_removed"
    figures_changed = "figures_changed"
    headline_rewrite = "headline_rewrite"
    update = "update"
    typo = "typo"
    details = "details"
    withdrawn = "withdrawn"
    restored = "restored"


def edits(
    since: UtcDay = None,
    until: UtcDay = None,
    outlet: OneOutlet = None,
    kind: Annotated[
        Kind | None, typer.Option(help="Only edits of this kind; without it, all but those of details.")
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show what publishers changed after publication, withdrew or restored, the newest first.

    `after` is the time from publication to the crawl that saw it. `warta diff ARTICLE` shows the words.
    """
    from scrapers.publish import edits
    from scrapers.storage.connection import connect

    with connect() as connection:
        found = edits.edits(connection, outlet=outlet, since=in_utc(since), until=end_of(until), kind=kind, limit=limit)
    if as_json:
        say_json(found)
        return
    edits.print_edits(found)


def diff(
    article: Annotated[str, typer.Argument(help="An article's address, in any form, or its id.")],
    as_json: AsJson = False,
    as_html: Annotated[bool, typer.Option("--html", help="Print a page for a browser.")] = False,
) -> None:
    """Show what each revision of an article changed: [-words that went-] and {+words that came+}."""
    from scrapers.publish import edits
    from scrapers.publish.articles import find_article
    from scrapers.storage.connection import connect

    with connect() as connection:
        article_id, url = find_article(connection, article)
        found = edits.differences(connection, article_id)
    if as_json:
        say_json(edits.as_json(url, found))
    elif as_html:
        say(edits.as_html(url, found))
    elif found:
        edits.print_differences(url, found)
    else:
        say(f"{url}\nnothing was changed: it has one revision")
