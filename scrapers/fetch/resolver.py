"""Names of this machine: `localhost` and all below it are loopback, whatever the system's resolver knows."""

from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer


class LoopbackResolver(CachingThreadedResolver):
    """Scrapy's resolver, which also knows `*.localhost`, as RFC 6761 (6.3) asks of applications.

    glibc knows only `localhost` itself, browsers and curl know all: the seed site has a name a host of the outlet.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "defer.Deferred[str]":  # noqa: N802 - Twisted's name
        """Return the IPv4 address of `name`."""
        if name == "localhost" or name.endswith(".localhost"):
            return defer.succeed("127.0.0.1")
        return super().getHostByName(name, timeout)
