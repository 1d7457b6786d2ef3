"""Write what docs/reference/ takes from the code: `make reference`.

A page has its generated parts between `<!-- NAME -->` and `<!-- end of NAME -->`; the rest is written by hand.
"""

import ast
import io
import re
import sys
import tempfile
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from inspect import getdoc
from itertools import count
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
import scrapy.commands  # noqa: E402
import typer  # noqa: E402
from scrapy.commands import ScrapyCommand  # noqa: E402
from scrapy.settings import default_settings  # noqa: E402

import scrapers.commands  # noqa: E402
from scrapers import config, errors, settings  # noqa: E402
from scrapers.cli.commands import app  # noqa: E402
from scrapers.local.postgres import Cluster  # noqa: E402
from scrapers.spiders import arguments  # noqa: E402
from scrapers.storage.migrate import migrate  # noqa: E402

PAGES = ROOT / "docs" / "reference"
PART = re.compile(r"(<!-- ([a-z ]+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)

NUMBERED_ROW = re.compile(r"^\| (?:\d+|-) \|", re.MULTILINE)  # of faults.md; a new row begins with `| - |`
ERROR = re.compile(r"(\w+) +(\d+)  (\S.*)")  # a line of the tree in scrapers/errors.py

RELATIONS = """
SELECT relation.oid, relation.relname, obj_description(relation.oid, 'pg_class')
FROM pg_class AS relation
WHERE relation.relnamespace = 'public'::regnamespace AND relation.relkind = ANY (%(kinds)s)
ORDER BY relation.relname
"""
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)
FROM pg_attribute
WHERE attrelid = %(relation)s AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
"""
FUNCTIONS = """
SELECT format('%%s(%%s)', proname, pg_get_function_identity_arguments(oid)), obj_description(oid, 'pg_proc')
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')  -- an extension's
ORDER BY proname
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(_cell(text) for text in line) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`"


def documented_names(docstring: str | None) -> Iterator[tuple[str, str]]:
    """Yield the names that a docstring lists, two spaces before what it says of each."""
    for line in (docstring or "").splitlines():
        if found := re.fullmatch(r"(\S+(?:, \S+)*) {2,}(\S.*)", line):
            yield found[1], found[2]


def environment() -> str:
    """Return the variables that scrapers/config.py reads."""
    return table(["variable", ""], ((_code(name), text) for name, text in documented_names(config.__doc__)))


def crawl_arguments() -> str:
    """Return the arguments of a crawl."""
    rows = list(documented_names(arguments.__doc__))
    return table(["argument", ""], ((", ".join(map(_code, names.split(", "))), text) for names, text in rows))


def own_settings() -> str:
    """Return Warta's settings."""
    return table(["setting", "default", ""], _settings(is_own=True))


def scrapy_settings() -> str:
    """Return the settings of Scrapy that have another default here."""
    return table(["setting", "value", "why"], _settings(is_own=False))


def _settings(*, is_own: bool) -> Iterator[tuple[str, str, str]]:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    comments = _comments(source)
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if is_own != hasattr(default_settings, name) and not isinstance(node.value, ast.Dict):
                yield _code(name), _code(ast.unparse(node.value)), comments.get(node.end_lineno or 0, "")


def components() -> str:
    """Return the middlewares, extensions and pipelines that a crawl has, in the order of their numbers."""
    source = Path(settings.__file__).read_text(encoding="utf-8")
    comments = _comments(source)
    rows = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name):
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and value.value is not None:
                    order, path = (value.value, key.value) if isinstance(value.value, int) else (0, value.value)
                    why = comments.get(value.end_lineno or 0) or _first_line(str(path))
                    rows.append((node.targets[0].id, order, str(path), why))
    rows = sorted(dict.fromkeys(rows), key=lambda row: row[:2])
    return table(["setting", "order", "component", ""], ((_code(a), str(b), _code(c), d) for a, b, c, d in rows))


def _first_line(path: str) -> str:
    module, _, name = path.rpartition(".")
    return (getdoc(getattr(import_module(module), name)) or "").split("\n")[0]


def _comments(source: str) -> dict[int, str]:
    """Return the comment at the end of each line that has one."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def exit_codes() -> str:
    """Return the errors by their exit codes."""
    rows = sorted((code, name, said) for name, code, said in ERROR.findall(errors.__doc__ or ""))
    if missing := {error.__name__ for error in _errors(errors.WartaError)} - {name for _, name, _ in rows}:
        raise LookupError(f"the docstring of scrapers/errors.py lacks {', '.join(missing)}")
    return table(["code", "error", ""], ((code, _code(name), said) for code, name, said in rows))


def _errors(error: type[errors.WartaError]) -> Iterator[type[errors.WartaError]]:
    """Yield an error and those below it that end a command; NotAnArticle is a state of the ledger."""
    if error is not errors.NotAnArticle:
        yield error
    for below in error.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _errors(below)


def warta_commands() -> str:
    """Return the commands of `warta`, as `--help` tells of them."""
    return "\n".join(_described("warta", typer.main.get_command(app), is_first=True))


def _described(path: str, command: Any, *, is_first: bool = False) -> Iterator[str]:
    below = getattr(command, "commands", {})
    if below:
        if not is_first:
            yield f"### {path}\n\n{command.help}\n"
        for name in sorted(below, key=lambda name: (bool(getattr(below[name], "commands", {})), name)):
            yield from _described(f"{path} {name}", below[name])
        return
    context = command.context_class(command, info_name=path)
    given = [record for one in command.params if (record := one.get_help_record(context)) and "--help" not in record[0]]
    usage = " ".join([path, *(command.collect_usage_pieces(context) if given else [])])
    yield f"### {path}\n\n```\n{usage}\n```\n\n{command.help}\n"
    if given:
        yield table(["argument", ""], ((_code(name), text) for name, text in given))


def scrapy_commands() -> str:
    """Return Scrapy's commands; those of Warta stand in the place of Scrapy's own."""
    found = {}
    for package in (scrapy.commands, scrapers.commands):
        for module in iter_modules(package.__path__):
            command = getattr(import_module(f"{package.__name__}.{module.name}"), "Command", None)
            if isinstance(command, type) and issubclass(command, ScrapyCommand):
                found[module.name] = command()
    rows = (
        (_code(f"scrapy {name} {command.syntax()}".strip()), _scrapy_help(name, command))
        for name, command in sorted(found.items())
    )
    return table(["command", ""], rows)


def _scrapy_help(name: str, command: ScrapyCommand) -> str:
    own = sys.modules.get(f"{scrapers.commands.__name__}.{name}")
    return (own.__doc__ or "").split("\n")[0].partition(": ")[2] if own else command.short_desc()


def tables(connection: psycopg.Connection) -> str:
    """Return the tables with their comments."""
    return _relations(connection, ["r"])


def views(connection: psycopg.Connection) -> str:
    """Return the views with their comments."""
    return _relations(connection, ["v", "m"])


def _relations(connection: psycopg.Connection, kinds: list[str]) -> str:
    parts = []
    for oid, name, comment in connection.execute(RELATIONS, {"kinds": kinds}).fetchall():
        columns = connection.execute(COLUMNS, {"relation": oid}).fetchall()
        rows = [(_code(column), kind, said or "") for column, kind, said in columns]
        if any(said for *_, said in rows):
            described = table(["column", "type", ""], rows)
        else:  # of most views: those of the tables that they join
            described = f"Columns: {', '.join(column for column, *_ in rows)}.\n"
        parts.append(f"### {name}\n\n{comment or ''}\n\n{described}")
    return "\n".join(parts)


def functions(connection: psycopg.Connection) -> str:
    """Return the functions with their comments."""
    rows = connection.execute(FUNCTIONS, {}).fetchall()
    return table(["function", ""], ((_code(name), comment or "") for name, comment in rows))


PARTS: dict[str, Callable[[], str]] = {
    "environment": environment,
    "crawl arguments": crawl_arguments,
    "own settings": own_settings,
    "scrapy settings": scrapy_settings,
    "components": components,
    "exit codes": exit_codes,
    "warta commands": warta_commands,
    "scrapy commands": scrapy_commands,
}
STORED_PARTS: dict[str, Callable[[psycopg.Connection], str]] = {
    "tables": tables,
    "views": views,
    "functions": functions,
}


def written(page: str, connection: psycopg.Connection) -> str:
    """Return a page with its generated parts as the code has them now, and its numbered rows numbered.

    `connection` is to a migrated database.
    """

    def part(found: re.Match[str]) -> str:
        name = found[2]
        text = PARTS[name]() if name in PARTS else STORED_PARTS[name](connection)
        return f"{found[1]}\n{text}\n{found[3]}"

    numbers = count(1)
    return NUMBERED_ROW.sub(lambda found: f"| {next(numbers)} |", PART.sub(part, page))


def main() -> None:
    """Write all pages anew."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            cluster.create_database("reference")
            migrate(cluster.dsn("reference"))
            with psycopg.connect(cluster.dsn("reference")) as connection:
                for page in sorted(PAGES.glob("*.md")):
                    page.write_text(written(page.read_text(encoding="utf-8"), connection), encoding="utf-8")
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
