"""The stories of the last days, and which of them an article belongs to: single-pass clustering.

Each article is compared with the stories that share its rarest terms, by the cosines of their headlines, words, and
names and numbers, weighted by inverse document frequency, which fade with the days since (Miranda, Znotiņš, Cohen and
Barzdins, *Multilingual clustering of streaming news*, 2018). It joins the nearest if that is near enough, else it
starts a story. Frequencies are those among the stories held, so that the result depends on the articles before alone.

Two texts have to be nearer to each other than a text to a story of several: two reports on one affair, or two pages of
a series, share names and words by chance more often than one of them shares what several reports have in common.

Headlines count by how many rare words they have: a section's name, which some outlets give to every page, tells
nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log

from scrapers.dedup.stories.vectors import Squares, Vector, add, similarity, squares

WINDOW = timedelta(days=7)  # since its newest article, after which a story is over
FADES = timedelta(days=2)  # in which a similarity falls to 1/e
HEADLINES, WORDS, FACTS = 0.4, 0.3, 0.3  # the parts of the cosines in a similarity
TELLING = 2  # rare words of headlines that make them count half; a section's name must not count like a sentence
ALONE = 0.41  # a similarity from which two texts, or two stories of one text each, are one story
JOINED = 0.36  # and a story of several texts and another, or an article, are one
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
        own = squares(terms, weights)
        near = [(self._similarity(terms, own, at, self.stories[story_id], weights), story_id) for story_id in found]
        return sorted(near, key=lambda one: (-one[0], one[1]))

    def _similarity(self, terms: Vector, own: Squares, at: datetime, story: Story, weights: dict[int, float]) -> float:
        apart = abs(at - story.last_at)
        if apart > WINDOW:
            return 0.0
        found = similarity(terms, own, story.terms, weights)
        headlines = HEADLINES * found.telling / (found.telling + TELLING * self._idf_of_rare() ** 2)
        shared = headlines * found.headlines + WORDS * found.words + FACTS * found.facts
        return shared / (headlines + WORDS + FACTS) * exp(-(apart / FADES))

    def story_for(self, terms: Vector, at: datetime) -> Story | None:
        """Return the story that an article of this time belongs to, or None: it starts one."""
        near = [
            (found - (ALONE if self.stories[story_id].texts == 1 else JOINED), -story_id)
            for found, story_id in self.nearest(terms, at)
        ]
        margin, story_id = max(near, default=(-1.0, 0))
        return self.stories[-story_id] if margin >= 0 else None

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
        total, having, none = len(self.stories) + UNSEEN, self._having, ()
        return {term: log(total / (1 + len(having.get(term, none)))) for term in set().union(*vectors)}

    def _idf_of_rare(self) -> float:
        """Return the inverse document frequency of a term that one story has."""
        return log((len(self.stories) + UNSEEN) / 2)

    def mergeable(self, story_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return pairs of these stories and others near enough to be one, the nearest first: the smaller id and the
        other."""
        pairs = {
            (-found, min(story.story_id, other), max(story.story_id, other))
            for story in map(self.stories.__getitem__, story_ids)
            for found, other in self.nearest(story.terms, story.last_at)
            if other != story.story_id and found >= self._limit(story.story_id, other)
        }
        return list(dict.fromkeys((one, other) for _, one, other in sorted(pairs)))

    def is_mergeable(self, one: int, other: int) -> bool:
        """Return whether two stories are held and near enough to be one."""
        if one not in self.stories or other not in self.stories:
            return False
        story, there = self.stories[one], self.stories[other]
        weights = self._idf(story.terms, there.terms)
        own = squares(story.terms, weights)
        return self._similarity(story.terms, own, story.last_at, there, weights) >= self._limit(one, other)

    def _limit(self, one: int, other: int) -> float:
        return ALONE if self.stories[one].texts == self.stories[other].texts == 1 else JOINED


def joined(story: Story, terms: Vector, at: datetime) -> Story:
    """Return the story with another text."""
    return Story(story.story_id, add(story.terms, terms), story.texts + 1, max(story.last_at, at))
