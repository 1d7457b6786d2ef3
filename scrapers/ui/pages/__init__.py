"""The pages: each module reads what an address asks for, and hands it to a template."""

from collections.abc import Sequence

from fastapi import APIRouter

from scrapers.ui.pages import articles, copies, dags, edits, ledger, outlets, search, shared, today, watches

ROUTERS: Sequence[APIRouter] = [
    module.router for module in (today, search, articles, edits, copies, watches, outlets, ledger, dags, shared)
]
