"""What docs/reference/ takes from the code is what the code says now."""

import importlib.util

import pytest

from scrapers.config import ROOT
from scrapers.spiders.arguments import KNOWN

SCRIPT = ROOT / "scripts" / "reference.py"


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "reference").glob("*.md")), ids=lambda page: page.stem)
def test_page_is_what_make_reference_writes(reference, page, database):
    text = page.read_text(encoding="utf-8")

    assert text == reference.written(text, database), "run `make reference`"


def test_every_generated_part_stands_on_a_page(reference):
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "reference").glob("*.md"))

    assert {name for _, name, _ in reference.PART.findall(pages)} == {*reference.PARTS, *reference.STORED_PARTS}


def test_every_argument_of_a_crawl_is_described(reference):
    from scrapers.spiders import arguments

    described = {name for names, _ in reference.documented_names(arguments.__doc__) for name in names.split(", ")}

    assert described == set(KNOWN)


def test_every_state_of_a_page_is_described(database):
    constraint = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'pages_state_check'"
    [[check]] = database.execute(constraint).fetchall()
    page = (ROOT / "docs" / "reference" / "states.md").read_text(encoding="utf-8")

    for state in [part for part in check.split("'") if part.isidentifier() and part != "text"]:
        assert f"| `{state}` |" in page
