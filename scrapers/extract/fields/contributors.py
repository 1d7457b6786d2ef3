"""The article's editor, and who else worked on it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import json_ld, selectors
from scrapers.extract.parsed_page import MAY_BE_INDONESIAN, ParsedPage
from scrapers.extract.text.bylines import author_names, is_person
from scrapers.extract.text.credits import credits_in
from scrapers.items import Contributor

EDITOR_WORD = re.compile(r"(?<!\W)\W*(?:editor|redaktur|penyunting|red)\W+", re.IGNORECASE)
# A line that names the editor, whatever elements its label and name stand in: `Editor : Maria Dewi`.
EDITOR_LINE = re.compile(
    r"\W{0,3}(?:editor|redaktur|penyunting)\s?:\s?([^\W\d_][^:|]{2,60}?)(?:\W{0,3}(?:reporter|penulis|pewarta|copyright|©).*)?",
    re.IGNORECASE,
)
TEXTS_WITH_EDITOR = etree.XPath(
    "/descendant::text()[contains(., 'ditor') or contains(., 'DITOR')"
    " or contains(., 'edaktur') or contains(., 'enyunting')]/.."
)
EDITOR_STEMS = (b"ditor", b"DITOR")
INDONESIAN_EDITOR_STEMS = (b"edaktur", b"enyunting")
# Tags may stand between a label and its colon.
LABEL_END = re.compile(rb"\s{0,20}(?:<[^<>]{1,200}>\s{0,20}){0,6}:")
MAX_LINES, MAX_LINE_LENGTH = 40, 150  # that are examined; characters
JSON_LD_ROLES = ("contributor", "translator", "illustrator")


def find_editors(parsed: ParsedPage, body_credits: Sequence[Contributor]) -> list[Candidate[str]]:
    """Return candidates for the editor: the last one credited in the body, the outlet's selector, JSON-LD."""
    in_body = [person.name for person in body_credits if person.role == "editor"]
    printed = find_printed_editors(parsed) if not in_body and not parsed.rules.publisher else ()
    return present(
        Candidate(in_body[-1], "body:editor_line") if in_body else None,
        _selected_editor(parsed),
        Candidate(printed[-1], "html:editor_line") if printed else None,
        json_ld.text(parsed.json_ld_article, "editor"),
    )


def find_printed_editors(parsed: ParsedPage) -> tuple[str, ...]:
    """Return the names that lines such as `Editor: Maria Dewi` print anywhere on the page."""
    if not _may_print_editor(parsed):
        return ()
    labels = islice(cast("list[etree._Element]", TEXTS_WITH_EDITOR(parsed.root)), MAX_LINES)
    lines = (line for label in labels for line in _lines_around(label))
    matches = filter(None, map(EDITOR_LINE.fullmatch, lines))
    names = (author_names([match[1]], parsed.rules, parsed.site_names) for match in matches)
    return tuple(dict.fromkeys(name for found in names for name in found if is_person(name)))


def _may_print_editor(parsed: ParsedPage) -> bool:
    """Return whether a label such as `Editor:` may stand in the page; this is faster than looking at its texts."""
    is_indonesian = parsed.declared_language[:2] in MAY_BE_INDONESIAN
    stems = EDITOR_STEMS + INDONESIAN_EDITOR_STEMS if is_indonesian else EDITOR_STEMS
    return any(_has_label(parsed.page.body, stem) for stem in stems)


def _has_label(body: bytes, stem: bytes) -> bool:
    position = body.find(stem)
    while position >= 0:
        position += len(stem)
        if LABEL_END.match(body, position):
            return True
        position = body.find(stem, position)
    return False


def _lines_around(label: etree._Element) -> Iterator[str]:
    """Yield the text of the element, and those of the elements around it that are still one line."""
    for element in islice((label, *label.iterancestors()), 3):
        text = selectors.spaced_text_of(element) if len(element) <= MAX_LINES else ""
        if not text or len(text) > MAX_LINE_LENGTH:
            return
        yield text


def _selected_editor(parsed: ParsedPage) -> Candidate[str] | None:
    selected = parsed.selected("editor")
    if not selected:
        return None
    names = author_names([EDITOR_WORD.sub("", line) for line in selected.value], parsed.rules)
    return Candidate(names[0], selected.rule, raw=" | ".join(selected.value)) if names else None


def find_contributors(
    parsed: ParsedPage, body_credits: Sequence[Contributor]
) -> list[Candidate[tuple[Contributor, ...]]]:
    """Return the people whom JSON-LD, the byline and the body credit with other work than writing or editing."""
    article, nodes = parsed.json_ld_article, parsed.json_ld_objects
    by_role = [(role, people) for role in JSON_LD_ROLES if (people := json_ld.people(article, role, nodes))]
    declared = [Contributor(name, role) for role, people in by_role for name in people.value]
    byline = parsed.selected("author")
    byline_credits = [person for line in (byline.value if byline else ()) for person in credits_in(line)]
    in_body = [person for person in body_credits if person.role != "editor"]
    printed = [person for person in byline_credits if person.role != "editor"] + in_body
    printed = [person for person in printed if person not in declared]
    rules = [people.rule for _, people in by_role]
    if printed:
        rules.append("body:credits" if in_body else "html:credits")
    contributors = tuple(dict.fromkeys([*declared, *printed]))
    return [Candidate(contributors, " + ".join(rules))] if contributors else []
