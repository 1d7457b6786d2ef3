"""The article's editor, and who else worked on it."""

import re
from collections.abc import Sequence

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import json_ld
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.bylines import author_names
from scrapers.extract.text.credits import credits_in
from scrapers.items import Contributor

EDITOR_WORD = re.compile(r"(?<!\W)\W*(?:editor|redaktur|penyunting|red)\W+", re.IGNORECASE)
JSON_LD_ROLES = ("contributor", "translator", "illustrator")


def find_editors(parsed: ParsedPage, body_credits: Sequence[Contributor]) -> list[Candidate[str]]:
    """Return candidates for the editor: the last one credited in the body, the outlet's selector, JSON-LD."""
    in_body = [person.name for person in body_credits if person.role == "editor"]
    return present(
        Candidate(in_body[-1], "body:editor_line") if in_body else None,
        _selected_editor(parsed),
        json_ld.text(parsed.json_ld_article, "editor"),
    )


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
