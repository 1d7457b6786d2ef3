"""Why a request is not sent, or its answer not taken: what the downloader middlewares raise."""

from typing import ClassVar

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """This address is not asked for, now or later; `reason` is the ledger's word for why."""

    latest: ClassVar["Refused | None"] = None
    """The last one of this process, for commands that Scrapy tells nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        Refused.latest = self


class RobotsForbids(Refused):
    """robots.txt forbids the address."""

    def __init__(self) -> None:
        super().__init__("robots")


class AddressRefused(Refused):
    """The name leads to an address that the guard does not let pass."""


class Blocked(IgnoreRequest):
    """A wall stands in the way, such as `cookies`; the page is asked for again later."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"blocked: {kind}")
        self.reason = f"blocked: {kind}"


class Interstitial(Blocked):
    """The answer is a page that stands in the way of the one that was asked for."""


class SoftNotFound(IgnoreRequest):
    """The answer is what its host shows for pages that it doesn't have, with status 200."""


class OptedOut(Refused):
    """The page asks not to be stored, and the outlet declares that this is honoured."""

    def __init__(self, names: "list[str]") -> None:
        super().__init__(f"opted_out: {', '.join(names)}")


class BadCertificate(Exception):
    """The server cannot prove that it is the one that was asked for."""


class HostClosed(IgnoreRequest):
    """The host gets no request before `wait_s` seconds are over; that is not the page's fault."""

    def __init__(self, reason: str, wait_s: float) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
