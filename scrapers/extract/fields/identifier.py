"""The outlet's own identifier of the article."""

import re
from typing import Any

from scrapers.extract.candidate import Candidate
from scrapers.extract.layers import json_ld
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean

IDENTIFIER = re.compile(r"[\w.:-]{3,64}")


def find_identifiers(parsed: ParsedPage) -> list[Candidate[str]]:
    """Return the identifiers in JSON-LD, in the page's address (`Rules.article_id`) and in meta elements."""
    declared: Any = parsed.json_ld_article.get("identifier")
    values = json_ld.texts_of(declared, "value", "@value") or ((str(declared),) if isinstance(declared, int) else ())
    rule = json_ld.rule_of(parsed.json_ld_article, "identifier")
    candidates = [
        *(Candidate(clean(value), rule) for value in values),
        *_in_address(parsed),
        *(Candidate(candidate.value[0], candidate.rule) for candidate in parsed.meta_by_field["identifier"]),
    ]
    return [candidate for candidate in candidates if IDENTIFIER.fullmatch(candidate.value)]


def _in_address(parsed: ParsedPage) -> list[Candidate[str]]:
    address = parsed.page.url.split("://")[-1].split("?")[0]
    match = re.search(parsed.rules.article_id, address) if parsed.rules.article_id else None
    return [Candidate(match[match.lastindex or 0], "page:url")] if match else []
