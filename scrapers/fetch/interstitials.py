"""Pages that say 200 and stand in the way: bot checks, cookie walls, logins. Each is told by marks of its own.

What they hide is asked for again later, as after a failure: the state is `deferred`, then `gave_up`, and the reason
begins with `blocked: `.
"""

import re
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response, TextResponse

from scrapers.fetch.bodies import is_page
from scrapers.fetch.context import context_of
from scrapers.fetch.hosts import host_of
from scrapers.fetch.refusals import Interstitial
from scrapers.fetch.retry_after import UNSAID_S
from scrapers.fetch.visit import visit_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LOOK = 32 * 1024  # characters; an interstitial is a small page
BOT_CHECKS = re.compile(
    r"/cdn-cgi/challenge-platform/|cf-browser-verification|chk_jschl|_Incapsula_Resource|/_sec/cp_challenge/"
    r"|captcha-delivery\.com|px-captcha|ddos-guard\.net/check|aws-waf-token|sucuri_cloudproxy_js",
    re.IGNORECASE,
)
BOT_TITLES = re.compile(
    r"^(?:just a moment|attention required|checking your browser|access denied|are you a robot|pardon our interruption"
    r"|one more step|ddos protection|security check|verifikasi keamanan|akses ditolak)\b",
    re.IGNORECASE,
)
COOKIE_TITLES = re.compile(
    r"(?:enable|accept|allow|aktifkan|terima|setujui) (?:all )?(?:your )?(?:browser )?cookies?|before you continue"
    r"|cookies? (?:required|are disabled|wall)",
    re.IGNORECASE,
)
LOGIN_TITLES = re.compile(r"^(?:log ?in|sign ?in|masuk|login akun)\b", re.IGNORECASE)
TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)


def interstitial(response: Response) -> str | None:
    """Return `bot_check`, `cookies` or `login` where the page is one; None where it may be an article."""
    if not isinstance(response, TextResponse) or len(response.body) > 4 * LOOK:
        return None
    text = response.text[:LOOK]
    found = TITLE.search(text)
    title = found[1].strip() if found else ""
    if BOT_TITLES.search(title) or (BOT_CHECKS.search(text) and not _has_paragraphs(text)):
        return "bot_check"
    if _has_paragraphs(text):
        return None
    if COOKIE_TITLES.search(title):
        return "cookies"
    if re.search(r"""type=["']?password""", text, re.IGNORECASE) and LOGIN_TITLES.search(title):
        return "login"
    return None


def _has_paragraphs(text: str) -> bool:
    """Return whether there is as much text as a short article has; sites put a login form beside theirs."""
    return sum(len(part) for part in re.findall(r"<p[^>]{0,200}>([^<]{80,})", text)) > 600


class InterstitialMiddleware:
    """Take no interstitial for the page that it hides; a host that checks for bots gets no request for a while."""

    def __init__(self, crawler: "Crawler") -> None:
        self.hosts = context_of(crawler).hosts

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Raise Interstitial for one."""
        if visit_of(request).page and is_page(response) and (kind := interstitial(response)):
            if kind == "bot_check":
                await self.hosts.back_off(host_of(request), UNSAID_S, f"blocked: {kind}")
            raise Interstitial(kind)
        return response
