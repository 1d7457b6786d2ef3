"""Every regular expression of this repository, and input made to be slow for each.

Run as a script it prints the patterns of scrapers/ as JSON lines, each with the method that it is used with: those that
importing the modules compiles, those that functions are given as literals, and those that outlets declare. It imports
the modules anew where it is forked from a process that has done so.
"""

import ast
import importlib
import json
import pkgutil
import re
import string
import sys
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

from re import _constants as codes  # isort: skip
from re import _parser as parser  # isort: skip

SCRAPERS = Path(__file__).parent.parent / "scrapers"
# What runs the command line, or imports Airflow, which takes seconds, and reads no text of strangers
ELSEWHERE = ("scrapers.__main__", "scrapers.airflow")
METHODS = {"match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}
DECLARED = {"article_urls": "fullmatch", "article_id": "search", "same_page": "sub", "same_article": "sub"}
LETTERS = [*string.ascii_letters, *string.digits, *string.punctuation, " ", "\n", "\t", "é", "–", "中", "\0"]
SPELLED = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.ASCII  # flags that decide what is matched


# What there is


def compiled() -> list[tuple[Any, int, str, int]]:
    """Return what importing all modules compiles: pattern, flags, and the file and line that asked for it."""
    found, really = [], re._compile

    def noted(pattern: Any, flags: int) -> Any:
        frame = sys._getframe(1)
        while frame and frame.f_code.co_filename == re.__file__:
            frame = frame.f_back
        asked = frame and Path(frame.f_code.co_filename)
        if asked and asked.is_relative_to(SCRAPERS) and not isinstance(pattern, re.Pattern):
            found.append((pattern, int(flags), str(asked), frame.f_lineno))
        return really(pattern, flags)

    re._compile = noted
    try:
        for module in pkgutil.walk_packages([str(SCRAPERS)], "scrapers."):
            if not module.name.startswith(ELSEWHERE):
                importlib.import_module(module.name)
    finally:
        re._compile = really
    return found


def sources() -> dict[str, ast.Module]:
    """Return the modules that import `re`, by their files."""
    texts = {str(file): file.read_text() for file in SCRAPERS.rglob("*.py")}
    return {file: ast.parse(text) for file, text in texts.items() if "import re\n" in text}


@cache
def nodes(tree: ast.Module) -> list[ast.AST]:
    return list(ast.walk(tree))


def in_functions(trees: dict[str, ast.Module]) -> Iterator[tuple[Any, int, str, str]]:
    """Yield the literals that stand in calls such as re.search(r"…", text), with their method and file."""
    calls = ((node, file) for file, tree in trees.items() for node in nodes(tree) if isinstance(node, ast.Call))
    for node, file in calls:
        called = node.func
        if not (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"):
            continue
        if called.attr in METHODS and isinstance(node.args[0], ast.Constant):
            named = [word.attr for word in ast.walk(node) if isinstance(word, ast.Attribute) and word.attr.isupper()]
            yield node.args[0].value, int(sum(getattr(re, name) for name in set(named))), called.attr, file


def uses(tree: ast.Module, name: str | None) -> set[str]:
    """Return the methods that are called on a name in its module; where none is, those on what loops over it."""
    called = [
        (node.value.id, node.attr)
        for node in nodes(tree)
        if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name)
    ]
    found = {method for of, method in called if of == name}
    looped = {method for of, method in called if of.islower() and of != "re" and method != "split"}  # texts split too
    return found or looped or {"search"}


def name_at(tree: ast.Module, line: int) -> str | None:
    """Return the name that the statement on the line gives its value to."""
    for node in nodes(tree):
        if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or 0):
            return node.targets[0].id if isinstance(node.targets[0], ast.Name) else None
    return None


def declared() -> Iterator[tuple[str, int, str, str]]:
    """Yield what outlets declare of their addresses."""
    from scrapers.spiders import outlet, outlets

    for spider in [*outlets(), outlet("news")]:
        for name, method in DECLARED.items():
            given = getattr(spider, name) or ()
            for pattern in [given] if isinstance(given, str) else [pair[0] for pair in given]:
                yield pattern, 0, method, str(SCRAPERS / "spiders" / f"{spider.name}.py")


def patterns() -> set[tuple[Any, int, str, str]]:
    """Return each pattern with its flags, method and file; of several methods one that looks at every place."""
    trees = sources()
    asked = compiled()
    found = {*in_functions(trees), *declared()}
    for pattern, flags, file, line in asked:
        used = uses(trees[file], name_at(trees[file], line))
        for method in used if used <= {"match", "fullmatch"} else {"search"}:
            found.add((pattern, flags, method, file))
    return found


# What is slow for each


def accepted(node: tuple[Any, Any], flags: int) -> list[str]:
    """Return those of LETTERS that a set of characters, or one character, takes."""
    op, value = node
    if op is codes.LITERAL:
        return [chr(value)]
    if op is codes.NOT_LITERAL:
        return [letter for letter in LETTERS if ord(letter) != value]
    if op is codes.ANY:
        return [letter for letter in LETTERS if letter != "\n" or flags & re.DOTALL]
    return of_set(tuple(value))


@cache  # a set is asked for once for each way to it
def of_set(parts: tuple[Any, ...]) -> list[str]:
    inside = [letter for letter in LETTERS if any(holds(part, letter) for part in parts)]
    if parts and parts[0][0] is codes.NEGATE:
        inside = [letter for letter in LETTERS if letter not in inside]
    return inside or [chr(part[1] if part[0] is codes.LITERAL else part[1][0]) for part in parts[:1] if part[1]]


def holds(part: tuple[Any, Any], letter: str) -> bool:
    op, value = part
    if op is codes.LITERAL:
        return ord(letter) == value
    if op is codes.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    kinds = {
        codes.CATEGORY_DIGIT: str.isdigit, codes.CATEGORY_SPACE: str.isspace,
        codes.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    }  # fmt: skip
    opposite = {
        codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT, codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
        codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
    }  # fmt: skip
    if op is not codes.CATEGORY:
        return False
    return bool(kinds[value](letter)) if value in kinds else not kinds[opposite[value]](letter)


REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
CHARACTERS = {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN}


def branches(node: tuple[Any, Any]) -> list[Any]:
    """Return the sequences that stand in a node."""
    op, value = node
    if op is codes.SUBPATTERN:
        return [value[3]]
    if op is codes.BRANCH:
        return list(value[1])
    if op in REPEATS:
        return [value[2]]
    if op is codes.ATOMIC_GROUP:
        return [value]
    return []


def examples(sequence: Any, flags: int, most: int = 3) -> list[str]:
    """Return some texts that a sequence takes, each as short as its repeats allow, but for one time each."""
    parts = [some_of(node, flags, most) for node in sequence]
    return ["".join(chosen) for chosen in islice(product(*parts), most)]


def some_of(node: tuple[Any, Any], flags: int, most: int) -> list[str]:
    op, value = node
    if op in CHARACTERS:
        letters = accepted(node, flags)
        return letters[:: max(1, len(letters) // most)][:most] or [""]
    if op in REPEATS:
        return [text * max(1, min(value[0], 30)) for text in examples(value[2], flags, most)]
    inside = [text for sequence in branches(node) for text in examples(sequence, flags, most)]
    return inside[:most] or [""]


def repeats(sequence: Any, flags: int, before: str = "") -> Iterator[tuple[str, list[str], str]]:
    """Yield for each repeat what leads to it, what it takes, and what may follow."""
    for place, node in enumerate(sequence):
        rest = "".join(examples(sequence[place + 1 :], flags, 1)[:1])
        if node[0] in REPEATS:
            yield before, pumps(node[1][2], flags), rest
        for inner in branches(node):
            yield from repeats(inner, flags, before)
        before += (some_of(node, flags, 1) or [""])[0]


def pumps(sequence: Any, flags: int) -> list[str]:
    """Return what is repeated: of a single set of characters each of several kinds, else some examples."""
    if len(sequence) == 1 and sequence[0][0] in CHARACTERS:
        letters = accepted(sequence[0], flags)
        kinds = [str.isdigit, str.islower, str.isupper, str.isspace, lambda char: not char.isalnum()]
        return [*{next(filter(kind, letters), "") for kind in kinds} - {""}, *letters[-1:]]
    return examples(sequence, flags, 4)


def hostile(pattern: Any, flags: int) -> Iterator[tuple[str, str, str]]:
    """Yield texts as (head, what is repeated, tail) that make a backtracking matcher try the most."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags & SPELLED)
    used = flags | tree.state.flags
    seen = set()
    for before, taken, rest in repeats(list(tree), used):
        for pump in taken:
            for made in (
                *((before, pump, tail) for tail in ("", "\n", "\0", rest[:-1], rest + "\0")),
                ("", before + pump, "\0"), ("", before + pump + rest[:-1], "\0"), ("", pump + rest, "\0"),
            ):  # fmt: skip
                if made[1] and made not in seen:
                    seen.add(made)
                    yield made
    for whole in examples(list(tree), used, 3):
        for made in (("", whole, ""), ("", whole[:-1] or whole, "\0"), ("", whole[:1], "")):
            if made[1] and made not in seen:
                seen.add(made)
                yield made


def forget_modules() -> None:
    """Let the modules of scrapers/ be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "scrapers"]:
        del sys.modules[name]


if __name__ == "__main__":
    forget_modules()
    for pattern, flags, method, file in sorted(patterns(), key=repr):
        is_bytes = isinstance(pattern, bytes)
        text = pattern.decode("latin-1") if is_bytes else pattern
        print(json.dumps([text, is_bytes, flags, method, str(Path(file).relative_to(SCRAPERS))]))  # noqa: T201
