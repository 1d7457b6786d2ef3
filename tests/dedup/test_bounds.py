"""numba's loops check no index: what a hostile text may make them touch is tried here, with the checks on."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

TEXTS = (
    ["a", "b"],
    ["7", "8", "9"],
    ["Rina", "Budi", "Sari"],
    ["a", "Rina", "7", "b."],
    ["a."],
    ["x", "7."],
    ["é", "a—’", "Jum’", "’at", "’", "7.", "\u2003", "\u3000x", "\u20ac"],
    [str(number) for number in range(500)],
    [f"N{chr(97 + number % 26)}{chr(97 + number // 26) * 3}" for number in range(300)],
)
LENGTHS = (0, 1, 2, 3, 5, 20, 100, 600)
PAIRS = 20_000


def edited(chance: random.Random, words: list[str]) -> list[str]:
    """Return the words with some replaced, added, left out and repeated."""
    words = list(words)
    for _ in range(chance.choice((0, 1, 5, 50, 300))):
        at, how = chance.randrange(len(words) + 1), chance.random()
        word = chance.choice(chance.choice(TEXTS))
        words[at : at + (how < 0.6)] = words[: chance.randrange(20)] if how > 0.9 else [word] if how < 0.8 else []
    return words


def pair(chance: random.Random) -> tuple[str, str]:
    """Return a text of few words, or of nothing but facts, and an edit of it; some with the frame of a series."""
    chosen = chance.choice(TEXTS)
    words = [chance.choice(chosen) for _ in range(chance.choice(LENGTHS))]
    others = edited(chance, words)
    if chance.random() < 0.3:
        words, others = ([part for at, word in enumerate(text) for part in (f"kata{at % 7}", word)]
                         for text in (words, others))  # fmt: skip
    return " ".join(words), " ".join(others)


def judge_all(seed: int, pairs: int) -> None:
    """Judge pairs both ways; raises IndexError where a loop leaves its array."""
    from numba import config

    from scrapers.dedup.judge.verify import judge, judge_each
    from scrapers.dedup.text.documents import Document
    from scrapers.dedup.text.signatures import sign

    assert config.BOUNDSCHECK
    chance = random.Random(seed)
    for number in range(pairs):
        a, b = (sign(Document(number, text[:9], text)) for text in pair(chance))
        judge(a, b)
        judge(b, a)
        judge_each(a.to_bytes(), [one.to_bytes() for one in (b, a, b)])


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
def test_no_text_leads_the_compiled_loops_out_of_their_arrays(tmp_path, seed):
    told = subprocess.run(
        [sys.executable, "-c", f"from tests.dedup.test_bounds import judge_all; judge_all({seed}, {PAIRS})"],
        env=os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert told.returncode == 0, told.stderr
