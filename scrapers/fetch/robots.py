"""robots.txt as RFC 9309 asks: unreachable means wait, not allowed."""

from typing import Any

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response


class RobotsUnreachable(IgnoreRequest):
    """The host's robots.txt gave no answer, or a server error: its pages wait."""


class _Unreachable:
    """Stands in for the rules of a host whose robots.txt could not be read."""

    def __init__(self, why: str) -> None:
        self.why = why

    def allowed(self, url: str, user_agent: str | bytes) -> bool:
        raise RobotsUnreachable(f"robots.txt unreachable: {self.why}")


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, closed when in doubt (RFC 9309, 2.3.1).

    Scrapy's own allows everything where robots.txt fails, and reads the body of an error page as rules. Its hooks are
    private; the release of Scrapy is pinned.
    """

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._robots_error(RobotsUnreachable(f"HTTP {response.status}"), netloc)
            return
        if response.status >= 400:  # 2.3.1.3: unavailable, everything is allowed
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        rules: Any = _Unreachable(str(exc).split("\n")[0] or type(exc).__name__)
        waiting: Any = self._parsers[netloc]
        self._parsers[netloc] = rules
        waiting.callback(rules)
