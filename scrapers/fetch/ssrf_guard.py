"""The address guard: no request reaches this machine or its network, whatever a page says.

Every connection of Scrapy, whether for a page, a feed, robots.txt or a redirect, takes the address and the port that
this resolver returns, so what is checked is what is connected to: a name that changes its address in between gains
nothing. An outlet that is not public declares where it is (`allowed_networks`); of that, only its own port is reached.
"""

import socket
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import signals
from scrapy.http import Request, Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from service_identity import CertificateError, VerificationError
from twisted.internet import defer
from twisted.internet.address import IPv4Address as Resolved

from scrapers.fetch.refusals import AddressRefused, BadCertificate, Refused
from scrapers.urls import LONGEST_URL

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

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

NEVER_ASKED = frozenset(  # of any host: ports where a request would be read as another protocol's commands
    (
        # The "bad ports" of browsers (WHATWG Fetch, "port blocking"): mail, shells, name and directory services, …
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104),
        *(109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515),
        *(526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049),
        *(3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
        # Databases, caches, queues and remote control, by their makers' defaults: MS SQL, Oracle, MySQL, Postgres and
        # PgBouncer, Redis, CouchDB, Cassandra, Elasticsearch, memcached, MongoDB, Neo4j; ZooKeeper, etcd, MQTT, AMQP,
        # Kafka; SMB, rsync, Docker, RDP, VNC, WinRM, Kubernetes.
        *(1433, 1434, 1521, 3306, 33060, 5432, 5433, 6432, 6379, 6380, 5984, 7000, 7001, 9042, 9160, 9200, 9300),
        *(11211, 27017, 27018, 27019, 7687, 2181, 2379, 2380, 1883, 5672, 9092, 445, 873, 2375, 2376, 3389, 5900),
        *(5985, 5986, 6443, 10250),
    )
)
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Allowance:
    """A network that is not public, and the names and ports of an outlet that is in it."""

    network: IPv4Network | IPv6Network
    ports: frozenset[int]
    hosts: frozenset[str]

    def covers(self, name: str, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Return whether the outlet itself is at the address, port and name."""
        is_ours = any(name == host or name.endswith(f".{host}") for host in self.hosts)
        return is_ours and port in self.ports and address in self.network


ALLOWED: set[Allowance] = set()
"""What is not public and yet belongs to an outlet that this process crawls."""
REFUSED: dict[tuple[str, int], str] = {}
"""Names and ports that led to a forbidden address, and where: the reason that the ledger keeps."""


def allow(networks: Iterable[str], *, hosts: Collection[str], site: str) -> None:
    """Let this process reach an outlet's `networks` as it declares them, under the names of its `hosts`.

    A network with a port, `10.0.0.0/8:8080`, is reached at that one; others at the port of `site`. One with a name,
    `maps.example@10.0.0.0/8`, is reached under that name alone: where the outlet keeps its sitemaps with somebody else.
    Raises ValueError for what is no network.
    """
    for declared in networks:
        name, _, place = declared.rpartition("@")
        address, _, rest = place.partition("/")
        length, _, port = rest.partition(":")
        network = ip_network(f"{address}/{length}" if length else address)
        names = frozenset([name] if name else hosts)
        ALLOWED.add(Allowance(network, frozenset({int(port) if port else port_of(site)}), names))


def port_of(url: str) -> int:
    """Return the port that a request of `url` goes to."""
    parts = urlsplit(url)
    return PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver; what it returns to whoever connects is public, or allowed.

    It knows `*.localhost` too, as RFC 6761 (6.3) asks of applications: glibc knows only `localhost` itself, browsers
    and curl know all, and the seed site has a name a host of the outlet.
    """

    def install_on_reactor(self) -> None:
        """Answer every connection of the reactor: Twisted asks this one for the address and knows the port."""
        super().install_on_reactor()
        names: Any = GuardedNames(self.reactor.nameResolver)
        self.reactor.installNameResolver(names)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "defer.Deferred[str]":  # noqa: N802 - Twisted's name
        """Return the IPv4 address of `name`, whatever it is."""
        if name == "localhost" or name.endswith(".localhost"):
            return defer.succeed("127.0.0.1")
        if literal := numeric_address(name):
            return defer.succeed(literal)
        return super().getHostByName(name, timeout)


class GuardedNames:
    """A reactor's resolver of names for a port (IHostnameResolver), without the addresses that may not be reached."""

    def __init__(self, names: Any) -> None:
        self.names = names

    def resolveHostName(  # noqa: N802 - Twisted's names
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        *further: Any,
        **named: Any,
    ) -> Any:
        """Tell the receiver of each address of the name that may be reached at the port."""
        guarded = _Guarded(resolutionReceiver, hostName)
        return self.names.resolveHostName(guarded, hostName, portNumber, *further, **named)


class _Guarded:
    """Hands on what may be reached, and notes what not: then Twisted says that the name has no address."""

    def __init__(self, receiver: Any, name: str) -> None:
        self.name = name
        self.receiver = receiver
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Resolved) -> None:  # noqa: N802 - Twisted's name
        """Hand the address on, or note why not."""
        if reason := refused(self.name, address.host, address.port):
            REFUSED[self.name, address.port] = reason
        else:
            self.receiver.addressResolved(address)


class GuardMiddleware:
    """Let no request be sent in a way that the resolver has no part in."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the middleware; what the crawler's outlet declares as its own may be reached from now on."""
        middleware = cls()
        if crawler.spider:
            middleware.allow_outlet(crawler.spider)
        else:  # `scrapy shell` finds its spider later
            crawler.signals.connect(middleware.allow_outlet, signal=signals.spider_opened)
        return middleware

    def allow_outlet(self, spider: Any) -> None:
        """Let the process reach the networks that an outlet declares; other spiders declare none."""
        if networks := getattr(spider, "allowed_networks", ()):
            allow(networks, hosts=spider.hosts, site=spider.site)

    def process_request(self, request: Request) -> None:
        """Raise Refused for other schemes, for ports that are never asked, for a proxy, and for an endless address."""
        if len(request.url) > LONGEST_URL:  # such as a redirect's; each pattern that is tried on it takes its time
            raise Refused("address_too_long")
        if urlparse_cached(request).scheme not in PORTS:
            raise Refused(f"address guard: {urlparse_cached(request).scheme} is neither http nor https")
        if (port := port_of(request.url)) is None or port in NEVER_ASKED:
            raise Refused(
                f"address guard: port {port} is never asked" if port is not None else "address guard: no port"
            )
        if request.meta.get("proxy"):  # it would connect in our place, to wherever it likes
            raise Refused("address guard: a proxy")

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise AddressRefused where another download handler has connected to what the resolver would not have."""
        address = getattr(response, "ip_address", None)
        name, port = urlparse_cached(request).hostname or "", port_of(request.url)
        if address is not None and (reason := refused(name, str(address), port)):
            raise AddressRefused(reason)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say what the resolver could not, and what TLS does not say plainly; for neither there is a second try."""
        if reason := refusal(request):
            raise AddressRefused(reason)
        if fault := certificate_fault(exception):
            raise BadCertificate(fault)


def refusal(request: Request) -> str | None:
    """Return why the resolver has refused the request's host; None where it has not."""
    return REFUSED.get((urlparse_cached(request).hostname or "", port_of(request.url)))


def certificate_fault(exception: Exception) -> str | None:
    """Return why the server's certificate was not accepted; None where that is not what failed."""
    for failure in getattr(exception.__cause__, "reasons", ()):
        error = failure.value
        if isinstance(error, VerificationError | CertificateError):
            return f"{type(error).__name__}: not issued for this host"
        if isinstance(error, SSL.Error) and "certificate" in str(error):
            return str(error.args[0][0][-1]) if error.args and error.args[0] else "certificate refused"
    return None


def refused(name: str, address: str, port: int) -> str | None:
    """Return why `name`, which has this address, is not asked at this port; None where it may be."""
    found = ip_address(address)
    if is_public(address) or _is_allowed(name, found, port):
        return None
    if any(_carried_or_itself(found) in allowance.network for allowance in ALLOWED):
        return f"address guard: {name} leads to port {port} of {address}, where the outlet is not"
    return f"address guard: {name} leads to {address}, which is not public"


def _is_allowed(name: str, address: IPv4Address | IPv6Address, port: int) -> bool:
    """Return whether the outlet declares that it is there; a metadata service's address never counts as such."""
    itself = _carried_or_itself(address)
    return itself not in METADATA and any(allowance.covers(name, itself, port) for allowance in ALLOWED)


def _carried_or_itself(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (_carried(address) if isinstance(address, IPv6Address) else None) or address


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
    itself = _carried_or_itself(address)
    return not any(itself in network for network in FORBIDDEN if network.version == itself.version)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    for network, shift in CARRIES_IPV4.items():
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None
