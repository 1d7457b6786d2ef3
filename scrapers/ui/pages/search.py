"""Search with filters, and what it finds as a file."""

from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel

from scrapers.errors import UsageError
from scrapers.publish import found, search
from scrapers.ui.charts import by_day
from scrapers.ui.database import Database, in_time
from scrapers.ui.fields import Day, begin, end
from scrapers.ui.rendering import page, time_zones

FORMATS = ("csv", "jsonl", "parquet")

router = APIRouter(default_response_class=HTMLResponse)


class SearchForm(BaseModel):
    """The form of a search, as it stands in the page's address; `after` is where the page before ended."""

    q: str = ""
    outlet: str = ""
    since: Day = None
    until: Day = None
    section: str = ""
    author: str = ""
    after: str = ""

    def search(self) -> search.Search:
        """Return what is to be looked for."""
        return search.Search(
            self.q,
            self.outlet or None,
            since=begin(self.since) if self.since else search.BEGINNING,
            until=end(self.until) if self.until else search.END,
            section=self.section or None,
            author=self.author or None,
        )


class FileForm(SearchForm):
    """A search that is taken away as a file."""

    format: str = "csv"


@router.get("/search")
def show_search(request: Request, connection: Database, form: Annotated[SearchForm, Query()]) -> HTMLResponse:
    """Show the form of a search and what it finds."""
    given: dict[str, Any] = {"form": form, "outlets": list(time_zones()), "found": None, "error": None}
    if not form.q:
        return page(request, "search.html", **given)
    try:
        return page(request, "search.html", **{**given, **search_results(connection, form)})
    except UsageError as error:
        return page(request, "search.html", status=400, **{**given, "error": str(error)})


def search_results(connection: psycopg.Connection, form: SearchForm) -> dict[str, Any]:
    """Return the articles that match, how many they are, and a bar for each day; None for what takes too long."""
    asked = form.search()
    hits = search.find(connection, asked, after=form.after or None)
    counts = in_time(search.count_by_day, connection, asked)
    given = form.model_dump(exclude_none=True)
    return {
        "found": hits,
        "count": in_time(search.count, connection, asked),
        "chart": None if counts is None else by_day(counts),
        "following": {**given, "after": hits.after},
        "files": {name: {**given, "after": "", "format": name} for name in FORMATS},
        "most": found.MOST,
    }


@router.get("/search/file")
def take_away(connection: Database, form: Annotated[FileForm, Query()]) -> StreamingResponse:
    """Return what a search finds as a file."""
    chosen, pieces = found.found_articles(connection, form.search(), form.format)
    headers = {"Content-Disposition": f'attachment; filename="articles{chosen.suffix}"'}
    return StreamingResponse(pieces, media_type=chosen.media_type, headers=headers)
