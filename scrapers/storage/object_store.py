"""Raw pages outside Postgres: in the object store or the folder that WARTA_SNAPSHOTS names.

Bytes are stored before the row that names them is committed, and under a name that is never used again. What is killed
between the two leaves bytes that no row names; `sweep_orphans` of storage/snapshots.py deletes them.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from scrapers import config
from scrapers.errors import DamageError, DatabaseError
from scrapers.storage.files import sync

if TYPE_CHECKING:
    from obstore.store import RetryConfig

AT_ONCE = 8  # requests under way: a store answers one of them in tens of milliseconds
# A crawl waits for a store that is away as it does for Postgres: it tries again itself, and no call takes a minute.
RETRY: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class ObjectStore:
    """A store of compressed raw pages; its methods raise DatabaseError where it can't be reached, or refuses."""

    def __init__(self, url: str) -> None:
        from obstore.store import from_url  # a twentieth of a second, which commands without a store need not wait

        parts = urlsplit(url)
        self.name = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"  # no credentials
        self.folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        with self._told("opened"):
            self._store = from_url(url, mkdir=True) if self.folder else from_url(url, retry_config=RETRY)

    def put(self, bodies: Iterable[tuple[bytes, bytes]]) -> list[str]:
        """Store compressed bodies, each with the SHA-256 of the raw page; return the names that they have."""
        with ThreadPoolExecutor(AT_ONCE) as threads, self._told("written"):
            return list(threads.map(self._put, bodies))

    def _put(self, body: tuple[bytes, bytes]) -> str:
        digest, packed = body
        name = f"{digest[:1].hex()}/{digest.hex()}-{uuid4().hex[:12]}.zst"
        self._store.put(name, packed)
        if self.folder:  # an object store answers once it is safe
            sync(self.folder / name)
            sync((self.folder / name).parent)
        return name

    def get(self, name: str) -> bytes:
        """Return a compressed body; raises DamageError where there is none of this name."""
        with self._told("read"):
            try:
                return self._store.get(name).bytes().to_bytes()
            except FileNotFoundError:
                raise DamageError(f"{name} is missing in {self.name}; restore it from a backup") from None

    def delete(self, names: Sequence[str]) -> None:
        """Delete bodies, whether they are there or not."""
        with ThreadPoolExecutor(AT_ONCE) as threads, self._told("written"):
            for _ in threads.map(self._delete, names):
                pass

    def _delete(self, name: str) -> None:
        try:
            self._store.delete(name)
        except FileNotFoundError:
            return

    def older_than(self, age: timedelta) -> Iterator[list[str]]:
        """Yield the names of all bodies that were stored so long ago, in lists."""
        until = datetime.now(UTC) - age
        with self._told("listed"):
            for found in self._store.list():
                yield [one["path"] for one in found if one["last_modified"] < until]

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            raise DatabaseError(
                f"the raw pages in {self.name} can't be {done}: {str(error).splitlines()[0]} (see WARTA_SNAPSHOTS)"
            ) from None


def object_store() -> ObjectStore | None:
    """Return the store that WARTA_SNAPSHOTS names; None where raw pages are kept in Postgres."""
    return _open(config.SNAPSHOTS) if config.SNAPSHOTS else None


@lru_cache(maxsize=2)
def _open(url: str) -> ObjectStore:
    return ObjectStore(url if "://" in url else Path(url).absolute().as_uri())
