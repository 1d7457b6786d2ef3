"""Credit lines in a body, such as `Pewarta: A Editor: B`: who worked on the article, and in which role."""

import re
from collections.abc import Sequence

from scrapers.extract.text.clean import clean
from scrapers.items import Contributor

ROLE_OF_LABEL = {
    "editor": "editor", "redaktur": "editor", "penyunting": "editor", "red": "editor",
    "reporter": "reporter", "pewarta": "reporter", "jurnalis": "reporter", "wartawan": "reporter", "rep": "reporter",
    "laporan wartawan": "reporter", "reporting by": "reporter",
    "pewarta foto": "photographer", "fotografer": "photographer", "photographer": "photographer",
    "kontributor": "contributor", "contributor": "contributor",
    "penerjemah": "translator", "translator": "translator",
}  # fmt: skip
ROLE_LABEL = re.compile(rf"\b({'|'.join(sorted(ROLE_OF_LABEL, key=len, reverse=True))}) ?: ?", re.IGNORECASE)
PERSON = re.compile(r"[^\W\d_a-z][^\s:!?]*(?: [^\s:!?]+){0,6}")
COPYRIGHT = re.compile(r" ?(?:copyright )?© .*", re.IGNORECASE)  # after the last name
MAX_CREDIT_LENGTH = 250  # characters


def credits_in(line: str) -> tuple[Contributor, ...]:
    """Return the people in a credit line with their roles; empty unless the whole line is a credit line."""
    if len(line) > MAX_CREDIT_LENGTH or ":" not in line:
        return ()
    line = clean(line).lstrip(" |•-(")
    if not ROLE_LABEL.match(line):
        return ()
    _, *parts = ROLE_LABEL.split(COPYRIGHT.sub("", line))
    names = [name.strip(" |,;/•-") for name in parts[1::2]]
    if not names or not all(PERSON.fullmatch(name) for name in names):
        return ()
    return tuple(Contributor(name, ROLE_OF_LABEL[role.lower()]) for role, name in zip(parts[::2], names, strict=True))


def take_credits(lines: Sequence[str]) -> tuple[tuple[Contributor, ...], list[int]]:
    """Return all people credited in the lines, and the indices of the lines that are not credit lines."""
    credits_of_lines = [credits_in(line) for line in lines]
    people = dict.fromkeys(person for credits in credits_of_lines for person in credits)
    return tuple(people), [index for index, credits in enumerate(credits_of_lines) if not credits]
