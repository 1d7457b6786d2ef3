"""The tabs of Airflow's Dags and Dag runs."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from scrapers.monitor import summary
from scrapers.ui.database import Database
from scrapers.ui.rendering import page

router = APIRouter(default_response_class=HTMLResponse)


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
