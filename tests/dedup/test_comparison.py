import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.dedup_corpus import corpus
from scrapers import dedup
from scrapers.dedup.judge.comparison import NONE, overlap, prepare
from scrapers.dedup.judge.verify import compared_shingles, judge, judge_each
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign

COUNTS = """
import atexit, sys

def count():
    modules = [module for name, module in sys.modules.items() if name.startswith("scrapers.dedup.")]
    loops = {value for module in modules for value in vars(module).values() if hasattr(value, "stats")}
    print(sum(sum(loop.stats.cache_misses.values()) for loop in loops))

atexit.register(count)
"""
# A loop that calls others, compiled in a twentieth of the time that those take which compare two texts.
SPLITS = """
import numpy as np
from scrapers.dedup.text.scanner import split_codes
codes, among = np.array([5, 0, 7], np.uint64), np.array([9], np.uint64)
print(len(split_codes(codes, 3, among, among, among, among)[0]))
"""
JUDGES = """
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from scrapers.dedup.judge.verify import judge
text = "Wali Kota Ratna Dewanti meresmikan jembatan gantung di Kampung Sukamaju pada Senin pagi"
print(judge(sign(Document(1, "Satu", text)), sign(Document(2, "Dua", text + " dan sore"))).kind)
"""
compiling = pytest.mark.parametrize(
    ("script", "out"),
    [(SPLITS, "2\n"), pytest.param(JUDGES, "extended\n", marks=pytest.mark.proof)],
    ids=["splits", "judges"],
)


def started(script, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@compiling
def test_processes_that_need_loops_at_once_all_get_them_and_do_not_each_compile_them(tmp_path, script, out):
    at_once = [started(COUNTS + script, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(3)]

    said = [process.communicate(timeout=300) for process in at_once]
    compiled = [int(text.removeprefix(out)) for text, _ in said]
    all_loops = len(list(tmp_path.rglob("*.nbc")))

    assert [(text.startswith(out), errors) for text, errors in said] == [(True, "")] * 3
    assert 0 < all_loops <= sum(compiled) < 2 * all_loops
    assert not list(tmp_path.rglob("comparison._compare-*.2.nbc"))  # one serves both orders of two articles


@pytest.mark.slow
@compiling
def test_loops_are_compiled_where_no_cache_can_be_written(script, out):
    nowhere = {"NUMBA_CACHE_DIR": "/dev/null/cache", "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator"}

    said = started(script, **nowhere).communicate(timeout=300)

    assert said == (out, "")


def test_nothing_is_compiled_or_loaded_by_commands_that_do_not_compare():
    loads = "import sys, scrapers.cli, scrapers.spiders.base, scrapers.storage.articles; print('numba' in sys.modules)"

    out = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True, timeout=60).stdout

    assert out == "False\n"


def test_compiled_modules_import_nothing_of_ours_that_numba_would_not_see_change():
    files = [file for file in Path(dedup.__file__).parent.rglob("*.py") if "\n@compiled" in file.read_text()]

    ours = {line for file in files for line in file.read_text().splitlines() if line.startswith("from scrapers")}

    assert len(files) > 3
    assert ours <= {"from scrapers.dedup.jit import Int, compiled", "from scrapers.dedup.jit import compiled"}


def prepared(text):
    return prepare(text.words.view(np.int32), text.capital_letters.view(np.int32))


WORDS = st.lists(st.sampled_from(["a", "b", "Rina", "7", "8", "c."]), max_size=40)


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_every_shingle_is_found_at_each_of_its_places(words):
    text = prepared(sign(Document(1, "", " ".join(words))).body)
    frame = [("number" if one in "78" else one.strip(".").lower()) for one in words]
    places = {}
    for place in range(len(frame) - 2):
        places.setdefault(tuple(frame[place : place + 3]), []).append(place)

    for found in places.values():
        chain = [found[0]]
        while (following := int(text.following[chain[-1]])) != NONE:
            chain.append(following)
        assert chain == found
        assert text.occurrences[found[0]] == len(found)
        assert {int(text.first[place]) for place in found} == {found[0]}


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS)
def test_two_texts_share_the_shingles_that_sets_of_them_share(one, other):
    a, b = (sign(Document(1, "", " ".join(words))).body for words in (one, other))

    found = overlap(prepared(a), prepared(b))

    shingles = [compared_shingles(text) for text in (a, b)]
    expected = len(np.intersect1d(*shingles))
    assert found.shingles == expected
    shares = [found.of_a.shingles, found.of_b.shingles]
    assert shares == [expected / len(mine) if expected else 0.0 for mine in shingles]


def is_kept(verdict):
    return verdict.is_duplicate or verdict.facts_differ or verdict.contains is not None


@settings(max_examples=300, deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=3))
def test_an_article_is_judged_with_each_of_many_as_with_it_alone(one, others):
    a, *rest = (sign(Document(1, " ".join(words[:5]), " ".join(words))) for words in (one, *others))

    found = judge_each(a.to_bytes(), [b.to_bytes() for b in rest])

    for verdict, b in zip(found, rest, strict=True):
        alone = judge(a, b)
        assert verdict == (alone if is_kept(alone) else None)


def test_corpus_is_judged_with_each_of_many_as_pair_by_pair():
    signed = [sign(Document(row["id"], row["title"], row["body"])) for row in corpus(60, seed=3)]
    texts = [one.to_bytes() for one in signed]

    found = [judge_each(text, texts) for text in texts]

    alone = [[judge(one, other) for other in signed] for one in signed]
    assert found == [[one if is_kept(one) else None for one in row] for row in alone]
    assert {verdict.kind for row in found for verdict in row if verdict} == {"exact", "edited", "truncated", "extended"}
    assert any(verdict.facts_differ for row in found for verdict in row if verdict)


def test_texts_are_told_apart_at_a_glance_and_copies_are_not():
    texts = [" ".join(f"{name}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)) for name in ("satu", "dua")]
    one, other = (sign(Document(1, "", text)) for text in texts)
    half, cited = (
        sign(Document(1, "", text)) for text in (texts[0][: len(texts[0]) // 2], f"{texts[1]} {texts[0][:100]}")
    )

    found = judge_each(one.to_bytes(), [text.to_bytes() for text in (other, one, half, cited)])
    assert [verdict and verdict.kind for verdict in found] == [None, "exact", "truncated", None]
    assert judge_each(one.to_bytes(), []) == []
