"""How far an export is, on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scrapers.publish.export.folder import Record


@contextmanager
def shown_on_terminal() -> Iterator[Callable[[Record], None]]:
    """Return what shows the last file that was finished, in one line on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda part: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Exporting") as status:
        articles = 0

        def show(part: Record) -> None:
            nonlocal articles
            articles += part["articles"]
            status.update(f"Exporting: {articles:,} articles, last {part['path']}")

        yield show
