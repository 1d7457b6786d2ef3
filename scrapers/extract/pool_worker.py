"""The process that reads pages for a crawl: `python -m scrapers.extract.pool_worker SOCKET PARENT`.

It imports what reads a page and nothing of the crawl, nor what only its other side needs, so that it starts in a third
of the time that the standard pools' take. No thread of the crawl is in it, nor its connection to Postgres.
"""

import pickle
import resource
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from lxml import etree

from scrapers.errors import NotAnArticle
from scrapers.extract.page import Page, Rules
from scrapers.extract.reading import Reading
from scrapers.parent import die_with_parent

BYTES = 768 << 20  # of address space a process; the largest pages that can be articles take some 600 MiB
TOO_LARGE = "too_large"  # the reason of a page that takes more; its process is to read no other
LENGTH = struct.Struct("!Q")  # before each answer: the bytes that it has

Job = tuple[Callable[[Page, Rules], Reading], Page, Rules]


def serve(connection: socket.socket, parent: int) -> None:
    """Read the pages that come, until no more can."""
    die_with_parent(parent)
    if sys.platform == "linux":  # macOS does not heed it
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    with suppress(EOFError, ConnectionError), connection, connection.makefile("rb") as jobs:  # the crawl has ended
        _send(connection, "ready")
        while True:
            job: Job = pickle.load(jobs)  # noqa: S301 - the crawl's
            _send(connection, _answer(*job))


def _send(connection: socket.socket, answer: Any) -> None:
    try:
        data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - an error that holds what can't be sent
        data = pickle.dumps(RuntimeError(f"{type(answer).__name__}: {answer} ({error})"))
    connection.sendall(LENGTH.pack(len(data)) + data)


def _answer(read: Callable[[Page, Rules], Reading], page: Page, rules: Rules) -> Reading | Exception:
    try:
        return read(page, rules)
    except NotAnArticle as why:
        return why
    except (MemoryError, etree.XMLSyntaxError):  # lxml says the latter where libxml2 gets no memory
        return NotAnArticle(TOO_LARGE, f"{page.url} takes more than {BYTES >> 20} MiB of memory to read")
    except Exception as error:  # noqa: BLE001 - whatever it is, the crawl is to hear of it
        error.add_note(traceback.format_exc())
        return error


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
