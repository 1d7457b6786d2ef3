"""The constants of the rules that find a body, each chosen anew on other domains than those it is scored on.

    python -m benchmarks.extract_constants FOLDER

FOLDER is one that benchmarks.extract reads. The pages' domains are dealt into ten parts. Of a constant's value, its
half and its double, the one with the best mean F1 on nine parts is scored on the tenth; five deals. A row has the
values chosen, how often, and what that changes in the mean F1 beside the value as it stands; what the worst changes;
and how many pages any changes. Takes two minutes of CPU for 500 pages.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from benchmarks.extract import Case, body_scores, cases, warta
from scrapers.extract.body import (
    article_body,
    blocks,
    boundaries,
    clutter,
    comments,
    declared_text,
    density,
    short_story,
)
from scrapers.extract.dom.links import split_host
from scrapers.extract.text.promos import is_promo

MODULES = (density, clutter, boundaries, declared_text, short_story, comments, blocks)
# Used before the search for a body, or limits of what is examined.
LEFT_OUT = frozenset({
    "MIN_WRAPPED_LENGTH", "MIN_PASSAGE_LENGTH", "MIN_RUN_LINE", "MAX_ANCHOR_LENGTH", "MAX_NAMES_LENGTH", "MAX_QUOTES",
    "MAX_CARD_LINKS", "MAX_BLOCKS", "MAX_PICTURES",
})  # fmt: skip
LIMITS = ("MIN_", "MAX_", "BY_", "AS_", "ENOUGH_", "EDGE_", "SCRAP_", "LINK_SHARE")
PARTS, DEALS = 10, 5

Scores = Sequence[float]
"""The F1 of each page."""


@dataclass(slots=True)
class SavedPage:
    """What finding a page's body begins with, and its domain."""

    case: Case
    domain: str
    arguments: tuple[Any, ...]
    f1_by_text: dict[str, float] = field(default_factory=dict)

    def score(self) -> float:
        """Return the F1 of the body that is found now."""
        lines = (block.text for block in density.find_body_blocks(*self.arguments))
        text = "\n".join(line for line in lines if not is_promo(line))
        if text not in self.f1_by_text:
            self.f1_by_text[text] = body_scores(self.case.gold.body, text)[2]
        return self.f1_by_text[text]


def load(folder: Path) -> Iterator[SavedPage]:
    """Yield the pages on which a body is searched."""
    for case in cases(folder):
        with patch.object(article_body, "find_body_blocks", wraps=density.find_body_blocks) as find:
            warta(case)
        host = urlsplit(case.url).hostname or ""
        if find.call_args_list:
            yield SavedPage(case, split_host(host).top_domain_under_public_suffix or host, find.call_args_list[0].args)


def constants() -> Iterator[tuple[ModuleType, str]]:
    """Yield each constant that is a limit, by its module and name."""
    for module in MODULES:
        for name, value in vars(module).items():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and name.startswith(LIMITS) and name not in LEFT_OUT:
                yield module, name


def values_around(value: float) -> list[float]:
    """Return half and double of a number; of a share, the middle between it and nothing, and between it and all."""
    if isinstance(value, float):
        return [value / 2, value + (1 - value) / 2]
    return [max(1, value // 2), value * 2]


def score_values(pages: Sequence[SavedPage], module: ModuleType, name: str, base: Scores) -> Mapping[float, Scores]:
    """Return the pages' scores by each value of the constant; `base` are those by the value as it stands."""
    now = getattr(module, name)
    scores = {now: base}
    for value in values_around(now):
        with patch.object(module, name, value):
            scores[value] = [page.score() for page in pages]
    return scores


def choose(
    domains: Sequence[str], scores: Mapping[float, Scores], now: float, deal: int
) -> tuple[Counter[float], float]:
    """Return how often each value was chosen, and the mean F1 on the parts that were left out."""
    dealt = sorted(set(domains))
    random.Random(deal).shuffle(dealt)  # noqa: S311 - deals pages
    pages_of = defaultdict(list)
    for page, domain in enumerate(domains):
        pages_of[dealt.index(domain) % PARTS].append(page)
    chosen: Counter[float] = Counter()
    total = 0.0
    for part, left_out in pages_of.items():
        others = [page for other, pages in pages_of.items() if other != part for page in pages]
        best = max(scores, key=lambda value: (round(sum(scores[value][page] for page in others), 6), value == now))
        chosen[best] += 1
        total += sum(scores[best][page] for page in left_out)
    return chosen, total / len(domains)


def row(pages: Sequence[SavedPage], module: ModuleType, name: str, base: Scores) -> tuple[str, ...]:
    """Return a constant's row of the table."""
    now, domains = getattr(module, name), [page.domain for page in pages]
    scores = score_values(pages, module, name, base)
    deals = [choose(domains, scores, now, deal) for deal in range(DEALS)]
    chosen = sum((counter for counter, _ in deals), Counter[float]())
    changed = max(sum(a != b for a, b in zip(base, other, strict=True)) for other in scores.values())
    return (
        f"{module.__name__.split('.')[-1]}.{name}",
        f"{now:g}",
        ", ".join(f"{value:g} ({count})" for value, count in chosen.most_common()),
        f"{fmean(mean for _, mean in deals) - fmean(base):+.4f}",
        f"{min(map(fmean, scores.values())) - fmean(base):+.4f}",
        str(changed),
    )


def main(folder: Path) -> None:
    """Print the table."""
    pages = list(load(folder))
    base = [page.score() for page in pages]
    title = f"{len(pages)} pages of {len({page.domain for page in pages})} domains; mean F1 {fmean(base):.4f}"
    table = Table("constant", "now", "chosen", "F1", "worst", "pages", title=title)
    for module, name in constants():
        table.add_row(*row(pages, module, name, base))
    Console(width=max(Console().width, 110)).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    main(parser.parse_args().folder)
