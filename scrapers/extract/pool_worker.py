"""A worker process of the process pool: `python -m scrapers.extract.pool_worker SOCKET PARENT` reads pages for a crawl.

It imports only what reading a page needs, so that it starts quickly, and shares neither threads nor the connection to
Postgres with the crawl.
"""

import gc
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

MAX_MEMORY_BYTES = 768 << 20  # of address space; the largest pages that can be articles take some 600 MiB
GC_THRESHOLD = 10_000  # objects; a page has some thousands
TOO_LARGE = "too_large"  # the reason for rejecting a page that takes more; its process gets no other page
LENGTH = struct.Struct("!Q")  # before each answer: its number of bytes

Job = tuple[Callable[[Page, Rules], Reading], Page, Rules]


def serve(connection: socket.socket, parent: int) -> None:
    """Read the pages that arrive on the connection until it is closed; `parent` is the crawl's process id."""
    die_with_parent(parent)
    gc.freeze()  # what is imported stays; a page's objects form few cycles
    gc.set_threshold(GC_THRESHOLD)
    if sys.platform == "linux":  # macOS ignores it
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    with (
        suppress(EOFError, ConnectionError),
        connection,
        connection.makefile("rb") as jobs,
    ):  # closed: the crawl has ended
        _send(connection, "ready")
        while True:
            job: Job = pickle.load(jobs)  # noqa: S301 - the crawl's
            _send(connection, _answer(*job))


def _send(connection: socket.socket, answer: Any) -> None:
    try:
        data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - an error with a value that can't be pickled
        data = pickle.dumps(RuntimeError(f"{type(answer).__name__}: {answer} ({error})"))
    connection.sendall(LENGTH.pack(len(data)) + data)


def _answer(read: Callable[[Page, Rules], Reading], page: Page, rules: Rules) -> Reading | Exception:
    try:
        return read(page, rules)
    except NotAnArticle as error:
        return error
    except (MemoryError, etree.XMLSyntaxError):  # lxml raises the latter where libxml2 has no memory
        return NotAnArticle(TOO_LARGE, f"{page.url} takes more than {MAX_MEMORY_BYTES >> 20} MiB of memory to read")
    except Exception as error:  # noqa: BLE001 - the crawl gets every error
        error.add_note(traceback.format_exc())
        return error


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
