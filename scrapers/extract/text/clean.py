"""The one place where text from outside is made fit for an Article."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Controls but for white space; invisible marks that turn the direction of text or hide in it (a soft hyphen,
# a zero-width space, a byte order mark). Joiners (U+200C, U+200D) stay: some scripts need them.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no UTF-8 can hold
SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return the text in one line, without control and direction marks; half characters become U+FFFD."""
    if text.isprintable() and "  " not in text:  # most texts; what is taken out is not printable
        return text.strip()
    return SPACE.sub(" ", SURROGATE.sub("\ufffd", UNSEEN.sub("", text))).strip()


Known = Callable[[str], bool]
LONGEST_NAME = 400  # characters of an attribute's value that are looked at


def known(pattern: str) -> Known:
    """Return a test whether the pattern, of lower case, is found in a text's first 400 characters, be they of any case.

    It remembers its answers: pages say the same few classes and names over and over.
    """
    search = re.compile(pattern).search  # of many words, a search that heeds case takes a fifth of the time

    @lru_cache(maxsize=4096)
    def test(text: str) -> bool:
        return search(text.lower()) is not None

    return lambda text: test(text[:LONGEST_NAME])


NO_WORD = re.compile(r"[\W_]+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
SPACED = bytes(32 if NO_WORD.match(chr(code)) else code for code in range(128)) + bytes(range(128, 256))


@lru_cache(maxsize=1024)  # each layer's headline is compared with every other's
def words_of(text: str) -> str:
    """Return the text's words in lower case with single spaces between: two texts that differ only in form agree."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text).casefold()
        for mark in set(NOT_ASCII.findall(text)):
            if NO_WORD.match(mark):
                text = text.replace(mark, " ")
    # What NO_WORD.sub(" ", text) does, in a third of the time: articles have a mark every few letters.
    return " ".join(text.encode().translate(SPACED).decode().split())


def compact(text: str) -> str:
    """Return the text's letters and digits alone in lower case: `iNews.ID` and `inews id` agree."""
    return words_of(text).replace(" ", "")
