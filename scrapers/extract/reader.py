"""The process that reads pages for a crawl: `python -m scrapers.extract.reader SOCKET PARENT`, started by workers.py.

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

from scrapers.errors import NotAnArticle
from scrapers.extract.page import Page, Rules
from scrapers.extract.reading import Reading
from scrapers.parent import die_with_parent

BYTES = 2 << 30  # of address space a process; a page has at most 16 MiB, its tree some thirty times as much
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
    except Exception as error:  # noqa: BLE001 - whatever it is, the crawl is to hear of it
        error.add_note(traceback.format_exc())
        return error


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
