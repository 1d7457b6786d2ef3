"""Who reads, what Airflow lets them do, and whether a request comes from one of these pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

# Who may trigger the Dag that does such work may do it here
DECIDE, TAKE_DOWN, REPLAY, TEND_ALARMS = "dedup", "upkeep", "quarantine", "watch"


@dataclass(frozen=True, slots=True)
class Reader:
    """A user of Airflow.

    `may_trigger` says whether they may start a run of a Dag; `start` starts one with a form, and returns its id.
    """

    name: str
    may_trigger: Callable[[str], bool]
    start: Callable[[str, Mapping[str, Any]], str]

    def require(self, dag_id: str) -> None:
        """Raise HTTPException where they may not start runs of the Dag, nor do what goes by that right."""
        if not self.may_trigger(dag_id):
            raise HTTPException(
                403, f"this needs the right to trigger the Dag {dag_id}; who administers Airflow can give it"
            )


def acting(request: Request) -> Reader:
    """Return who sends a form; raises HTTPException where another site's page could have sent it in their name."""
    if not is_from_here(request):
        raise HTTPException(403, "this was not sent from a page of this address; open the page here and send it again")
    reader: Reader = request.state.reader
    return reader


Acting = Annotated[Reader, Depends(acting)]


def is_from_here(request: Request) -> bool:
    """Return whether the browser says that a page of this host sent the request.

    Sec-Fetch-Site comes from each browser that has the site by https or on this machine, Origin from all with a form
    (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
    """
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "-")
