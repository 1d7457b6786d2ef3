from pathlib import Path

import pytest

from scrapers.dedup.incremental import COUNTED
from tests.conftest import Commands

NOTHING_TO_DO = """
import sys
sys.argv = ["warta", "dedup"]
from scrapers.__main__ import main
main()
heavy = {"numba", "numpy", "typer", "pydantic", "rich", "scrapy", "scrapers.dedup.batch", "scrapers.cli"}
print(sorted(heavy & sys.modules.keys()), len(sys.modules) < 450)
"""


def test_dedup_with_nothing_to_do_says_so_and_loads_nothing_that_takes_long(commands: Commands):
    commands.forks = False  # a forked one has loaded everything

    process = commands.start_script(NOTHING_TO_DO)
    out, err = process.communicate(timeout=120)

    *counts, loaded = out.splitlines()
    assert process.returncode == 0, err
    assert counts == [f"{0:8d}  {name}" for name in COUNTED]
    assert loaded == "[] True"


@pytest.mark.proof
def test_what_was_compiled_while_airflow_started_is_all_that_the_first_dedup_needs(commands: Commands, tmp_path: Path):
    commands.environment["NUMBA_CACHE_DIR"] = str(tmp_path / "cache")
    commands.crawl("seed")
    warmed = commands.run("scrapers.local.warm_up")
    before = set((tmp_path / "cache").rglob("*.nbc"))

    ended = commands.warta("dedup")

    assert (warmed.code, ended.code) == (0, 0), warmed.err + ended.err
    assert before
    assert set((tmp_path / "cache").rglob("*.nbc")) == before
