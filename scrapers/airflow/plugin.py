"""Warta's pages inside Airflow's UI: an item of its menu, a tab of each Dag and Dag run, a card on its home page.

Airflow imports this in each of its components; the pages themselves are loaded by the api-server alone, which is the
only one to ask for `fastapi_apps`.
"""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
    from fastapi import FastAPI, Request, Response
    from starlette.exceptions import HTTPException

    from scrapers.ui.access import Reader

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

    react_apps = [  # noqa: RUF012 - as in Airflow's own class
        {
            "name": "WartaToday",  # the global that its script sets
            "bundle_url": f"{PREFIX}/static/card.js",
            "destination": "dashboard",
            "url_route": "warta_today",
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
    from airflow.api_fastapi.core_api.security import get_user, requires_access_view
    from fastapi import Depends

    from scrapers.ui.access import Reader
    from scrapers.ui.app import build

    def identify(user: Any = Depends(get_user), _: None = Depends(requires_access_view(AccessView.WEBSITE))) -> Reader:  # noqa: B008
        return reader_of(user)

    app = build(identify)
    app.add_exception_handler(401, ask_to_log_in)  # type: ignore[arg-type]  # a status has but one kind of error
    return app


async def admit(request: "Request") -> None:
    """Let a program pass that has a token of Airflow's, whose user may see its website; raises HTTPException."""
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user, requires_access_view
    from starlette.concurrency import run_in_threadpool

    user = await get_user(request, None, await bearer_scheme(request))
    await run_in_threadpool(requires_access_view(AccessView.WEBSITE), request, user)


def reader_of(user: "BaseUser") -> "Reader":
    """Return a user of Airflow as the pages know one."""
    from scrapers.ui.access import Reader

    return Reader(user.get_name(), partial(may_trigger, user), partial(start, user))


def may_trigger(user: "BaseUser", dag_id: str) -> bool:
    """Return whether Airflow lets the user start runs of the Dag."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
    from airflow.models.dag import DagModel

    details = DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id))
    return get_auth_manager().is_authorized_dag(
        method="POST", access_entity=DagAccessEntity.RUN, details=details, user=user
    )


def start(user: "BaseUser", dag_id: str, conf: Mapping[str, Any]) -> str:
    """Start a run of the Dag with this form, and return its id; raises UsageError where Airflow has no such Dag."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.exceptions import DagNotFound
    from airflow.utils.types import DagRunTriggeredByType

    from scrapers.errors import UsageError

    try:
        run = trigger_dag(
            dag_id, conf=dict(conf), triggered_by=DagRunTriggeredByType.UI, triggering_user_name=user.get_name()
        )
    except (DagNotFound, ValueError) as error:
        raise UsageError(f"Airflow does not start {dag_id}: {error}") from None
    return str(run.run_id)  # type: ignore[union-attr]  # it says None for Dags that it does not find, and raises


def ask_to_log_in(request: "Request", error: "HTTPException") -> "Response":
    """Lead a browser to the login and back to the page that it asked for; tell a program that it has to."""
    from fastapi.responses import JSONResponse, RedirectResponse

    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": error.detail}, status_code=401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN}?{urlencode({'next': here})}", status_code=302)
