"""The address guard: no request reaches this machine or its network, whatever a page says.

Every connection of Scrapy, whether for a page, a feed, robots.txt or a redirect, takes the address that this resolver
returns, so what is checked is what is connected to: a name that changes its address in between gains nothing.
"""

import socket
from collections.abc import Iterable, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

# IANA's special-purpose registries for IPv4 and IPv6. Our own list, because `ipaddress` calls some of these global
# (6to4 and NAT64 of private addresses, IPv4-compatible ones, site-local, multicast), and others only since 3.11.10.
FORBIDDEN = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "::ffff:0:0:0/96", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7"),
        *("fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
CARRIES_IPV4 = {  # where in an IPv6 address an IPv4 one stands, counted in bits from the right
    IPv6Network("::ffff:0:0/96"): 0,  # mapped
    IPv6Network("64:ff9b::/96"): 0,  # NAT64
    IPv6Network("64:ff9b:1::/48"): 0,  # NAT64, local
    IPv6Network("2002::/16"): 80,  # 6to4
}


ALLOWED: set[str] = set()
"""Networks that are not public and yet belong to an outlet that this process crawls."""
REFUSED: dict[str, str] = {}
"""Names that led to a forbidden address, and where: the reason that the ledger keeps."""


def allow(networks: Iterable[str]) -> None:
    """Let this process reach `networks`, as its outlet declares."""
    ALLOWED.update(networks)


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver; what it returns is public, or allowed.

    It knows `*.localhost` too, as RFC 6761 (6.3) asks of applications: glibc knows only `localhost` itself, browsers
    and curl know all, and the seed site has a name a host of the outlet.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "defer.Deferred[str]":  # noqa: N802 - Twisted's name
        """Return the IPv4 address of `name`; fails with DNSLookupError where that is forbidden."""
        if name == "localhost" or name.endswith(".localhost"):
            resolved: defer.Deferred[str] = defer.succeed("127.0.0.1")
        elif literal := numeric_address(name):
            resolved = defer.succeed(literal)
        else:
            resolved = super().getHostByName(name, timeout)
        return resolved.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if is_public(address) or any(ip_address(address) in ip_network(network) for network in ALLOWED):
            return address
        REFUSED[name] = f"address guard: {name} leads to {address}, which is not public"
        raise DNSLookupError(REFUSED[name])  # the one failure of a resolver that Twisted expects


def numeric_address(name: str) -> str | None:
    """Return the address that the system takes `name` for without asking anybody: `0x7f.1`, `2130706433`, `127.1`, …"""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None
    return str(found[0][4][0]).partition("%")[0]


@cache
def is_public(address: str) -> bool:
    """Return whether an address, in its usual spelling, is one of the public internet."""
    return _is_public(ip_address(address))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        for network, shift in CARRIES_IPV4.items():
            if address in network:
                return _is_public(IPv4Address(int(address) >> shift & 0xFFFFFFFF))
    return not any(address in network for network in FORBIDDEN if network.version == address.version)
