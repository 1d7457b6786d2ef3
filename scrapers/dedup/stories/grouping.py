"""Puts deduplicated articles into stories in Postgres, and merges stories; `index.py` says by what.

Articles are taken one after another, by their time within a run. Of the copies of one text only the first counts, so
that syndication doesn't vote; the others go where it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import psycopg

from scrapers.dedup.stories.index import WINDOW, Story, StoryIndex, joined
from scrapers.dedup.stories.vectors import Vector, add, rounded, vector
from scrapers.dedup.text.signatures import ALGORITHM, Signature
from scrapers.errors import UsageError
from scrapers.storage.connection import connect, query

STORIES_LOCK = 0x53544F52  # "STOR": the advisory lock held by the one who writes stories
BATCH_SIZE = 1_000  # articles a transaction

Row = tuple[int, datetime, bytes, int | None, int | None]  # article, time, signature, its copies' story, representative


def group(dsn: str | None = None) -> int:
    """Put all waiting articles into stories; return how many. Another run that does so already is left to it."""
    index, count = HeldStories(), 0
    with connect(dsn) as connection:
        while found := _group_batch(connection, index):
            count += found
    return count


def _group_batch(connection: psycopg.Connection, index: "HeldStories") -> int:
    with connection.transaction():
        if connection.execute(query("try_lock"), {"lock": STORIES_LOCK}).fetchone() != (True,):
            return 0
        ids = [one for (one,) in connection.execute(query("claim_for_stories"), {"articles": BATCH_SIZE})]
        wanted = {"article_ids": ids, "algorithm": ALGORITHM}
        rows = connection.cursor(binary=True).execute(query("articles_for_stories"), wanted).fetchall()
        if rows:
            index.hold(connection, rows[0][1] - WINDOW)
            _assign(connection, index, rows)
    return len(ids)


class HeldStories(StoryIndex):
    """The stories of Postgres that have gone on since a time."""

    def __init__(self) -> None:
        super().__init__()
        self._since: datetime | None = None

    def hold(self, connection: psycopg.Connection, since: datetime) -> None:
        """Hold the stories that have gone on since then, and no others; read them where they are not held yet."""
        if self._since is None or since < self._since:
            for row in connection.execute(query("stories_since"), {"since": since}):
                self.put(_story(*row))
        self._since = since
        self.expire(since)


def _story(story_id: int, terms: list[int], weights: list[float], texts: int, last_at: datetime) -> Story:
    unsigned = (term & 0xFFFFFFFF for term in terms)
    return Story(story_id, rounded(dict(zip(unsigned, weights, strict=True))), texts, last_at)


def _assign(connection: psycopg.Connection, index: StoryIndex, rows: Sequence[Row]) -> None:
    """Put each article into the story of its copies, into the nearest, or into a new one; write what has changed."""
    of_cluster: dict[int, int] = {}
    changed: dict[int, Story] = {}
    places: dict[int, int] = {}
    for article, at, signature, known, representative in rows:
        place = known or (representative and of_cluster.get(representative))
        if not place:
            story = _story_of(connection, index, vector(Signature.decompressed(signature)), at)
            index.put(story)
            place = story.story_id
            changed[place] = story
        if representative:
            of_cluster[representative] = place
        places[article] = place
    for story in changed.values():
        write(connection, story)
    put = {"article_ids": list(places), "story_ids": list(places.values())}
    connection.execute(query("put_into_stories"), put)


def _story_of(connection: psycopg.Connection, index: StoryIndex, terms: Vector, at: datetime) -> Story:
    if story := index.story_for(terms, at):
        return joined(story, terms, at)
    return Story(_next_id(connection), terms, 1, at)


def _next_id(connection: psycopg.Connection) -> int:
    [story_id] = connection.execute(query("next_story_id")).fetchone() or [0]
    return int(story_id)


def write(connection: psycopg.Connection, story: Story) -> None:
    """Write what a story is compared by."""
    connection.execute(query("upsert_story"), {
        "story_id": story.story_id,
        "terms": [_signed(term) for term in story.terms],
        "weights": list(story.terms.values()),
        "texts": story.texts,
        "last_at": story.last_at,
    })  # fmt: skip


def _signed(term: int) -> int:
    """Return a term as a signed number of 32 bits, which is what Postgres has."""
    return term - (1 << 32) if term >> 31 == 1 else term


def merge_near(dsn: str | None = None) -> int:
    """Merge stories that turn out to be one: near each other, or with copies of one text; return how many were merged.

    Stories that a person has set apart stay so.
    """
    index = HeldStories()
    with connect(dsn) as connection, connection.transaction():
        connection.execute(query("lock"), {"lock": STORIES_LOCK})
        [newest] = connection.execute(query("newest_story_time")).fetchone() or [None]
        if newest is None:
            return 0
        index.hold(connection, newest - WINDOW)
        apart = {frozenset(pair) for pair in connection.execute(query("split_stories"))}
        copies = connection.execute(query("stories_of_one_cluster")).fetchall()
        count = sum(_merge(connection, index, one, other) for one, other in copies if {one, other} not in apart)
        looked_at = set(index.stories)
        while merged := _merge_nearest(connection, index, looked_at, apart):
            count += len(merged)
            looked_at = {story_id for story_id in merged if story_id in index.stories}
        return count


def _merge_nearest(
    connection: psycopg.Connection, index: StoryIndex, looked_at: Iterable[int], apart: set[frozenset[int]]
) -> list[int]:
    """Merge these stories with others that are near, the nearest first, while they still are.

    Returns the id that stayed of each merge.
    """
    return [
        one
        for one, other in index.mergeable(looked_at)
        if {one, other} not in apart and index.is_mergeable(one, other) and _merge(connection, index, one, other)
    ]


def _merge(connection: psycopg.Connection, index: StoryIndex, one: int, other: int) -> int:
    """Merge two stories if both are held; return how many were merged, 0 or 1."""
    if one not in index.stories or other not in index.stories:
        return 0
    _join(connection, index, one, other)
    return 1


def _join(connection: psycopg.Connection, index: StoryIndex, one: int, other: int) -> None:
    kept, gone = index.stories[min(one, other)], index.stories[max(one, other)]
    terms, last_at = add(kept.terms, gone.terms), max(kept.last_at, gone.last_at)
    story = Story(kept.story_id, terms, kept.texts + gone.texts, last_at)
    index.drop(gone.story_id)
    index.put(story)
    write(connection, story)
    connection.execute(query("move_story"), {"story_id": gone.story_id, "into": story.story_id})


def merge(connection: psycopg.Connection, one: int, other: int) -> int:
    """Make two stories one for good; return the id that stays. Raises UsageError if one is not there."""
    if one == other:
        raise UsageError(f"{one} is one story: name two")
    with connection.transaction():
        connection.execute(query("lock"), {"lock": STORIES_LOCK})
        index = _held(connection, one, other)
        connection.execute(query("delete_story_split"), {"a": one, "b": other})
        _join(connection, index, one, other)
    return min(one, other)


def split(connection: psycopg.Connection, article: int, *, by: str) -> int:
    """Take an article with its copies out of its story for good; return the id of the new one.

    Raises UsageError if the article is in no story.
    """
    with connection.transaction():
        connection.execute(query("lock"), {"lock": STORIES_LOCK})
        found = connection.execute(query("article_story"), {"article_id": article}).fetchone()
        if not found:
            raise UsageError(f"article {article} is in no story; `warta stories --json` shows which articles are")
        story_id, members = found
        wanted = {"article_ids": [article], "algorithm": ALGORITHM}
        [row] = connection.cursor(binary=True).execute(query("articles_for_stories"), wanted).fetchall()
        new = Story(_next_id(connection), vector(Signature.decompressed(row[2])), 1, row[1])
        write(connection, new)
        put = {"article_ids": members, "story_ids": [new.story_id] * len(members)}
        connection.execute(query("put_into_stories"), put)
        connection.execute(query("insert_story_split"), {"a": story_id, "b": new.story_id, "decided_by": by})
    return new.story_id


def _held(connection: psycopg.Connection, *story_ids: int) -> StoryIndex:
    """Return an index of these stories. Raises UsageError if one is not there."""
    index = StoryIndex()
    for row in connection.execute(query("stories_by_id"), {"story_ids": list(story_ids)}):
        index.put(_story(*row))
    for wanted in story_ids:
        if wanted not in index.stories:
            raise UsageError(f"no story {wanted}, or it is part of another; `warta stories` shows those that are")
    return index
