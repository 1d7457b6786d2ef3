"""Ports on 127.0.0.1 that a service keeps from one start to the next."""

import socket
from pathlib import Path


def free_port(saved: Path, first: int) -> int:
    """Return the port in the file `saved`, else `first`, else any; it was free a moment ago."""
    try:
        choices = [int(saved.read_text()), first]
    except (FileNotFoundError, ValueError):
        choices = [first]
    return next((port for port in choices if is_free(port)), None) or _any_port()


def is_free(port: int) -> bool:
    """Tell whether a server could listen on 127.0.0.1 at that port."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: no wait after a restart
        try:
            candidate.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
        return True


def _any_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])
