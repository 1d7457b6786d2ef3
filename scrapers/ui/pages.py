"""The pages: each reads what its address asks for, and hands it to a template."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

import psycopg
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from psycopg.conninfo import make_conninfo
from psycopg.errors import QueryCanceled
from pydantic import BaseModel, BeforeValidator, Field

from scrapers import config
from scrapers.errors import UsageError
from scrapers.monitor import coverage, history, summary
from scrapers.publish import articles, edits, search
from scrapers.publish.snapshots import find_snapshot
from scrapers.storage.connection import connect, query
from scrapers.ui.charts import bars
from scrapers.ui.rendering import page, time_zones

STATEMENT_S = 5  # seconds that Postgres may take for one question of a page
MOST_EDITS = 200
MOST_REVISIONS = 20
FIELDS = (  # of an article, in the order in which they are shown
    "alternative_headline", "description", "author", "editor", "contributor", "publisher", "date_line",
    "date_published", "date_published_raw", "date_published_precision",
    "date_modified", "date_modified_raw", "date_modified_precision",
    "article_section", "keywords", "kind", "in_language", "image_url", "image_caption", "image_credit_text",
    "word_count", "is_paywalled", "is_truncated", "identifier", "amp_url",
)  # fmt: skip
KINDS = (  # of edits, the weightiest first
    "paragraph_removed", "figures_changed", "headline_rewrite", "update", "typo", "details", "withdrawn", "restored",
)  # fmt: skip
# Nothing of it runs, loads or is submitted, also where it is opened outside of its frame
RAW_PAGE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}

T = TypeVar("T")
# As the tables bound them; an empty field of a form is none
Day = Annotated[
    Annotated[date, Field(ge=date(1900, 1, 1), lt=date(9999, 1, 1))] | None, BeforeValidator(lambda text: text or None)
]
ArticleId = Annotated[int, Path(ge=1, lt=2**63)]

router = APIRouter(default_response_class=HTMLResponse)


def database() -> Iterator[psycopg.Connection]:
    """Yield a connection that reads as the role warta_reader, where there is one; it takes no writes."""
    parts = config.dsn_parts(config.dsn())
    limits = f"-c statement_timeout={STATEMENT_S}s -c default_transaction_read_only=on"
    with connect(make_conninfo(**{**parts, "options": f"{parts.get('options', '')} {limits}"})) as connection:
        connection.execute(query("become_reader"))
        yield connection


Database = Annotated[psycopg.Connection, Depends(database)]


def in_time(ask: Callable[..., T], *given: object) -> T | None:
    """Return what the function returns; None where Postgres takes too long, so that the rest of a page is shown."""
    try:
        return ask(*given)
    except QueryCanceled:
        return None


@router.get("/style.css")
def style() -> Response:
    """Return the style sheet of all pages."""
    text = resources.files("scrapers.ui").joinpath("style.css").read_bytes()
    return Response(text, media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


@router.get("/")
def show_today(request: Request, connection: Database) -> HTMLResponse:
    """Show what the last 24 hours brought."""
    return page(
        request,
        "today.html",
        outlets=summary.outlets_today(connection),
        crawls=summary.last_crawls(connection),
        alerts=in_time(coverage.alerts, connection),
    )


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
            since=_begin(self.since) if self.since else search.BEGINNING,
            until=_end(self.until) if self.until else search.END,
            section=self.section or None,
            author=self.author or None,
        )


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
    found = search.find(connection, asked, after=form.after or None)
    by_day = in_time(search.count_by_day, connection, asked)
    return {
        "found": found,
        "count": in_time(search.count, connection, asked),
        "bars": None if by_day is None else bars(by_day),
        "following": {**form.model_dump(exclude_none=True), "after": found.after},
    }


@router.get("/articles/{article_id}")
def show_article(request: Request, connection: Database, article_id: ArticleId) -> HTMLResponse:
    """Show an article: its fields and their provenance, its text, revisions, copies and history."""
    article = articles.read_article(connection, article_id)
    representative = article["representative_id"]
    return page(
        request,
        "article.html",
        article=article,
        fields=[(name, article[name], rule_of(article, name)) for name in FIELDS],
        changes=edits.differences(connection, article_id, newest=MOST_REVISIONS)[::-1],
        members=articles.cluster_members(connection, representative) if representative else [],
        told=history.history(connection, article["url"]),
        names=history.PARTS,
    )


def rule_of(article: dict[str, Any], field: str) -> str:
    """Return the rule that gave a field; those of the lead image come together."""
    return str(article["provenance"].get("image" if field.startswith("image_") else field, ""))


@router.get("/articles/{article_id}/page")
def show_raw_page(connection: Database, article_id: ArticleId) -> Response:
    """Return the page that an article was read from, as its server sent it, in a sandbox."""
    kept = find_snapshot(connection, articles.read_article(connection, article_id)["url"])
    kind = "text/plain" if "html" not in (kept.content_type or "html").lower() else "text/html"
    return Response(kept.body, headers={**RAW_PAGE, "Content-Type": f"{kind}; charset={kept.encoding}"})


@router.get("/edits")
def show_edits(
    request: Request, connection: Database, outlet: str = "", kind: str = "", since: Day = None, until: Day = None
) -> HTMLResponse:
    """Show what publishers changed within some days, the last seven unless they are given."""
    last = until or datetime.now(UTC).date()
    first = since or last - timedelta(days=6)
    span = {"since": _begin(first), "until": _end(last)}
    found = edits.edits(connection, outlet=outlet or None, kind=kind or None, limit=MOST_EDITS, **span)
    form = {"outlet": outlet, "kind": kind, "since": first, "until": last}
    length = last - first + timedelta(days=1)
    earlier = {**form, "since": first - length, "until": last - length}
    given: dict[str, Any] = {"outlets": list(time_zones()), "kinds": KINDS, "is_cut": len(found) == MOST_EDITS}
    return page(request, "edits.html", edits=found, form=form, earlier=earlier, **given)


@router.get("/outlets")
def show_outlets(request: Request, connection: Database) -> HTMLResponse:
    """Show a line an outlet."""
    return page(request, "outlets.html", outlets=coverage.all_outlets(connection))


@router.get("/outlets/{outlet}")
def show_outlet(
    request: Request, connection: Database, outlet: str, since: Day = None, until: Day = None
) -> HTMLResponse:
    """Show an outlet's days, the last two weeks unless they are given, with what needs somebody."""
    span = coverage.span(outlet, _begin(since) if since else None, _begin(until) if until else None)
    return page(
        request,
        "outlet.html",
        outlet=outlet,
        span=span,
        days=coverage.days(connection, outlet, **span)[::-1],
        alerts=in_time(coverage.alerts, connection, outlet),
        untaken=coverage.untaken(connection, outlet),
        crawls=summary.last_crawls(connection, outlet),
    )


@router.get("/ledger")
def show_ledger(request: Request, connection: Database, outlet: str = "", url: str = "") -> HTMLResponse:
    """Show pages by state and reason, those in quarantine, and all that is known of one address."""
    return page(
        request,
        "ledger.html",
        form={"outlet": outlet, "url": url},
        outlets=list(time_zones()),
        told=history.history(connection, url) if url else None,
        names=(*history.PARTS, "untaken"),
        states=in_time(summary.ledger_states, connection, outlet or None),
        quarantined=summary.newest_quarantined(connection, outlet or None),
    )


@router.get("/dags/{dag_id}")
def show_dag(request: Request, dag_id: str) -> RedirectResponse:
    """Lead from the tab of a Dag to the page of its outlet; from one that crawls none to Today."""
    outlet = dag_id.removeprefix("crawl_")
    place = f"outlets/{quote(outlet)}" if outlet != dag_id else ""
    return RedirectResponse(f"{request.scope['root_path']}/{place}")


@router.get("/dags/{dag_id}/runs/{run_id:path}")
def show_dag_run(request: Request, connection: Database, dag_id: str, run_id: str) -> HTMLResponse:
    """Show what the crawls of a Dag run found and stored."""
    crawls = summary.crawls_of_dag_run(connection, dag_id, run_id)
    for crawl in crawls:
        crawl["states"] = summary.run_states(connection, crawl["run_id"])
        crawl["articles"] = summary.run_articles(connection, crawl["run_id"])
    return page(request, "run.html", dag_id=dag_id, run_id=run_id, crawls=crawls)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _end(day: date) -> datetime:
    return _begin(day) + timedelta(days=1)
