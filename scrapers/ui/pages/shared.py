"""What all pages load, and the language and time zone that a reader chooses for them."""

from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from scrapers.ui.access import Acting
from scrapers.ui.rendering import LANGUAGE, LANGUAGES, ZONE, zones

FILES = {"style.css": "text/css", "warta.js": "text/javascript", "card.js": "text/javascript"}
YEAR_S = 365 * 86400

router = APIRouter()


class Preferences(BaseModel):
    """The form at the end of each page; `back` is the address of the page."""

    language: str
    zone: str
    back: str = "/"


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Return the style sheet or a script."""
    if name not in FILES:
        raise HTTPException(404, "Not Found")
    text = resources.files("scrapers.ui").joinpath("static", name).read_bytes()
    return Response(text, media_type=FILES[name], headers={"Cache-Control": "private, max-age=300"})


@router.post("/preferences")
def choose(request: Request, reader: Acting, form: Annotated[Preferences, Form()]) -> RedirectResponse:
    """Keep language and time zone in cookies, and lead back."""
    root = request.scope["root_path"]
    answer = RedirectResponse(form.back if form.back.startswith(f"{root}/") else f"{root}/", status_code=303)
    if form.language in LANGUAGES:
        answer.set_cookie(LANGUAGE, form.language, max_age=YEAR_S, path=root or "/", samesite="lax")
    if form.zone in zones():
        answer.set_cookie(ZONE, form.zone.replace("/", "%2F"), max_age=YEAR_S, path=root or "/", samesite="lax")
    return answer
