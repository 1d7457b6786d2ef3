"""The address guard for what people type: webhooks and mail servers, which are public or where it is allowed."""

import socket

from scrapers import config
from scrapers.fetch.ssrf_guard import ALLOWED, Allowance, refused


class NotReached(OSError):
    """The address is one that is not connected to."""


def address_of(host: str, port: int) -> str:
    """Return an address of the host that may be connected to, which is then connected to and not looked up again.

    Raises NotReached where all are forbidden, and OSError where the host has none.
    """
    name = host.rstrip(".").lower()
    ALLOWED.update(Allowance(network, frozenset({port}), frozenset({name})) for network in config.allowed_networks())
    found = [str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    reasons = {address: refused(name, address, port) for address in found}
    if allowed := [address for address, reason in reasons.items() if reason is None]:
        return allowed[0]
    raise NotReached(f"{next(iter(reasons.values()))}; WARTA_ALLOWED_NETWORKS says which networks may be reached")
