"""Who wrote, edited and photographed: bylines, date lines, editor lines and picture credits."""

import re
from collections.abc import Iterable, Sequence

from scrapers.extract.clean import clean
from scrapers.extract.page import Rules

# `WASHINGTON, iNews.id - `, `KARAWANG, iNEWSKarawang.id -`, `SURABAYA, iNewsSurabaya.id –`: each word of the
# place begins with a capital, the agency is a site's name.
DATE_LINE = re.compile(
    r"(?P<place>[^\W\d_a-z][^,:;.!?“”\"]{1,40}(?:, ?[^,:;.!?“”\"]{2,40})?), ?"
    r"(?i:[\w-]{2,40}(?:\.[a-z]{2,4}){1,2}) ?[-–—]{1,2} ?"
)
EDITOR_LINE = re.compile(r"(?i:Editor) ?: ?(?P<name>[^\W\d_a-z][^\s:!?]*(?: [^\s:!?]+){0,6})")
BYLINE_WORD = re.compile(
    r"^(?:penulis|reporter|oleh|pewarta|kontributor|jurnalis|laporan wartawan|by)\b ?:? ?", re.IGNORECASE
)
BETWEEN_NAMES = re.compile(r" ?[,;|] ?| (?:dan|and|&) ")
# S.H., M.Si, Ph.D.: a part of the name before the comma
DEGREE = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.){1,3}[A-Z]?[A-Za-z]{0,3}\.?")
SITE_NAME = re.compile(r"https?:.*|[^\s]+@.*|[\w-]+(?:\.[a-z]{2,4}){1,2}", re.IGNORECASE)
NO_PERSON = {"", "admin", "administrator", "editor", "penulis", "redaksi", "reporter", "user"}
CREDIT = re.compile(
    r"[ (]*\((?:foto|photo|gambar|dok)\b ?[:.]? ?(?P<inside>[^()]{2,100})\) ?\.?$"
    r"|(?:^|[ (])(?:foto|photo) ?: ?(?P<after>[^().]{2,100})$"
    r"|(?:^| )foto (?P<site>[\w-]{2,40}\.[a-z]{2,4}(?:/[^().]{2,60})?)$",
    re.IGNORECASE,
)


def author_names(lines: Iterable[str], rules: Rules) -> tuple[str, ...]:
    """Return the people whom the byline names, each once; neither `Admin` nor the outlet is one."""
    names: list[str] = []
    for line in lines:
        for part in BETWEEN_NAMES.split(BYLINE_WORD.sub("", clean(line))):
            if names and DEGREE.fullmatch(part):
                names[-1] += f", {part}"
            elif _is_person(part, rules):
                names.append(part)
    return tuple(dict.fromkeys(names))


def _is_person(name: str, rules: Rules) -> bool:
    bare = re.sub(r"[\W_]", "", name).lower()
    publisher = rules.publisher or ""
    owns = {re.sub(r"[\W_]", "", own).lower() for own in (rules.outlet, publisher, publisher.split(".")[0])}
    is_name = len(name) <= 80 and not SITE_NAME.fullmatch(name)
    return is_name and bare.removeprefix("tim") not in NO_PERSON | owns


def split_date_line(paragraph: str) -> tuple[str | None, str]:
    """Return the place of a date line such as `WASHINGTON, iNews.id - `, and the paragraph without it."""
    match = DATE_LINE.match(paragraph)
    if not match or any(word[0].islower() for word in match["place"].split()):
        return None, paragraph
    return clean(match["place"]), paragraph[match.end() :].strip()


def editor_of(line: str) -> str | None:
    """Return the name in a line that is `Editor : NAME` and nothing else."""
    match = EDITOR_LINE.fullmatch(clean(line))
    return match["name"].strip() if match else None


def take_editor(paragraphs: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the editor of the last `Editor : NAME` line, and the paragraphs without such lines."""
    editors = [name for name in map(editor_of, paragraphs) if name]
    return (editors[-1] if editors else None), tuple(line for line in paragraphs if not editor_of(line))


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """Return a caption without its credit, and who is credited: `… (Foto: Reuters)` gives `Reuters`."""
    match = CREDIT.search(clean(caption))
    if not match:
        return clean(caption) or None, None
    credit = match["inside"] or match["after"] or match["site"]
    return clean(caption)[: match.start()].strip() or None, credit.strip()
