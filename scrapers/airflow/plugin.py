"""Warta's pages inside Airflow's UI: an item of its menu, and a tab of each Dag and Dag run.

Airflow imports this in each of its components; the pages themselves are loaded by the api-server alone, which is the
only one to ask for `fastapi_apps`.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response
    from starlette.exceptions import HTTPException

PREFIX = "/warta"
LOGIN = "/api/v2/auth/login"  # leads to that of the auth manager, whichever it is


class WartaPlugin(AirflowPlugin):
    """What Airflow reads of the plugin."""

    name = "warta"
    external_views = [  # noqa: RUF012 - as in Airflow's own class
        {
            "name": "Warta",
            "href": f"{PREFIX}/",
            "destination": "nav",
            "url_route": "warta",
            "nav_top_level": True,
        },
        {
            "name": "Outlet",
            "href": f"{PREFIX}/dags/{{DAG_ID}}",
            "destination": "dag",
            "url_route": "warta_outlet",
        },
        {
            "name": "Articles",
            "href": f"{PREFIX}/dags/{{DAG_ID}}/runs/{{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "warta_run",
        },
    ]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]  # Airflow has a list, and only reads it
        """Return the pages, for who may see Airflow's own, and what programs ask; the longer addresses come first."""
        from scrapers.api.app import build_api, build_feeds

        return [
            {"app": build_api(admit), "url_prefix": f"{PREFIX}/api", "name": "Warta's API"},
            {"app": build_feeds(admit), "url_prefix": f"{PREFIX}/feeds", "name": "Warta's feeds"},
            {"app": application(), "url_prefix": PREFIX, "name": "Warta"},
        ]


def application() -> "FastAPI":
    """Return the pages, open to those whom Airflow lets see its website; others are led to its login."""
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import requires_access_view

    from scrapers.ui.app import build

    app = build(requires_access_view(AccessView.WEBSITE))
    app.add_exception_handler(401, ask_to_log_in)  # type: ignore[arg-type]  # a status has but one kind of error
    return app


async def admit(request: "Request") -> None:
    """Let a program pass that has a token of Airflow's, whose user may see its website; raises HTTPException."""
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user, requires_access_view
    from starlette.concurrency import run_in_threadpool

    user = await get_user(request, None, await bearer_scheme(request))
    await run_in_threadpool(requires_access_view(AccessView.WEBSITE), request, user)


def ask_to_log_in(request: "Request", error: "HTTPException") -> "Response":
    """Lead a browser to the login and back to the page that it asked for; tell a program that it has to."""
    from fastapi.responses import JSONResponse, RedirectResponse

    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": error.detail}, status_code=401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN}?{urlencode({'next': here})}", status_code=302)
