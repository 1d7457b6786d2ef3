"""The words in the class or id of an element."""

import re
from functools import lru_cache

# BEM modifiers (https://getbem.com/naming/), the hashes of CSS modules, states, the classes that WordPress makes of an
# article's categories and format, and the variants of utility classes (`print:hidden`): none of them names the block.
MODIFIER = re.compile(
    r"(?<=[A-Za-z0-9])--[\w-]{1,60}|__(?=[a-z]{0,8}[A-Z0-9])[A-Za-z0-9-]{4,9}(?!\S)"
    r"|(?<!\S)(?:has|is|with|without|no|not|hide|show|category|tag|format|type|status|post_format|tax|term)[-_]\S{1,60}"
    r"|(?<!\S)[a-z-]{1,20}:\S{1,60}"
    r"|(?<!\S)\S{1,60}[-_](?:enabled|disabled|open|opened|closed|active|ready|loaded|visible|expanded|collapsed)(?!\S)"
)
NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MAX_NAMES_LENGTH = 400  # characters of class and id that are examined

Name = tuple[str, ...]
"""The words of one class or id, in lower case: `relatedPosts` is `("related", "posts")`."""


@lru_cache(maxsize=4096)
def split_names(raw: str) -> frozenset[Name]:
    """Return each class or id in a value of these attributes as its words, without modifiers.

    `field--label-hidden` is `field`, and of `has-rail-right` nothing is left.
    """
    text = raw[:MAX_NAMES_LENGTH]
    if "-" in text or "_" in text or ":" in text:
        text = MODIFIER.sub(" ", text)
    names = (tuple(word.lower() for word in NAME_WORD.findall(name)) for name in text.split())
    return frozenset(filter(None, names))


@lru_cache(maxsize=4096)
def names_of(raw: str) -> frozenset[str]:
    """Return the words of a class or id, as in `related-posts`, `relatedPosts` or `RELATED`, without modifiers."""
    return frozenset(word for name in split_names(raw) for word in name)
