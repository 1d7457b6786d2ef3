"""Where a host's registrable domain begins, by the Public Suffix List (https://publicsuffix.org/list/).

The list is the one that tldextract brings along. tldextract itself is not imported: it loads a whole HTTP client to
fetch newer lists, which is a third of the time in which a process that reads pages starts.
"""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

SNAPSHOT = ".tld_set_snapshot"  # in tldextract's folder
PRIVATE = "// ===BEGIN PRIVATE DOMAINS==="  # what follows are companies that let others have names below theirs
RULE = re.compile(r"^[.*!]*\w\S*", re.MULTILINE)


@lru_cache(maxsize=10_000)
def registrable(host: str) -> tuple[str, str]:
    """Return the label that somebody registered and the public suffix behind it: `inews` and `id` for `www.inews.id`.

    The suffix is empty where the list has none, and the label then the host's last one.
    """
    labels = host.split(".")
    length = _suffix_length([_decoded(label) for label in labels])
    if not length:
        return (host if _is_ipv4(labels) else labels[-1]), ""
    return "".join(labels[-length - 1 : -length]), ".".join(labels[-length:])


def registrable_domain(host: str) -> str:
    """Return the domain that somebody registered, such as `inews.id`; empty where there is none."""
    label, suffix = registrable(host)
    return f"{label}.{suffix}" if label and suffix else ""


def _suffix_length(labels: list[str]) -> int:
    """Return how many of the labels are the suffix: the longest rule holds, unless an exception says otherwise."""
    rules = _rules()
    for length in range(len(labels), 0, -1):
        tail = ".".join(labels[-length:])
        if f"!{tail}" in rules:
            return length - 1
        if tail in rules or (length > 1 and f"*.{tail.partition('.')[2]}" in rules):
            return length
    return 0


@cache
def _rules() -> frozenset[str]:
    package = find_spec("tldextract")
    folders = package.submodule_search_locations if package else None
    if not folders:
        raise ModuleNotFoundError("tldextract, whose Public Suffix List is read, is not installed")
    text = Path(folders[0], SNAPSHOT).read_text(encoding="utf-8")
    return frozenset(RULE.findall(text.partition(PRIVATE)[0]))


def _decoded(label: str) -> str:
    """Return the label in lower case, and in the script in which the list has it."""
    label = label.lower()
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _is_ipv4(labels: list[str]) -> bool:
    return len(labels) == 4 and all(label.isdecimal() for label in labels)
