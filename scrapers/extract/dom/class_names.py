"""The words in the class or id of an element."""

import re
from functools import lru_cache
from itertools import chain

# BEM modifiers (https://getbem.com/naming/), the hashes of CSS modules, states, the classes that WordPress makes of an
# article's categories and format, and the variants of utility classes (`print:hidden`): none of them names the block.
STARTS = (
    "has", "is", "with", "without", "no", "not", "hide", "show", "category", "tag", "format", "type", "status",
    "post_format", "tax", "term",
)  # fmt: skip
STATES = (
    "enabled", "disabled", "open", "opened", "closed", "active", "ready", "loaded", "visible", "expanded", "collapsed",
)  # fmt: skip
MODIFIER = re.compile(
    r"(?<=[A-Za-z0-9])--[\w-]{1,60}|__(?=[a-z]{0,8}[A-Z0-9])[A-Za-z0-9-]{4,9}(?!\S)"
    rf"|(?<!\S)(?:{'|'.join(STARTS)})[-_]\S{{1,60}}"
    r"|(?<!\S)[a-z-]{1,20}:\S{1,60}"
    rf"|(?<!\S)\S{{1,60}}[-_](?:{'|'.join(STATES)})(?!\S)"
)
# Where MODIFIER matches, one of these or `--`, `__` or `:` occurs; looking for them is faster.
MODIFIER_STARTS = tuple(f"{start}{sign}" for start in STARTS for sign in "-_")
STATE_ENDS = tuple(f"{sign}{state}" for state in STATES for sign in "-_")
NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
NO_LETTERS = bytes(code if chr(code).islower() and code < 128 else 32 for code in range(256))
MAX_NAMES_LENGTH = 400  # characters of class and id that are examined

Name = tuple[str, ...]
"""The words of one class or id, in lower case: `relatedPosts` is `("related", "posts")`."""


@lru_cache(maxsize=4096)
def split_names(raw: str) -> frozenset[Name]:
    """Return each class or id in a value of these attributes as its words, without modifiers.

    `field--label-hidden` is `field`, and of `has-rail-right` nothing is left.
    """
    return frozenset(chain.from_iterable(map(_split_name, raw[:MAX_NAMES_LENGTH].split())))


@lru_cache(maxsize=16384)  # classes differ in their order and company more than in themselves
def _split_name(raw: str) -> tuple[Name, ...]:
    """Return what a class or id leaves without its modifiers: one name, or none, or the several around a modifier."""
    if raw.isascii() and raw.isalpha() and raw.islower():
        return ((raw,),)
    has_sign = "--" in raw or "__" in raw or ":" in raw
    has_modifier = has_sign or raw.startswith(MODIFIER_STARTS) or raw.endswith(STATE_ENDS)
    names = MODIFIER.sub(" ", raw).split() if has_modifier else [raw]
    return tuple([words for name in names if (words := _split_words(name))])


def _split_words(name: str) -> Name:
    """Return the words of a name in lower case; most names are written so, and need no search for capitals."""
    if name.islower():
        return tuple(name.encode().translate(NO_LETTERS).decode().split())
    return tuple(map(str.lower, NAME_WORD.findall(name)))


@lru_cache(maxsize=4096)
def names_of(raw: str) -> frozenset[str]:
    """Return the words of a class or id, as in `related-posts`, `relatedPosts` or `RELATED`, without modifiers."""
    return frozenset(word for name in split_names(raw) for word in name)
