import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.dedup import compiled
from scrapers.dedup.compiled import COUNT, FIRST, NEXT, NONE, share
from scrapers.dedup.documents import Document
from scrapers.dedup.signatures import sign
from scrapers.dedup.verify import judge, unlike

JUDGED = """
from scrapers.dedup.documents import Document
from scrapers.dedup.signatures import sign
from scrapers.dedup.verify import judge
text = "Wali Kota Ratna Dewanti meresmikan jembatan gantung di Kampung Sukamaju pada Senin pagi"
print(judge(sign(Document(1, "Satu", text)), sign(Document(2, "Dua", text + " dan sore"))).kind)
"""
KIND = "extended\n"


def judging(**environment):
    return subprocess.Popen(
        [sys.executable, "-c", JUDGED],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_processes_that_compile_at_once_all_judge(tmp_path):
    started = [judging(NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(3)]

    said = [process.communicate(timeout=300) for process in started]

    assert said == [(KIND, "")] * 3
    assert list(tmp_path.rglob("*.nbi"))


@pytest.mark.slow
def test_judges_where_no_cache_can_be_written():
    nowhere = {"NUMBA_CACHE_DIR": "/dev/null/cache", "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator"}

    said = judging(**nowhere).communicate(timeout=300)

    assert said == (KIND, "")


def test_nothing_is_compiled_or_loaded_by_commands_that_do_not_compare():
    loads = "import sys, scrapers.cli, scrapers.spiders.base, scrapers.storage.articles; print('numba' in sys.modules)"

    out = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True, timeout=60).stdout

    assert out == "False\n"


def test_imports_nothing_of_ours_for_numba_would_not_see_it_change():
    assert "scrapers" not in Path(compiled.__file__).read_text().split('"""', 2)[2]


WORDS = st.lists(st.sampled_from(["a", "b", "Rina", "7", "8", "c."]), max_size=40)


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_every_shingle_is_found_at_each_of_its_places(words):
    text = sign(Document(1, "", " ".join(words))).body
    rows, _ = text.prepared
    frame = [("number" if one in "78" else one.strip(".").lower()) for one in words]
    places = {}
    for place in range(len(frame) - 2):
        places.setdefault(tuple(frame[place : place + 3]), []).append(place)

    for found in places.values():
        chain = [found[0]]
        while (following := int(rows[NEXT, chain[-1]])) != NONE:
            chain.append(following)
        assert chain == found
        assert rows[COUNT, found[0]] == len(found)
        assert {int(rows[FIRST, place]) for place in found} == {found[0]}


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS)
def test_two_texts_share_the_shingles_that_sets_of_them_share(one, other):
    a, b = (sign(Document(1, "", " ".join(words))).body for words in (one, other))

    shared, shares, _ = share(a.prepared[0], *b.prepared)

    expected = len(np.intersect1d(a.shingles, b.shingles))
    assert shared == expected
    assert shares[:, 0].tolist() == [expected / len(text.shingles) if expected else 0.0 for text in (a, b)]


@settings(max_examples=300, deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=3))
def test_what_is_unlike_at_a_glance_is_no_copy_and_has_no_facts_that_differ(one, others):
    a, *rest = (sign(Document(1, "", " ".join(words))) for words in (one, *others))

    found = unlike(a, rest)

    assert len(found) == len(rest)
    for is_unlike, b in zip(found, rest, strict=True):
        verdict = judge(a, b)
        assert not (is_unlike and (verdict.is_duplicate or verdict.differs))


def test_texts_are_told_apart_at_a_glance_and_copies_are_not():
    texts = [" ".join(f"{name}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)) for name in ("satu", "dua")]
    one, other = (sign(Document(1, "", text)) for text in texts)
    half, cited = (
        sign(Document(1, "", text)) for text in (texts[0][: len(texts[0]) // 2], f"{texts[1]} {texts[0][:100]}")
    )

    assert unlike(one, [other, one, half, cited]) == [True, False, False, True]
    assert unlike(one, []) == []
