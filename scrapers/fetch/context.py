"""What the downloader middlewares and the download handler of one crawler share."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapers.fetch.hosts import Hosts
from scrapers.fetch.send_gate import SendGate

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scrapers.storage.session import Session


@dataclass(eq=False)
class FetchContext:
    """The hosts that are asked, and the gate that requests leave through; None where there is no run."""

    hosts: Hosts = field(default_factory=Hosts)
    send_gate: SendGate | None = None

    def begin(self, session: "Session") -> None:
        """Share the hosts with all crawls, and send only what could be stored: a run has begun."""
        self.hosts.session = session
        self.send_gate = SendGate(session.ready)


CONTEXTS: WeakKeyDictionary["Crawler", FetchContext] = WeakKeyDictionary()


def context_of(crawler: "Crawler") -> FetchContext:
    """Return what a crawler's middlewares share."""
    return CONTEXTS.setdefault(crawler, FetchContext())
