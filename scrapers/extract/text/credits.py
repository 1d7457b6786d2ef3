"""Lines of a body that name who worked on the article, such as `Pewarta: A Editor: B`, by the role of each."""

import re
from collections.abc import Sequence

from scrapers.extract.text.clean import clean
from scrapers.items import Contributor

ROLES = {
    "editor": "editor", "redaktur": "editor", "penyunting": "editor", "red": "editor",
    "reporter": "reporter", "pewarta": "reporter", "jurnalis": "reporter", "wartawan": "reporter", "rep": "reporter",
    "laporan wartawan": "reporter", "reporting by": "reporter",
    "pewarta foto": "photographer", "fotografer": "photographer", "photographer": "photographer",
    "kontributor": "contributor", "contributor": "contributor",
    "penerjemah": "translator", "translator": "translator",
}  # fmt: skip
ROLE = re.compile(rf"\b({'|'.join(sorted(ROLES, key=len, reverse=True))}) ?: ?", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_a-z][^\s:!?]*(?: [^\s:!?]+){0,6}")
FOOT = re.compile(r" ?(?:copyright )?© .*", re.IGNORECASE)  # what stands behind the last name
LONGEST_LINE = 250  # characters


def credits_in(line: str) -> tuple[Contributor, ...]:
    """Return whom a line names with their roles; none unless it is such names and nothing else."""
    if len(line) > LONGEST_LINE or ":" not in line:
        return ()
    line = clean(line).lstrip(" |•-(")
    if not ROLE.match(line):
        return ()
    _, *parts = ROLE.split(FOOT.sub("", line))
    names = [name.strip(" |,;/•-") for name in parts[1::2]]
    if not names or not all(NAME.fullmatch(name) for name in names):
        return ()
    return tuple(Contributor(name, ROLES[role.lower()]) for role, name in zip(parts[::2], names, strict=True))


def take_credits(lines: Sequence[str]) -> tuple[tuple[Contributor, ...], list[int]]:
    """Return all whom the lines name, and the indices of the lines that are no such credits."""
    found = [credits_in(line) for line in lines]
    people = dict.fromkeys(person for every in found for person in every)
    return tuple(people), [at for at, every in enumerate(found) if not every]
