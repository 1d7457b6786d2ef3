"""What is known of one address that is asked for: the downloader middlewares and the callbacks share it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from scrapy.http import Request, Response

from scrapers.items import Fetch, LeasedPage

KEY = "visit"


@dataclass(eq=False, kw_only=True)
class Visit:
    """One address on its way: its retries and redirects are requests of the same visit.

    `page` is the ledger's page that is visited; None for feeds, robots.txt, probes, and where there is no run.
    `is_trial` says that the request under way tries whether a closed host answers again; `host_closed_s` for how many
    seconds its failure closed the host. `forbids_ai` and `reserves_tdm` are what the site asks of the address, see
    opt_outs.py.
    """

    fetches: list[Fetch] = field(default_factory=list)
    page: LeasedPage | None = None
    is_trial: bool = False
    host_closed_s: float = 0.0
    forbids_ai: bool = False
    reserves_tdm: bool = False
    sent_at: tuple[datetime, float] | None = None
    """When the request under way was sent, as UTC and as time.monotonic()."""

    def take_sent_at(self) -> tuple[datetime, float] | None:
        """Return `sent_at` and clear it, so that each request gets one row in the log; None if it has been taken."""
        sent_at, self.sent_at = self.sent_at, None
        return sent_at


def visit_of(request: Request | Response) -> Visit:
    """Return the visit that a request, or the request of a response, belongs to; a new one where it has none yet."""
    return cast("Visit", request.meta.setdefault(KEY, Visit()))
