"""The decorator of the functions that numba compiles.

Compiled code is cached beside its module, or in the user's cache directory, until that module's file changes. numba
doesn't see changes in other files, so a module with compiled functions takes no constant or compiled function from
another of our modules: only this decorator and types. Of processes that need the same code at once one compiles, and
the others load what it has made: numba itself would have each of them compile for half a minute.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from filelock import FileLock
from numba import njit
from numba.core.event import Event, Listener, register

P = ParamSpec("P")
R = TypeVar("R")

Int = Any  # an integer or a truth value in compiled code, where numpy's types are not int and bool to mypy
MOST_S = 120.0  # that a process waits for another before it compiles, too


class CompileInTurn(Listener):
    """Holds a lock on the cache while a function is compiled, with all that it calls."""

    def __init__(self) -> None:
        self._locks: list[FileLock | None] = []  # one for each function that is being compiled for another

    def on_start(self, event: Event) -> None:
        """Wait for other processes, unless this function is compiled as a part of another."""
        self._locks.append(None)
        folder = event.data["dispatcher"].stats.cache_path
        if folder and len(self._locks) == 1:
            lock = FileLock(Path(folder) / "compiling.lock", timeout=MOST_S)
            with suppress(OSError):  # the folder can't be written, or the other takes too long
                lock.acquire()
                self._locks[0] = lock

    def on_end(self, event: Event) -> None:
        """Let others go on."""
        if lock := self._locks.pop():
            lock.release()


register("numba:compile", CompileInTurn())  # type: ignore[no-untyped-call]  # numba's own


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, to be compiled on its first call; the machine code is cached where a file can be written."""
    try:
        dispatcher: Any = njit(cache=True)(function)
    except RuntimeError:  # neither the module's folder nor the user's cache is writable
        dispatcher = njit(function)
    return dispatcher  # type: ignore[no-any-return]
