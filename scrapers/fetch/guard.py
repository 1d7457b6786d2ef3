"""The address guard: no request reaches this machine or its network, whatever a page says.

Every connection of Scrapy, whether for a page, a feed, robots.txt or a redirect, takes the address that this resolver
returns, so what is checked is what is connected to: a name that changes its address in between gains nothing.
"""

import socket
from collections.abc import Iterable, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from OpenSSL import SSL
from scrapy.http import Request, Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from service_identity import CertificateError, VerificationError
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from scrapers.fetch.refusals import AddressRefused, BadCertificate, Refused

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

METADATA = frozenset(  # where clouds hand out a machine's credentials: never, also where private networks are allowed
    ip_address(address)
    for address in ("169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "192.0.0.192")
) | {ip_address("fd00:ec2::254"), ip_address("fd00:ec2::23"), ip_address("fd20:ce::254")}

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
        if may_be_reached(address):
            return address
        REFUSED[name] = f"address guard: {name} leads to {address}, which is not public"
        raise DNSLookupError(REFUSED[name])  # the one failure of a resolver that Twisted expects


class GuardMiddleware:
    """Let no request be sent in a way that the resolver has no part in."""

    @classmethod
    def from_crawler(cls, crawler: object) -> Self:
        """Return the middleware; it needs nothing of the crawler."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Raise Refused for other schemes, and for a proxy."""
        if urlparse_cached(request).scheme not in ("http", "https"):
            raise Refused(f"address guard: {urlparse_cached(request).scheme} is neither http nor https")
        if request.meta.get("proxy"):  # it would connect in our place, to wherever it likes
            raise Refused("address guard: a proxy")

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise AddressRefused where another download handler has connected to what the resolver would not have."""
        address = getattr(response, "ip_address", None)
        if address is not None and not may_be_reached(str(address)):
            raise AddressRefused(f"address guard: {response.url} came from {address}, which is not public")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say what the resolver could not, and what TLS does not say plainly; for neither there is a second try."""
        if reason := refusal(request):
            raise AddressRefused(reason)
        if fault := certificate_fault(exception):
            raise BadCertificate(fault)


def refusal(request: Request) -> str | None:
    """Return why the resolver has refused the request's host; None where it has not."""
    return REFUSED.get(urlparse_cached(request).hostname or "")


def certificate_fault(exception: Exception) -> str | None:
    """Return why the server's certificate was not accepted; None where that is not what failed."""
    for failure in getattr(exception.__cause__, "reasons", ()):
        error = failure.value
        if isinstance(error, VerificationError | CertificateError):
            return f"{type(error).__name__}: not issued for this host"
        if isinstance(error, SSL.Error) and "certificate" in str(error):
            return str(error.args[0][0][-1]) if error.args and error.args[0] else "certificate refused"
    return None


def may_be_reached(address: str) -> bool:
    """Return whether an address is public, or allowed."""
    return is_public(address) or _is_allowed(ip_address(address))


def _is_allowed(address: IPv4Address | IPv6Address) -> bool:
    """Return whether the outlet declares the address; a metadata service's never counts as such."""
    if isinstance(address, IPv6Address) and (carried := _carried(address)):
        return _is_allowed(carried)
    return address not in METADATA and any(address in _network(network) for network in ALLOWED)


_network = cache(ip_network)


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
    if isinstance(address, IPv6Address) and (carried := _carried(address)):
        return _is_public(carried)
    return not any(address in network for network in FORBIDDEN if network.version == address.version)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    for network, shift in CARRIES_IPV4.items():
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None
