"""The article's section and keywords."""

import re
from collections.abc import Sequence

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import json_ld, meta
from scrapers.extract.parsed_page import ParsedPage

Texts = Candidate[tuple[str, ...]]

NOT_SECTIONS = {"home", "beranda", "detail berita", "post", "posts", "article", "articles", "page", "uncategorized"}
# Values that a site's software writes among the keywords: `Category: x`, `type:article`, an identifier.
NOT_KEYWORD = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{24,64}|[0-9]{5,}|https?:.*"
    r"|(?:category|categories|section|subsection|type|tag|topic|author|channel|cms|id|guid|page|source|format)"
    r"\s?[:=]\s?.*|[a-z]{2,20}[:=][\w./-]{1,100}",
    re.IGNORECASE,
)


def find_sections(parsed: ParsedPage) -> list[Texts]:
    """Return the paths of sections that the page gives, the longest first; else its breadcrumbs."""
    declared = present(
        json_ld.texts(parsed.json_ld_article, "articleSection"),
        meta.contents(parsed.meta, "article:section"),
        parsed.selected("article_section"),
    )
    paths = _without_generic_names(declared)
    paths = paths or _without_generic_names(present(json_ld.breadcrumbs(parsed.json_ld_objects)))
    return sorted(paths, key=lambda path: -len(path.value))


def _without_generic_names(paths: Sequence[Texts]) -> list[Texts]:
    """Return the paths without names such as `Home`, and without paths that are empty then."""
    named = [
        Candidate(tuple(name for name in path.value if name.lower() not in NOT_SECTIONS), path.rule) for path in paths
    ]
    return [path for path in named if path.value]


def find_keywords(parsed: ParsedPage) -> list[Texts]:
    """Return the article's keywords; where the outlet has a selector for them, meta keywords are the site's."""
    if "keywords" in parsed.rules.selectors:
        declared = present(json_ld.keywords(parsed.json_ld_article), parsed.selected("keywords"))
    else:
        tags = meta.contents(parsed.meta, "article:tag")
        words = meta.keywords(parsed.meta, "news_keywords", "keywords")
        declared = present(json_ld.keywords(parsed.json_ld_article), tags, words)
    kept = [Candidate(tuple(filter(_is_keyword, words.value)), words.rule) for words in declared]
    return [candidate for candidate in kept if candidate.value]


def _is_keyword(word: str) -> bool:
    return NOT_KEYWORD.fullmatch(word) is None
