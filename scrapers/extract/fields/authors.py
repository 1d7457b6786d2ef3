"""The article's authors, from what the page's layers declare, else from the bylines that it prints."""

import re
from collections.abc import Sequence
from dataclasses import replace

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.fields.contributors import find_printed_editors
from scrapers.extract.fields.printed_bylines import (
    elements_named_author,
    elements_with_byline,
    names_beside_date,
    profile_links,
    read_bylines,
)
from scrapers.extract.layers import json_ld, meta, microdata, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.bylines import author_names, first_name_first, is_full_name, is_full_name_like, is_person
from scrapers.extract.text.clean import compact

Names = tuple[str, ...]
Authors = list[Candidate[Names]]

# Labels of Twitter cards by WordPress's most common plugin for them: https://developer.yoast.com/features/opengraph/
CARD_LABEL = re.compile(
    r"(?:written|posted) by|author|verfasst von|geschrieben von|écrit par|auteur|escrito por|scritto da|autore"
    r"|geschreven door|ditulis oleh|napisane przez|skriven av|skrevet af|skrevet av|написано автором|автор",
    re.IGNORECASE,
)
SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")  # how a site's software names its authors: `jdoe`, `jane-doe`
EMPHASIS_TAGS = ("b", "em", "i", "strong")


def find_authors(parsed: ParsedPage) -> Authors:
    """Return candidates for the article's authors, best first: people before organizations, declared before printed.

    An unknown site that declares only its own name is itself the author: nobody else signed. For a declared outlet that
    goes without saying.
    """
    declared = _declared(parsed)
    candidates = present(*(_without_site(parsed, candidate) for candidate in declared))
    if candidates and not parsed.rules.publisher and (editors := set(find_printed_editors(parsed))):
        named = [candidate for candidate in candidates if not editors.issuperset(candidate.value)]
        others = [*named, *(printed for printed in _printed(parsed) if not editors.issuperset(printed.value))]
        candidates = others or candidates
    if not any(_names_person(candidate) and not _is_slug(candidate) for candidate in candidates):
        candidates += _printed(parsed)
    if not candidates:
        candidates += read_bylines(parsed, profile_links(parsed)) or names_beside_date(parsed)
    if not candidates and not parsed.rules.publisher:
        candidates += [candidate for candidate in declared if _may_be_site(candidate)]
    people = sorted(filter(_names_person, candidates), key=_is_slug)
    organizations = [candidate for candidate in candidates if not _names_person(candidate)]
    return people + sorted(organizations, key=lambda candidate: -len(candidate.value))


def prints_byline(parsed: ParsedPage) -> bool:
    """Return whether the page names an author where readers see it, whatever its metadata declares."""
    return bool(_printed(parsed))


def find_signature(parsed: ParsedPage, authors: Authors, bodies: Sequence[Candidate[Names]]) -> Authors:
    """Return the name that signs the story, where no other layer names anybody but the site itself.

    A signature is a first or last line that consists of a full name in bold or italics.
    """
    lines = [bodies[0].value[-1], bodies[0].value[0]] if bodies else []
    line = next((line for line in lines if line[-1:].isalnum() and is_full_name_like(line)), "")
    if not line:
        return []
    if any(compact(name) not in parsed.site_names for candidate in authors for name in candidate.value):
        return []
    is_emphasized = any(selectors.text_of(element) == line for element in parsed.root.iter(*EMPHASIS_TAGS))
    return [Candidate((line,), "body:signature")] if is_emphasized else []


def _declared(parsed: ParsedPage) -> Authors:
    article, nodes = parsed.json_ld_article, parsed.json_ld_objects
    return present(
        json_ld.people(article, "author", nodes),
        json_ld.people(article, "creator", nodes),
        parsed.selected("author"),
        _from_twitter_card(parsed.meta),
        _from_citation(parsed.meta),
        *sorted(parsed.meta_by_field["author"], key=lambda candidate: candidate.rule != "meta:article:author"),
        microdata.texts(parsed.microdata, "author"),
    )


def _from_citation(contents: meta.Meta) -> Candidate[Names] | None:
    """Return the authors declared for citations, who are given last name first.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
    """
    authors = meta.contents(contents, "citation_author")
    return replace(authors, value=tuple(map(first_name_first, authors.value))) if authors else None


def _from_twitter_card(contents: meta.Meta) -> Candidate[Names] | None:
    """Return the author of a Twitter card; its labels may be anything: `Written by`, `Reading time`."""
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if label in contents and CARD_LABEL.fullmatch(contents[label][0]):
            return meta.contents(contents, data)
    return None


def _without_site(parsed: ParsedPage, candidate: Candidate[Names]) -> Candidate[Names] | None:
    """Return the candidate's names without the site's own; None where there are no others."""
    names = author_names(candidate.value, parsed.rules, parsed.site_names)
    return Candidate(names, candidate.rule, raw=" | ".join(candidate.value)) if names else None


def _printed(parsed: ParsedPage) -> Authors:
    return read_bylines(parsed, elements_named_author(parsed)) or read_bylines(parsed, elements_with_byline(parsed))


def _may_be_site(candidate: Candidate[Names]) -> bool:
    """Return whether the candidate may be the site's own name: in JSON-LD, or a person's name."""
    return candidate.rule.startswith("json_ld") or all(map(is_full_name, candidate.value))


def _names_person(candidate: Candidate[Names]) -> bool:
    return any(map(is_person, candidate.value))


def _is_slug(candidate: Candidate[Names]) -> bool:
    return all(map(SLUG.fullmatch, candidate.value))
