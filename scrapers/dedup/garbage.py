"""Keeps Python from searching for garbage in cycles, of which deduplication leaves none worth the search."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_collection_off() -> Iterator[None]:
    """Leave garbage collection to the caller: searching many thousand articles for cycles would take a tenth of the
    time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
