from pathlib import Path

import pytest

from tests.conftest import Commands

NOTHING_TO_DO = """
import sys
from scrapers.dedup.incremental import deduplicate
assert set(deduplicate().values()) == {0}
assert not {"numba", "numpy"} & sys.modules.keys()
"""


def test_dedup_with_nothing_to_do_loads_nothing_that_takes_a_second(commands: Commands):
    process = commands.start_script(NOTHING_TO_DO)
    _, err = process.communicate(timeout=120)

    assert process.returncode == 0, err


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
