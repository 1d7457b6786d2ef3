"""The words in the class or id of an element."""

import re
from functools import lru_cache

MODIFIER = re.compile(r"(?<=[A-Za-z0-9])--[\w-]{1,60}|(?<!\S)(?:has|is|with|without|no|not|hide|show)[-_]\S{1,60}")
NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MAX_NAMES_LENGTH = 400  # characters of class and id that are examined


@lru_cache(maxsize=4096)
def names_of(raw: str) -> frozenset[str]:
    """Return the words of a class or id, as in `related-posts`, `relatedPosts` or `RELATED`.

    Modifiers are left out, since they don't name the block: `field--label-hidden` (https://getbem.com/naming/),
    `has-rail-right`.
    """
    text = raw[:MAX_NAMES_LENGTH]
    if "-" in text or "_" in text:
        text = MODIFIER.sub(" ", text)
    return frozenset(word.lower() for word in NAME_WORD.findall(text))
