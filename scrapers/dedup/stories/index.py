"""The stories of the last days, and which of them an article belongs to: single-pass clustering.

Each article is compared with the stories that share its rarest terms, by the cosine of their words and names, weighted
by inverse document frequency, which fades with the days since (Miranda, Znotiņš, Cohen and Barzdins, *Multilingual
clustering of streaming news*, 2018). It joins the nearest if that is near enough, else it starts a story. Frequencies
are those among the stories held, so that the result depends on the articles before alone.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log

from scrapers.dedup.stories.vectors import Vector, add, cosine

WINDOW = timedelta(days=7)  # since its newest article, after which a story is over
FADES = timedelta(days=6)  # in which a similarity falls to 1/e
JOINED = 0.33  # a similarity from which an article belongs to a story
MERGED = 0.32  # and two stories are one
RARE_TERMS = 16  # by which stories are found
MAX_STORIES = 200  # of a term; one that more have finds too many
NEAREST = 6  # stories by shared rare terms, which are compared
UNSEEN = 2_000  # stories that are taken to have been before: a few tell nothing of what is frequent


@dataclass(slots=True)
class Story:
    """A story's terms, how many texts they are of, and its newest time."""

    story_id: int
    terms: Vector
    texts: int
    last_at: datetime


class StoryIndex:
    """Stories by their terms."""

    def __init__(self) -> None:
        self.stories: dict[int, Story] = {}
        self._having: dict[int, set[int]] = defaultdict(set)

    def put(self, story: Story) -> None:
        """Hold a story, in place of what was held under its id."""
        self.drop(story.story_id)
        self.stories[story.story_id] = story
        for term in story.terms:
            self._having[term].add(story.story_id)

    def drop(self, story_id: int) -> None:
        """Let go of a story, if it is held."""
        if story := self.stories.pop(story_id, None):
            for term in story.terms:
                self._having[term].discard(story_id)

    def expire(self, since: datetime) -> None:
        """Let go of the stories that have not gone on since then."""
        for story_id in [one.story_id for one in self.stories.values() if one.last_at < since]:
            self.drop(story_id)

    def nearest(self, terms: Vector, at: datetime) -> list[tuple[float, int]]:
        """Return the similarity and id of the stories nearest to an article of this time, the nearest first."""
        found = self._sharing_rare(terms)
        weights = self._idf(terms, *(self.stories[story_id].terms for story_id in found))
        near = [(self._similarity(terms, at, self.stories[story_id], weights), story_id) for story_id in found]
        return sorted(near, key=lambda one: (-one[0], one[1]))

    def _similarity(self, terms: Vector, at: datetime, story: Story, weights: dict[int, float]) -> float:
        apart = abs(at - story.last_at)
        return cosine(terms, story.terms, weights) * exp(-(apart / FADES)) if apart <= WINDOW else 0.0

    def _sharing_rare(self, terms: Vector) -> list[int]:
        """Return the stories that share most of the rarest terms, by their weight."""
        weights = self._idf(terms)
        rare = sorted(terms, key=lambda term: (-terms[term] * weights[term], term))[:RARE_TERMS]
        shared: dict[int, float] = defaultdict(float)
        for term in rare:
            having = self._having.get(term, ())
            if len(having) <= MAX_STORIES:
                for story_id in having:
                    shared[story_id] += terms[term] * weights[term] ** 2
        return sorted(shared, key=lambda story_id: (-shared[story_id], story_id))[:NEAREST]

    def _idf(self, *vectors: Vector) -> dict[int, float]:
        """Return the inverse document frequency of the terms among the stories held."""
        total = len(self.stories) + UNSEEN
        having = self._having
        return {term: log(total / (1 + len(having.get(term, ())))) for terms in vectors for term in terms}

    def mergeable(self) -> Iterator[tuple[int, int]]:
        """Yield pairs of stories near enough to be one: the one that stays, with the smaller id, and the other."""
        for story in sorted(self.stories.values(), key=lambda one: one.story_id):
            for similarity, other in self.nearest(story.terms, story.last_at):
                if similarity >= MERGED and other < story.story_id:
                    yield other, story.story_id


def joined(story: Story, terms: Vector, at: datetime) -> Story:
    """Return the story with another text."""
    return Story(story.story_id, add(story.terms, terms), story.texts + 1, max(story.last_at, at))
