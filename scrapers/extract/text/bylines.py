"""Parsing bylines, editor lines and picture credits: the names in a line of text."""

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from scrapers.extract.page import Rules
from scrapers.extract.text.clean import clean, compact

EDITOR_LINE = re.compile(r"(?i:Editor) ?: ?(?P<name>[^\W\d_a-z][^\s:!?]*(?: [^\s:!?]+){0,6})")
BYLINE_WORD = re.compile(
    r"^\W*(?:(?:penulis|reporter|oleh|pewarta|kontributor|jurnalis|laporan wartawan|ein artikel von|skrevet av|przez"
    r"|foto|tekst|testo|texto"
    r"|(?:(?:written|posted|reported|reviewed|story|commentary|opinion|words) )?by|von|par|por|di|door|af|av|text"
    r"|autor(?:in|en|es)?(?:/-?(?:autor|in))?|author)\b ?:? ?)+",
    re.IGNORECASE,
)
NAME_SEPARATOR = re.compile(r" ?[,;|•·] ?| / | [–—-] | (?:dan|and|und|et|y|e|och|og|en|with|mit|&) |(?<=\w)& ")
EMPLOYER = re.compile(
    r" (?:for|für|pour) (?=[^\W\d_a-z])"
)  # `Jane Doe for Example Post`; lower case may belong to a name
# The word for reporter after a name in Korean and Chinese.
TRAILING_TITLE = re.compile(r"\s?(?:기자|특파원|통신원|記者|记者)$")
# S.H., M.Si, Ph.D.: belongs to the name before the comma
DEGREE = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.){1,3}[A-Z]?[A-Za-z]{0,3}\.?|PhD|MD|RD|MBA|Jr\.?|Sr\.?|III?")
SITE_NAME = re.compile(r"https?:.*|[^\s]+@.*|@\S+|[\w-]+(?:\.[a-z]{2,4}){1,2}", re.IGNORECASE)
# Who made the site, and not the article.
SITE_MAKER = re.compile(
    r"\bweb ?(?:design(?:ers?)?|develop(?:ment|ers?))\b|\b(?:powered|developed) by\b", re.IGNORECASE
)
HOST = re.compile(r"\((?:https?://)?(?:www\.)?((?:[\w-]{1,63}\.){1,4}[a-z]{2,10})/?\)")
AFTER_NAME = re.compile(  # what may follow a name: brackets, addresses, dates, a description of the person
    r"(?<!\s)\s*(?:\([^)]*\)?|<[^>]*>?|[\[{].*|\S+@\S+|@\w+|https?:\S+|\b(?:is|was) an? .*|\bStand:.*|\b[0-9].*"
    r"|(?-i:\bin [A-Z].*)"
    r"|\b(?:last )?(?:updated|published|posted|veröffentlicht|aktualisiert)\b.*"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? [0-9].*)",
    re.IGNORECASE,
)
# The same in eleven other languages, from Indonesian to Vietnamese.
ROLES_ELSEWHERE = (
    r"jurnalis|kontributor|penulis|redaktur|giornalista|redattor[ei]|redattrice|inviat[oa]|redactora?|corresponsal|editora?"
    r"|columnista|jornalista|rep[oó]rter|rédact(?:eur|rice)|correspondant[e]?|éditorialiste|dziennikar(?:z|ka)"
    r"|redaktor(?:ka)?|verslaggever|verslaggeefster|redactie|redaktør|redaktör|kommentator|korrespondent|nyhedsredaktør"
    r"|корреспондент|журналист(?:ка)?|редактор|обозреватель|muhabir[i]?|editör[ü]?|yazar[ı]?|phóng viên|biên tập viên"
)
# A role behind a name that nothing separates: `Jane Doe Senior Reporter`.
ROLE_AT_END = re.compile(
    r"(?<=\w) (?:(?:senior|staff|chief|deputy|managing|news|sports?|political|politics|business|health|science"
    r"|technology|tech|entertainment|freelance|contributing|assistant|associate|executive|digital|national|crime) )*"
    r"(?:reporter|writer|editor|correspondent|journalist|columnist|contributor|redaktur|wartawan|jurnalis|kontributor"
    r"|verslaggever|journaliste|periodista|giornalista|redakteur(?:in)?)(?: pelaksana| utama)?$",
    re.IGNORECASE,
)
FROM_PLACE = re.compile(
    r"(?:kontributor|koresponden|contributor) .*", re.IGNORECASE
)  # after a name: `Kontributor Solo`
ROLE = re.compile(
    r"(?:\w+[ -]){0,4}(?:editor|reporter|writer|correspondent|contributor|journalist|columnist|producer|photographer"
    r"|author|staff|analyst|critic|fellow|redakteur(?:in)?|redacteur|korrespondent(?:in)?|redaktion|rédaction|redacción"
    r"|redazione|journaliste|periodista|redaktur|wartawan|pewarta|desk|news|team|agency|agencies|bureau"
    rf"|{ROLES_ELSEWHERE})(?: (?:at|for|of|in|pelaksana|utama|jefe|chef) ?.*)?",
    re.IGNORECASE,
)
MAX_BYLINE_LENGTH = 500  # characters; a byline of ten authors is shorter
NOT_PEOPLE = {
    "", "admin", "administrator", "editor", "penulis", "redaksi", "reporter", "user", "editorial", "webmaster",
    "guest", "author", "authors", "anonymous", "byline", "null", "none", "undefined", "redaktion", "redaction",
    "follow", "share", "unknown", "advertisement", "by", "staff", "newsroom", "newsdesk", "home", "about", "profile",
    "view", "posts", "facebook", "twitter", "instagram", "youtube", "tiktok",
}  # fmt: skip
PARTICLES = {
    "van", "von", "de", "der", "den", "da", "di", "del", "la", "le", "el", "al", "bin", "binti", "dos", "ter", "zu",
}  # fmt: skip
ORGANIZATION = re.compile(
    r"\b(?:news|press|times|post|agency|media|magazine|journal|team|desk|staff|editors?|tv|radio|online|group|network"
    r"|redaktion|rédaction|redaksi|agentur|agence|agencia|bureau|newsroom|contributors?|afp|dpa|apa|ap|reuters|ansa|efe"
    r"|associated|telegram|gazette|herald|tribune|chronicle|observer|zeitung|today|daily|foundation|institute|university|council|inc|llc|gmbh)\b",
    re.IGNORECASE,
)
PICTURE_CREDIT = re.compile(
    r"[ (]*\((?:foto|photo|gambar|dok)\b ?[:.]? ?(?P<inside>[^()]{2,100})\) ?\.?$"
    r"|(?:^|[ (])(?:foto|photo) ?: ?(?P<after>[^().]{2,100})$"
    r"|(?:^| )foto (?P<site>[\w-]{2,40}\.[a-z]{2,4}(?:/[^().]{2,60})?)$",
    re.IGNORECASE,
)


def author_names(lines: Iterable[str], rules: Rules, site_names: Set[str] = frozenset()) -> tuple[str, ...]:
    """Return the people named in the byline, without duplicates, placeholders such as `Admin`, and the outlet itself.

    Where the byline names no person, agencies and teams are returned instead.
    """
    own_names = (rules.outlet, rules.publisher or "", (rules.publisher or "").split(".")[0])
    return _author_names(tuple(lines), frozenset(map(compact, own_names)), frozenset(site_names))


@lru_cache(maxsize=1024)
def _author_names(lines: tuple[str, ...], own_names: Set[str], site_names: Set[str]) -> tuple[str, ...]:
    own_names = own_names | site_names
    usable: list[str] = []
    for line in lines:
        line = clean(line[:MAX_BYLINE_LENGTH])
        if SITE_MAKER.search(line) or _names_site(line, site_names):
            continue
        if compact(NAME_SEPARATOR.split(line)[0]) not in own_names:  # names after that would be the outlet's address
            usable += [name for name in _names(line) if _is_name(name, own_names)]
    people = [name for name in usable if is_person(name) and not site_names & set(map(compact, name.split()))]
    return tuple(dict.fromkeys(people or usable))


def _names_site(line: str, site_names: Set[str]) -> bool:
    """Return whether the line gives the site's own domain after a name: `Kabar Kota (www.kabarkota.example)`."""
    return any(compact(host) in site_names for host in HOST.findall(line))


@lru_cache(maxsize=4096)  # the same names recur in the layers of a page and on an outlet's other pages
def is_person(name: str) -> bool:
    """Return whether the name is neither a role nor the name of an agency or team."""
    return not ORGANIZATION.search(name) and not ROLE.fullmatch(name)


def is_full_name(name: str) -> bool:
    """Return whether a printed name looks like a person's full name: two to five capitalized words."""
    words = name.split()
    is_capital = all(not word[0].islower() or word.lower() in PARTICLES for word in words) and words[0][0].isalpha()
    return is_person(name) and 2 <= len(words) <= 5 and is_capital and not re.search("[0-9:!?()]", name)


@lru_cache(maxsize=1024)
def _names(line: str) -> tuple[str, ...]:
    """Return the names in a byline without introducing words; an academic degree stays with the name before it."""
    names: list[str] = []
    if SITE_NAME.fullmatch(line):
        return ()
    for part in NAME_SEPARATOR.split(line):
        if names and FROM_PLACE.fullmatch(part):
            continue
        if names and DEGREE.fullmatch(part):
            names[-1] += f", {part}"
        else:
            name = _bare_name(part) if not SITE_NAME.fullmatch(part) else ""
            names.append(f"{name}." if part.endswith((f"{name}.",)) and re.search(r"\b\w\.$", f"{name}.") else name)
    return tuple(name for name in names if name)


def _bare_name(part: str) -> str:
    """Return one part of a byline without the byline word before the name and without what follows the name."""
    name = clean(TRAILING_TITLE.sub("", AFTER_NAME.sub("", BYLINE_WORD.sub("", part)))).strip(" :-–—|,.;•*")
    if " " in (without_role := ROLE_AT_END.sub("", name)):
        name = without_role
    person, *_ = EMPLOYER.split(name, maxsplit=1)
    return person if is_full_name_like(person) else name


def is_full_name_like(name: str) -> bool:
    """Return whether the text has more than one word and is a person's full name."""
    return " " in name and is_full_name(name)


def first_name_first(name: str) -> str:
    """Return `First Last` for a name written `Last, First`, as in library catalogues; other names unchanged."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and "," not in first and not DEGREE.fullmatch(first) else name


def _is_name(name: str, own_names: Set[str]) -> bool:
    compacted = compact(name)
    return (
        2 <= len(name) <= 60
        and len(name.split()) <= 7
        and not SITE_NAME.fullmatch(name)
        and not {compacted, compacted.removeprefix("tim"), compacted.removeprefix("the")} & (NOT_PEOPLE | own_names)
    )


def editor_of(line: str) -> str | None:
    """Return NAME of a line that is exactly `Editor : NAME`, else None."""
    match = EDITOR_LINE.fullmatch(clean(line))
    return match["name"].strip() if match else None


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """Return the caption without its credit, and the credit: `… (Foto: Reuters)` gives `Reuters`."""
    match = PICTURE_CREDIT.search(clean(caption))
    if not match:
        return clean(caption) or None, None
    credit = match["inside"] or match["after"] or match["site"]
    return clean(caption)[: match.start()].strip() or None, credit.strip()
