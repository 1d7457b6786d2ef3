"""Tables on standard output: for people where that is a terminal, else plain lines, aligned and never wrapped."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len

GAP = "  "


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    right: Sequence[str] = (),
    elastic: str | None = None,
    title: str | None = None,
) -> None:
    """Print a line a row; columns in `right` are aligned there, and `elastic` is cut where a terminal is narrow."""
    cells = [[printable(str(cell)) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _print_on_terminal(columns, cells, right, elastic, title)
        return
    widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
    for line in ([[title]] if title else []) + [list(columns), *cells]:
        padded = [_padded(*one) for one in zip(line, widths, [name in right for name in columns], strict=False)]
        say(GAP.join(padded).rstrip())


@contextmanager
def working(title: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner with the title on standard error, if that is a terminal; yield a function that adds how far it is.

    Nothing may be printed meanwhile: it would not reach standard output.
    """
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True).status(title) as status:
        yield lambda text: status.update(f"{title}: {printable(text)}")


def _print_on_terminal(
    columns: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[str], elastic: str | None, title: str | None
) -> None:
    from rich.console import Console  # which takes as long to load as all else here
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, header_style="bold", expand=elastic is not None)
    for name in columns:
        how: dict[str, Any] = {"no_wrap": True, "overflow": "ellipsis", "ratio": 1} if name == elastic else {}
        table.add_column(name, justify="right" if name in right else "left", **({"overflow": "fold"} | how))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))  # Text: brackets in a headline are no markup
    Console().print(table)


def _padded(cell: str, width: int, is_right: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if is_right else cell + space


def say(text: str) -> None:
    """Print the text as it is: not wrapped, not coloured, and without what a terminal would take for a command."""
    print("\n".join(printable(line) for line in text.split("\n")))  # noqa: T201 - what was asked for, not a log


def printable(text: str) -> str:
    """Return `text` without what could steer a terminal: a headline is a stranger's."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def say_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON, times in ISO 8601; in ASCII where standard output has no other characters."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf8sig")
    print(json.dumps(value, ensure_ascii=not is_unicode, indent=indent, default=_jsonable), flush=True)  # noqa: T201


def say_or_json(text: str, value: Any, *, as_json: bool) -> None:
    """Print the text, or in its place the value that it tells of as JSON."""
    if as_json:
        say_json(value)
    else:
        say(text)


def _jsonable(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
