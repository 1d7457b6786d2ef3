"""What messages say: a watch's matches as a mail of text and HTML, and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from scrapers import config
from scrapers.errors import shortened
from scrapers.outbound.watches import Watch
from scrapers.publish.search import passages
from scrapers.urls import is_address

MOST_ARTICLES = 100  # of one message; the others are counted
MOST_SUBJECT = 150  # characters
FIELDS = ("article_id", "outlet", "headline", "author", "url", "at", "snippet", "withdrawn_at", "copies")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a watch has to tell: `articles` as watches.matches() returns them, of `total` in all."""

    watch: Watch
    articles: Sequence[Row]
    total: int
    is_test: bool = False

    def subject(self) -> str:
        """Return the line by which a reader sees what it is about."""
        if not self.articles:
            return self._tagged(f"{self.watch.name}: nothing matches yet")
        more = f" and {self.total - 1:,} more" if self.total > 1 else ""
        begin = f"{self.watch.name}: "
        return self._tagged(
            begin + shortened_line(self.articles[0]["headline"], MOST_SUBJECT - len(begin + more)) + more
        )

    def _tagged(self, line: str) -> str:
        return f"[test] {line}" if self.is_test else line

    def text(self) -> str:
        """Return it as plain text."""
        return _templates().get_template("digest.txt").render(self._given())

    def html(self) -> str:
        """Return it as HTML that mail clients show: styles with the elements, no script, nothing loaded."""
        return _templates().get_template("digest.html").render(self._given())

    def json(self, created_at: datetime) -> str:
        """Return it as a webhook's body, in the form of Standard Webhooks."""
        watch = {"name": self.watch.name, "query": self.watch.query}
        articles = [{field: row[field] for field in FIELDS} for row in self.articles]
        return event("watch.matched", created_at, {"watch": watch, "total": self.total, "articles": articles})

    def _given(self) -> dict[str, Any]:
        return {
            "watch": self.watch,
            "articles": self.articles,
            "total": self.total,
            "is_test": self.is_test,
            "subject": self.subject(),
            "pages": config.URL,
        }


def event(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """Return an event as a webhook's body: its `type`, `timestamp` and `data`."""
    return json.dumps({"type": kind, "timestamp": at, "data": data}, default=str_of, ensure_ascii=False)


def str_of(value: Any) -> str:
    """Return a value that JSON has no form for: times in ISO 8601."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def shortened_line(text: str, most: int) -> str:
    """Return the text in one line of at most so many characters, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("scrapers.outbound", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"local": _local, "passages": passages, "line": lambda text: " ".join(text.split())}
    found.filters |= {"shortened": shortened, "instant": lambda text: datetime.fromisoformat(text)}
    found.tests["web_address"] = lambda value: isinstance(value, str) and is_address(value)
    return found


def _local(at: datetime, zone: str, precision: str | None = None) -> str:
    """Return a time as the reader's clock shows it, with the zone's name; the day alone where no more is known."""
    return f"{at.astimezone(ZoneInfo(zone)):{'%-d %b %Y' if precision == 'day' else '%-d %b %Y, %H:%M %Z'}}"
