"""Cleaning and comparing text: every text from outside passes `clean` before it enters an Article."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Control characters other than white space, direction marks, and invisible characters (soft hyphen, zero-width
# space, byte order mark). Joiners (U+200C, U+200D) stay: some scripts need them.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which UTF-8 can't encode
SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return the text on one line, without control and direction marks; lone surrogates become U+FFFD."""
    if text.isprintable() and "  " not in text:  # most texts: what is removed below is not printable
        return text.strip()
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return SPACE.sub(" ", SURROGATE.sub("\ufffd", INVISIBLE.sub("", text))).strip()


TextTest = Callable[[str], bool]
MAX_TESTED_LENGTH = 400  # characters of an attribute's value that are searched


def contains_any(pattern: str) -> TextTest:
    """Return a cached, case-insensitive test whether `pattern`, in lower case, occurs in a text's first 400 characters.

    The cache pays off because pages repeat the same few classes and names.
    """
    search = re.compile(pattern).search

    @lru_cache(maxsize=4096)
    def test(text: str) -> bool:
        return search(text.lower()) is not None

    return lambda text: test(text[:MAX_TESTED_LENGTH])


# Thai, Japanese, Chinese, Korean: scripts of which a character says as much as some three Latin letters.
DENSE_SCRIPT = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
DENSE_WEIGHT = 3


def display_length(text: str) -> int:
    """Return the length of a text in Latin letters: a character of a dense script counts as three."""
    return len(text) if text.isascii() else len(text) + (DENSE_WEIGHT - 1) * len(DENSE_SCRIPT.findall(text))


NOT_WORD = re.compile(r"[\W_]+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
WORDS_ONLY = bytes(32 if NOT_WORD.match(chr(code)) else code for code in range(128)) + bytes(range(128, 256))


@lru_cache(maxsize=1024)  # every layer's headline is compared with all the others
def words_of(text: str) -> str:
    """Return the text's words in lower case with single spaces, so that texts that differ only in form are equal."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text).casefold()
        for mark in set(NOT_ASCII.findall(text)):
            if NOT_WORD.match(mark):
                text = text.replace(mark, " ")
    # Equal to NOT_WORD.sub(" ", text), but faster.
    return " ".join(text.encode().translate(WORDS_ONLY).decode().split())


def compact(text: str) -> str:
    """Return the text's letters and digits in lower case, so that `iNews.ID` and `inews id` compare equal."""
    return words_of(text).replace(" ", "")
