"""Regular expressions over strangers' text: none of them can be made slow, which would hold the interpreter's lock."""

import json
import re
import signal
import time
from contextlib import contextmanager
from re import _constants as codes

from re import _parser as parser  # isort: skip

import pytest

from scrapers.config import ROOT
from scrapers.extract.text import notices
from tests.conftest import Commands
from tests.patterns import hostile

LONG = 16_384  # characters; eight times the longest address
LINE = 2_048  # as many as a line, a name or a class has where a page is read
SHORTER = {"extract/text/notices.py": notices.MAX_SENTENCE_LENGTH}  # where it looks at no more
MOST_S = 0.03  # of CPU for LONG: some microseconds a character, which no square of it keeps
MOST_OF_A_LINE_S = 0.5  # a process of its own reads a page, which is killed after 30 s: a square of a line may pass
READ_APART = ("extract/", "dedup/", "local/seed_site.py", "maintenance/")  # in a process of its own, or by a command
BUT_HERE = (
    "extract/text/clean.py",
    "extract/fields/next_pages.py",
    "extract/dom/links.py",
)  # the crawl's process uses them too


class TooSlow(Exception):
    """The pattern has used up its time."""


@contextmanager
def cpu_limit(seconds):
    """End what takes longer: the matcher of `re` heeds signals."""

    def end(*_):
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def is_quick(pattern, method, text, seconds):
    """Return whether all matches are found in the time, in one of three tries."""
    for _ in range(3):
        begun = time.process_time()
        try:
            with cpu_limit(2 * seconds):
                if method in ("match", "fullmatch"):
                    getattr(pattern, method)(text)
                else:
                    for _ in pattern.finditer(text):
                        pass
        except TooSlow:
            continue
        if time.process_time() - begun < seconds:
            return True
    return False


def made_slow(pattern, method, length, seconds):
    """Return what makes the pattern slow; None where nothing does."""
    for head, repeated, tail in hostile(pattern.pattern, pattern.flags & ~re.UNICODE):
        text = head + repeated * (length // len(repeated)) + tail
        if not is_quick(pattern, method, text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text, seconds):
            return head[:40], repeated[:40], tail[:40]
    return None


@pytest.fixture(scope="module")
def patterns():
    """Return every pattern of scrapers/, its method and its file, as a new process finds them."""
    listed = Commands().run("tests.patterns")
    assert listed.code == 0, listed.err
    found = [json.loads(line) for line in listed.out.splitlines()]
    return [
        (re.compile(text.encode("latin-1") if is_bytes else text, flags), method, file)
        for text, is_bytes, flags, method, file in found
    ]


def is_of_the_crawl(file):
    return file.startswith(BUT_HERE) or not file.startswith(READ_APART)


def test_all_patterns_are_found(patterns):
    files = {file for _, _, file in patterns}
    written = {
        str(file.relative_to(ROOT / "scrapers"))
        for file in (ROOT / "scrapers").rglob("*.py")
        if "re.compile(" in file.read_text()
    }

    assert written - files <= {"airflow/operators.py"}  # which reads what our own crawl says
    assert {"spiders/inews.py", "spiders/news.py", "spiders/detik.py"} <= files


def repeats_a_group_possessively(parsed):
    """Return whether a parsed pattern has `(?:…)*+`, `(?:…)++` or the like."""
    one_character = (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)
    if isinstance(parsed, tuple) and parsed and parsed[0] is codes.POSSESSIVE_REPEAT:
        repeated = parsed[1][2]
        return len(repeated) > 1 or repeated[0][0] not in one_character
    inner = parsed if isinstance(parsed, parser.SubPattern | tuple | list) else ()
    return any(map(repeats_a_group_possessively, inner))


def test_no_pattern_repeats_a_group_possessively_which_python_before_3_11_5_reads_wrongly(patterns):
    # https://github.com/python/cpython/issues/106052; an atomic group does the same: `(?>(?:a|b)*)` for `(?:a|b)*+`
    parsed = [(pattern.pattern, parser.parse(pattern.pattern, pattern.flags)) for pattern, _, _ in patterns]

    assert [text for text, items in parsed if repeats_a_group_possessively(items)] == []
    assert repeats_a_group_possessively(parser.parse(r"x(?:(y(?:ab|c)*+)z)?"))


@pytest.mark.parametrize(("slow", "method"), [
    (r"(?:a|a)+$", "match"), (r"(?:a+)+$", "match"), (r"\s*$", "search"), (r"<[^>]{0,2000}>", "search"),
    (r"x*(?:.*a)?y", "search"), (r"https?://[^/]+/.+-.+/\d$", "match"), (rb"(?:[a-z]+ ?)+!", "match"),
])  # fmt: skip
def test_pattern_that_can_be_made_slow_is_told(slow, method):
    assert made_slow(re.compile(slow), method, 4 * LONG, MOST_S)  # fast machines tell it by longer texts


@pytest.mark.parametrize(("quick", "method"), [
    (r"a++$", "match"), (r"<[^<>]{0,2000}>", "search"), (r"/(?:[^/]+/)*x", "fullmatch"), (r"\d{4}-\d\d", "search"),
])  # fmt: skip
def test_pattern_whose_time_grows_with_the_text_alone_passes(quick, method):
    assert made_slow(re.compile(quick), method, LONG, MOST_S) is None


def test_no_pattern_of_the_crawls_own_process_can_be_made_slow(patterns):
    judged = [(pattern, method, file) for pattern, method, file in patterns if is_of_the_crawl(file)]

    slow = {
        f"{file}: {pattern.pattern!r}": how
        for pattern, method, file in judged
        if (how := made_slow(pattern, method, LONG, MOST_S))
    }

    assert len(judged) > 100
    assert slow == {}


def test_no_pattern_that_reads_a_page_takes_more_than_the_square_of_a_line(patterns):
    judged = [(pattern, method, file) for pattern, method, file in patterns if not is_of_the_crawl(file)]

    slow = {
        f"{file}: {pattern.pattern!r}": how
        for pattern, method, file in judged
        if (how := made_slow(pattern, method, SHORTER.get(file, LINE), MOST_OF_A_LINE_S))
    }

    assert len(judged) > 50
    assert slow == {}
