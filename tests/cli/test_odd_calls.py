"""Whatever somebody types: one line and a documented exit code, never a traceback."""

import contextlib
import io
import os
import random
import re
import sys
from functools import cache
from pathlib import Path

import psycopg
import pytest
import typer.main
from psycopg.conninfo import make_conninfo

from scrapers import errors
from scrapers.cli import commands as cli
from tests.conftest import Commands

CODES = {
    0,
    *(kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")),
}
TRACEBACK = re.compile(r"Traceback \(most recent call last\)|unforeseen")
WORDS = [
    "", " ", "-", "--", "0", "-1", "1", "20", "9" * 5000, "1e9", "1.0", "nan", "٣", "seed", "inews", "example_pst",
    "x.example",
    "2025-12-15", "9999-12-31", "0001-01-01", "10000-01-01", "2025-02-30", "2025-12-15T25:61", "a\nb", "\x1b[31m",
    "%s", "{0}",
    "[red]", "[/]", "'; DROP TABLE articles --", "é", "\U0001f600", "\udcff", "x" * 70_000, "http://", "http://[",
    "http://[::1",
    "http://x.example:99999/", "https://x.invalid/a,b", "http://user:secret@x.example/", "ni:///sha-256;x", ".",
    "/nonexistent", "-n", "--limit", "--json", "--rebuild", "--outlet", "--url", "--since", "--until", "--reason",
    "--explain",
    "--input", "--output", "--write", "--nonsense",
]  # fmt: skip
COMMANDS = [
    "", "status", "migrate", "articles", "search", "ingest", "extract", "dedup", "why", "coverage",
    "duplicates explain", "duplicates merge", "duplicates split", "quarantine list", "quarantine show",
    "quarantine replay", "quarantine drop",
    "hosts list", "hosts open", "seed-site", "outlet check", "db",
    "alarms", "alarms acknowledge", "alarms silence", "nonsense",
]  # fmt: skip
NAMES = ["limit", "since", "until", "urls", "full", "run_id", "requested_by", "url", "nonsense"]


def arguments_of_warta(random_: random.Random) -> list[str]:
    return [*random_.choice(COMMANDS).split(), *random_.choices(WORDS, k=random_.randrange(4))]


def arguments_of_crawl(random_: random.Random) -> list[str]:
    given = []
    for _ in range(random_.randrange(1, 4)):
        given += ["-a", f"{random_.choice(NAMES)}={random_.choice(WORDS)}"]
    if random_.random() < 0.3:
        name = random_.choice(["LOG_LEVEL", "CONCURRENT_REQUESTS", "DOWNLOAD_DELAY", "JOBDIR", "ROBOTSTXT_OBEY"])
        given += ["-s", f"{name}={random_.choice(WORDS)}"]
    return [random_.choice(["seed", "news", "example_pst", "inews"]), *given]


def environment(random_: random.Random, dsn: str) -> dict[str, str]:
    odd = [
        dsn, "host=127.0.0.1 port=1", "postgresql://u:TOPSECRET%ZZ@h/d", "postgresql://u:TOP SECRET@h/d",
        "TOPSECRET", "=",
        "host='TOPSECRET", "service=nonsense", make_conninfo(dsn, options="-c default_transaction_read_only=on"),
    ]  # fmt: skip
    return {"WARTA_DSN": random_.choice(odd)}


def called(arguments: list[str], variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Call `warta` in this process; return its exit code, and what it printed."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with monkeypatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["warta", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"not json\n{}\n[1]\n")))
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    for stream in (out, err):
        stream.flush()
    return code, out.buffer.getvalue().decode(errors="replace") + err.buffer.getvalue().decode(errors="replace")


def test_400_generated_calls_of_warta_end_in_a_documented_code_without_a_traceback(dsn, monkeypatch, tmp_path):
    random_, faults = random.Random(14), []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("typer.main.get_command", cache(typer.main.get_command))  # which takes longer than most calls
    for _ in range(400):
        arguments, variables = arguments_of_warta(random_), environment(random_, dsn)
        code, said = called(arguments, variables, monkeypatch)
        if code not in CODES or TRACEBACK.search(said) or "TOPSECRET" in said or "SECRET@" in said:
            faults.append((arguments, variables, code, said[-500:]))

    assert faults == []


def crawl_in_this_process(
    arguments: list[str], variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str]:
    """Check the arguments of `scrapy crawl` as it does before it starts anything; return its exit code and its line."""
    import argparse

    from scrapy.exceptions import UsageError
    from scrapy.settings import Settings

    from scrapers.commands.crawl import Command

    command = Command()
    command.settings = Settings()
    command.settings.setmodule("scrapers.settings")
    parser = argparse.ArgumentParser(conflict_handler="resolve", exit_on_error=False)
    command.add_options(parser)
    err = io.StringIO()
    with monkeypatch.context() as patch, contextlib.redirect_stderr(err):
        patch.setattr(sys, "excepthook", sys.excepthook)
        for name, value in variables.items():
            patch.setenv(name, value)
        try:
            options, rest = parser.parse_known_args(arguments)
            command.process_options(rest, options)
        except SystemExit as end:
            return int(end.code or 0), err.getvalue()
        except (UsageError, argparse.ArgumentError):  # Scrapy prints it, and ends with 2
            return 2, err.getvalue()
    return 0, err.getvalue()


def test_200_generated_calls_of_scrapy_crawl_are_refused_in_a_line_or_start(dsn, monkeypatch):
    random_, faults = random.Random(14), []
    for _ in range(200):
        arguments, variables = arguments_of_crawl(random_), environment(random_, dsn)
        code, said = crawl_in_this_process(arguments, variables, monkeypatch)
        if code not in CODES or TRACEBACK.search(said) or "TOPSECRET" in said or len(said) > 1500:
            faults.append((arguments, variables, code, said[-500:]))

    assert faults == []


CALLS = [
    (["scrapers", "migrate"], {}, "read-only", 3, "takes no writes"),
    (["scrapers", "ingest", "seeds"], {}, "read-only", 3, "takes no writes"),
    (["scrapers", "dedup", "--rebuild"], {}, "read-only", 3, "takes no writes"),
    (["scrapers", "migrate"], {}, "reader", 3, "may not"),
    (["scrapers", "articles"], {"PYTHONIOENCODING": "ascii"}, "", 0, ""),
    (["scrapers", "articles"], {"LANG": "C", "LC_ALL": "C"}, "", 0, ""),
    (["scrapers", "status"], {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "", 7, ""),
    (["scrapers", "db", "start"], {"WARTA_HOME": "d$HOME"}, "", 2, "choose another folder"),
    (["scrapers", "db", "psql"], {"WARTA_DSN": "postgresql://u:TOP%ZZSECRET@h/d"}, "", 3, "no connection string"),
    (["scrapy", "crawl", "seed"], {"WARTA_DSN": "postgresql://u:TOP%ZZSECRET@h/d"}, "", 3, "no connection string"),
    (["scrapy", "crawl", "seed"], {}, "read-only", 3, "takes no writes"),
    (["scrapy", "crawl", "seed"], {"WARTA_SEED_SITE": "http://www.inews.localhost:1"}, "", 4,
    "warta seed-site serve"),
    (["scrapy", "crawl", "seed", "-a", "until=9999-12-31"], {}, "", 2, "in no year from 1900 to 2199"),
    (["scrapy", "crawl", "seed", "-a", f"limit={'9' * 5000}"], {}, "", 2, "no number of pages"),
    (["scrapy", "crawl", "seed", "-s", "CONCURRENT_REQUESTS=many"], {}, "", 2, "give a number"),
    (["scrapy", "crawl", "seed", "-s", "LOG_LEVEL=LOUD"], {}, "", 2, "LOG_LEVEL"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "variables", "database", "code", "said"), CALLS, ids=[
    " ".join([*call, *variables, database])[:60] for call, variables, database, *_ in CALLS
])  # fmt: skip
def test_a_call_ends_as_users_are_told(
    commands: Commands, dsn, cluster, tmp_path, call, variables, database, code, said
):
    how = {
        "read-only": make_conninfo(dsn, options="-c default_transaction_read_only=on"),
        "reader": make_conninfo(dsn, options="-c role=warta_reader"),
        "": dsn,
    }
    if database == "reader":  # which has all to do
        cluster.create_database("empty")
        how["reader"] = make_conninfo(cluster.dsn("empty"), options="-c role=warta_reader")
    if "WARTA_HOME" in variables:
        variables = {"WARTA_HOME": str(tmp_path / variables["WARTA_HOME"])}
    commands.environment |= {"WARTA_DSN": how[database], **variables}

    ended = commands.run(*call)

    assert ended.code == code, ended.err
    assert said in ended.last_line
    assert "SECRET" not in ended.out + ended.err
    assert not TRACEBACK.search(ended.out + ended.err)


def test_output_for_people_is_whole_in_ascii_and_json_stays_json(commands: Commands, database: psycopg.Connection):
    commands.crawl("seed")
    database.execute("UPDATE articles SET headline = 'Kapal “Émile” \U0001f600'")
    commands.environment["PYTHONIOENCODING"] = "ascii"

    shown = commands.warta("articles")
    url = database.execute("SELECT url FROM pages LIMIT 1").fetchone()
    told = commands.warta("why", url[0], "--json")

    assert (shown.code, told.code) == (0, 0), shown.err + told.err
    assert r"\u201c\xc9mile\u201d" in shown.out
    assert __import__("json").loads(told.out)["page"]["url"] == url[0]


def test_tables_are_lines_that_no_pipe_wraps(commands: Commands, database: psycopg.Connection):
    commands.crawl("seed")
    database.execute("UPDATE articles SET headline = repeat('kata ', 60)")
    commands.environment |= {"COLUMNS": "40", "TERM": "xterm-256color", "FORCE_COLOR": ""}

    lines = commands.warta("articles").out.splitlines()

    assert len([line for line in lines if "kata " * 50 in line]) == len(lines) - 2
    assert "\x1b" not in "".join(lines)


def test_a_full_disk_under_standard_output_is_one_line(commands: Commands, tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    import subprocess

    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "scrapers", "articles"],
            env={**os.environ, **commands.environment},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
