"""An article, the page that it was read from, and its takedown."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, StringConstraints

from scrapers import config
from scrapers.maintenance import takedown_file, takedowns
from scrapers.monitor import history
from scrapers.publish import articles, edits
from scrapers.publish.snapshots import find_snapshot
from scrapers.ui.access import TAKE_DOWN, Acting
from scrapers.ui.database import Database, Writable
from scrapers.ui.fields import ArticleId
from scrapers.ui.rendering import page

MOST_REVISIONS = 20
FIELDS = (  # of an article, in the order in which they are shown
    "alternative_headline", "description", "author", "editor", "contributor", "publisher", "date_line",
    "date_published", "date_published_raw", "date_published_precision",
    "date_modified", "date_modified_raw", "date_modified_precision",
    "article_section", "keywords", "kind", "in_language", "image_url", "image_caption", "image_credit_text",
    "word_count", "is_paywalled", "is_truncated", "identifier", "amp_url",
)  # fmt: skip
# Nothing of it runs, loads or is submitted, also where it is opened outside of its frame
RAW_PAGE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(default_response_class=HTMLResponse)


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


class Takedown(BaseModel):
    """Why an article has to go, and that this is meant."""

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")
    ]
    is_meant: Annotated[bool, Field(alias="meant")] = False


@router.get("/articles/{article_id}/takedown")
def ask_for_takedown(request: Request, connection: Database, article_id: ArticleId) -> HTMLResponse:
    """Show what a takedown removes, and ask for its reason."""
    return page(request, "takedown.html", article=articles.read_article(connection, article_id), removed=None)


@router.post("/articles/{article_id}/takedown")
def take_down(
    request: Request, connection: Writable, reader: Acting, article_id: ArticleId, form: Annotated[Takedown, Form()]
) -> HTMLResponse:
    """Remove an article for good, and show what was removed and which copies stay."""
    reader.require(TAKE_DOWN)
    article = articles.read_article(connection, article_id)
    if not form.is_meant:
        return page(request, "takedown.html", status=400, article=article, removed=None)
    with takedown_file.appending(config.TAKEDOWNS) as append:
        removed = takedowns.take_down(
            connection, article["canonical_url"], reason=form.reason, requested_by=reader.name
        )
        append(takedowns.takedown(connection, removed.takedown_id))
    return page(request, "takedown.html", article=article, removed=removed)
