"""What it costs to find an article's story, by how many stories are held.

    python -m benchmarks.stories FILE [--held NUMBER]

FILE holds an article a line (`.gz` too) with `id`, `title` and `body`. Each is made a story of its own, the worst case;
beyond their number they are held again with other rare words, so that frequent words stay as frequent.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import islice

from rich.console import Console
from rich.table import Table

from scrapers.dedup.stories.index import Story, StoryIndex
from scrapers.dedup.stories.vectors import Vector, vector
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign

NOW = datetime(2025, 6, 1, tzinfo=UTC)
LOOKED_UP = 1_000
RARE = 1 / 500  # of the articles, that have a rare word


def main(path: str, held: int) -> None:
    """Print CPU ms an article: its terms, and the story nearest to it."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, held)]
    signatures = [sign(Document(row["id"], row["title"], row["body"])) for row in rows]
    started = time.process_time()
    vectors = [vector(signature) for signature in signatures]
    weighing = time.process_time() - started
    index = held_stories(vectors, held)
    started = time.process_time()
    for terms in vectors[:LOOKED_UP]:
        index.nearest(terms, NOW)
    finding = time.process_time() - started
    table = Table("stories held", "ms to weigh", "ms to find")
    table.add_row(f"{held:,}", f"{1000 * weighing / len(rows):.2f}", f"{1000 * finding / LOOKED_UP:.2f}")
    Console().print(table)


def held_stories(vectors: list[Vector], held: int) -> StoryIndex:
    """Return an index of as many stories, each of one article."""
    having = Counter(term for terms in vectors for term in terms)
    most, index = RARE * len(vectors), StoryIndex()
    for number in range(held):
        copy, place = divmod(number, len(vectors))
        terms = {term if having[term] > most else term ^ copy << 8: weight for term, weight in vectors[place].items()}
        index.put(Story(number, terms, 1, NOW))
    return index


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help="file of articles")
    parser.add_argument("--held", type=int, default=100_000, help="stories that are held")
    arguments = parser.parse_args()
    main(arguments.corpus, arguments.held)
