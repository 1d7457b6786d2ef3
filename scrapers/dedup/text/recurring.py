"""Learns from an outlet's own articles what it puts around their texts: sentences that stand in many of its bodies.

Notices, invitations to follow and lists of links are alike in any language: the same sentence under many different
headlines. What stands in many texts under one headline is a story that is told again and again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from scrapers.dedup.text.scanner import hash_headline, sentence_rows
from scrapers.dedup.text.signatures import Signature
from scrapers.dedup.text.tokens import Hashes

MIN_ARTICLES = 5  # under different headlines, in which a sentence stands
MIN_SHARE = 0.05  # of an outlet's articles, or
ENOUGH_ARTICLES = 50  # so many
MIN_WORDS = 3  # of a sentence that is learnt

Learnt = Mapping[int, Hashes]  # hash of an outlet, as in `Signature.origin` → ascending hashes of sentences
NOTHING: Hashes = np.empty(0, np.uint64)


class RecurringSentences:
    """The sentences of each outlet's articles, with their headlines."""

    def __init__(self) -> None:
        self._seen: dict[int, list[Hashes]] = defaultdict(list)

    def add(self, signature: Signature) -> None:
        """Count the sentences of an article, if its outlet is known."""
        if outlet := signature.origin[0]:
            self._seen[outlet].append(_rows(signature))

    def learn(self) -> dict[int, Hashes]:
        """Return the sentences of each outlet that stand in many bodies under different headlines."""
        return {outlet: found for outlet, seen in self._seen.items() if len(found := _recurring(seen))}


def recurring_sentences(signatures: Iterable[Signature], known: Hashes = NOTHING) -> Hashes:
    """Return the sentences that stand in many of an outlet's bodies under different headlines, ascending.

    Those known before stay until they stand in half as many, so that chance doesn't change what is known.
    """
    return _recurring([_rows(signature) for signature in signatures], known)


def _rows(signature: Signature) -> Hashes:
    return sentence_rows(signature.body.words, MIN_WORDS, hash_headline(signature.title.words))


def _recurring(seen: list[Hashes], known: Hashes = NOTHING) -> Hashes:
    wanted = max(MIN_ARTICLES, min(ENOUGH_ARTICLES, MIN_SHARE * len(seen)))
    rows = np.concatenate(seen)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    is_new = np.append(True, np.any(rows[1:] != rows[:-1], axis=1))[: len(rows)]
    sentences, headlines = np.unique(rows[is_new, 0], return_counts=True)
    found: Hashes = sentences[(headlines >= wanted) | (np.isin(sentences, known) & (headlines >= wanted / 2))]
    return found
