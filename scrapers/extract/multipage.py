"""Joining the pages of a divided article."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from scrapers.items import Article


def join(parts: Sequence[Article]) -> Article:
    """Return the first page's article with the bodies of all pages; `page_starts` says where each page begins.

    `parts` are the articles of the pages in order, at least one. Initials and editor are those of the last page with
    any.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    return replace(
        first,
        article_body=tuple(paragraph for part in parts for paragraph in part.article_body),
        body_kinds=tuple(kind for part in parts for kind in part.body_kinds),
        images=tuple(dict.fromkeys(image for part in parts for image in part.images)),
        initials=next((part.initials for part in reversed(parts) if part.initials), None),
        next_pages=(),
        page_starts=tuple(accumulate((len(part.article_body) for part in parts[:-1]), initial=0)),
        editor=next((part.editor for part in reversed(parts) if part.editor), None),
        word_count=sum(part.word_count or 0 for part in parts) or None,
        provenance={**first.provenance, "page_starts": f"joined:{len(parts)} pages"},
    )
