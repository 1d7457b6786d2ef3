"""Deduplicates a file of articles, without a database."""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.clusters.clustering import Edge, cluster_edges, id_order
from scrapers.dedup.clusters.representatives import Member, representative
from scrapers.dedup.garbage import garbage_collection_off
from scrapers.dedup.judge.verify import Verdict, judge, judge_each
from scrapers.dedup.key_index.candidates import candidate_pairs
from scrapers.dedup.text.boilerplate import is_syndicated
from scrapers.dedup.text.documents import Document, read_documents
from scrapers.dedup.text.recurring import Learnt, RecurringSentences
from scrapers.dedup.text.signatures import Signature, sign
from scrapers.errors import UsageError


class Corpus:
    """Signed articles, numbered in their order; of articles with the same text only the first is compared."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.members: list[Member] = []
        self.same_as: dict[int, int] = {}
        self._signatures: list[bytes] = []
        self._outlets: list[int] = []
        self._identities: list[bytes | None] = []
        self._keys: list[NDArray[np.int64]] = []
        self._leave_out(self._read(documents))
        first_with: dict[bytes, int] = {}
        for number, identity in enumerate(self._identities):
            if identity and (same := first_with.setdefault(identity, number)) != number:
                self.same_as[number] = same
                self._keys[number] = np.empty(0, np.int64)

    def _read(self, documents: Iterable[Document]) -> Learnt:
        """Sign the articles as they are; return the sentences that each outlet puts around all of them."""
        recurring, seen = RecurringSentences(), set[int | str]()
        for number, document in enumerate(documents):
            if document.id in seen:
                raise UsageError(f"article {number + 1}: id {document.id!r} came before; give each article its own")
            seen.add(document.id)
            signature = sign(document)
            recurring.add(signature)
            self._signatures.append(signature.to_bytes())
            self.members.append(Member(document.id, len(signature.body), document.date, is_syndicated(document)))
            self._outlets.append(signature.origin[0])
            self._identities.append(signature.identity)
            self._keys.append(np.array(signature.keys, np.int64))
        return recurring.learn()

    def _leave_out(self, learnt: Learnt) -> None:
        """Take from each article the sentences that its outlet puts around all of them."""
        for number, outlet in enumerate(self._outlets):
            if outlet in learnt:
                whole = Signature.from_bytes(self._signatures[number])
                signature = whole.without(learnt[outlet])
                if len(signature.body) < len(whole.body):
                    self._signatures[number] = signature.to_bytes()
                    self.members[number] = replace(self.members[number], words=len(signature.body))
                    self._identities[number] = signature.identity
                    self._keys[number] = np.array(signature.keys, np.int64)

    def pairs(self) -> NDArray[np.int64]:
        """Return the candidate pairs by the articles' numbers, a pair a row."""
        if not self._keys:
            return np.empty((0, 2), np.int64)
        articles = np.repeat(np.arange(len(self._keys), dtype=np.uint32), [len(keys) for keys in self._keys])
        order = np.array([member.words for member in self.members], np.int64)
        return candidate_pairs(np.concatenate(self._keys), articles, order, len(self._keys))

    def edges(self) -> Iterator[Edge]:
        """Judge every candidate pair; a pair where neither article is made from the other has the score 0."""
        for number, same in self.same_as.items():
            yield Edge(self.members[same].id, self.members[number].id, 1.0, is_duplicate=True)
        for one, pairs in groupby(self.pairs().tolist(), itemgetter(0)):
            others = [other for _, other in pairs]
            verdicts = judge_each(self._signatures[one], [self._signatures[other] for other in others])
            for other, found in zip(others, verdicts, strict=True):
                a, b = self.members[one].id, self.members[other].id
                if found:
                    yield Edge(
                        a,
                        b,
                        found.score if found.is_duplicate or found.facts_differ else 0.0,
                        found.is_duplicate,
                        found.facts_differ,
                    )
                else:
                    yield Edge(a, b, 0.0, is_duplicate=False)

    def verdicts(self, chosen: int, numbers: Sequence[int]) -> Iterator[Verdict]:
        """Yield the verdict about an article and each of these others."""
        article = self._signatures[chosen]
        others = [self._signatures[number] for number in numbers]
        for other, found in zip(others, judge_each(article, others), strict=True):
            yield found or judge(Signature.from_bytes(article), Signature.from_bytes(other))


def deduplicate_documents(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """Yield `id`, `cluster`, `representative`, `kind` and `score` of each article, in the same order.

    `cluster` is the lowest id in the cluster. `kind` is what the article is to its representative (exact, edited,
    truncated or extended) and `score` how sure that is; a representative has the kind `original` and the score 1.
    """
    rows: dict[int | str, dict[str, Any]] = {}
    with garbage_collection_off():
        corpus = Corpus(documents)
        numbers = {member.id: number for number, member in enumerate(corpus.members)}
        for cluster in cluster_edges(corpus.edges()):
            rows.update(_cluster_rows(corpus, [numbers[article] for article in cluster]))
    for member in corpus.members:
        yield rows.get(member.id) or _row(member.id, member.id, member.id, "original", 1.0)


def _cluster_rows(corpus: Corpus, numbers: Sequence[int]) -> Iterator[tuple[int | str, dict[str, Any]]]:
    """Yield the id and the row of each article of a cluster, whose numbers are given."""
    members = [corpus.members[number] for number in numbers]
    cluster_id, chosen = min((member.id for member in members), key=id_order), representative(members)
    yield chosen.id, _row(chosen.id, cluster_id, chosen.id, "original", 1.0)
    copies = [number for number in numbers if corpus.members[number] is not chosen]
    verdicts = corpus.verdicts(numbers[members.index(chosen)], copies)
    for number, verdict in zip(copies, verdicts, strict=True):
        copy = corpus.members[number].id
        yield copy, _row(copy, cluster_id, chosen.id, verdict.kind, verdict.score)


def _row(article: int | str, cluster: int | str, chosen: int | str, kind: str, score: float) -> dict[str, Any]:
    return {"id": article, "cluster": cluster, "representative": chosen, "kind": kind, "score": score}


def deduplicate_file(source: Path, target: Path) -> dict[str, int]:
    """Read articles from one JSON-lines file and write their clusters to another (`.gz` too); return the counts.

    Raises UsageError if a line is no article, an id comes twice, or a file can't be read or written.
    """
    counts = {"articles": 0, "clusters": 0, "duplicates": 0}
    opener = gzip.open if target.suffix == ".gz" else open
    rows = deduplicate_documents(read_documents(source))
    try:
        with opener(target, "wt", encoding="utf-8") as lines:
            for row in rows:
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
                counts["articles"] += 1
                counts["duplicates" if row["kind"] != "original" else "clusters"] += 1
    except OSError as error:
        raise UsageError(f"{target} can't be written: {error}") from error
    return counts
