"""Every file that the docs, the README, the code and the tests name is there."""

import re

import pytest

from scrapers.config import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
DOCS = [*PAGES, *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)")
PATH = re.compile(r"(?<![\w./-])((?:scrapers|tests|dags|docs|docker|benchmarks|scripts|seeds|contrib)/[\w./*-]*[\w*/])")
FILE = re.compile(r"`([\w/]+\.(?:py|sql|tsv))`")  # in a room that the sentence or the table names
ROOMS = "commands|crawl|dedup|discovery|extract|fetch|maintenance|monitor|pipelines|publish|spiders|storage"
DOTTED = re.compile(rf"`((?:{ROOMS})\.(?!py\b)[\w.]+)`")  # a module below scrapers/, or a name in it
SOURCES = ["scrapers", "dags", "tests", "benchmarks", "scripts", "contrib", "docker"]
FAULTS = ROOT / "docs" / "reference" / "faults.md"


def name(path):
    return str(path.relative_to(ROOT))


def anchor(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def without_examples(text):
    """Return the text without what stands for a name of the reader's."""
    return re.sub(r"\S*example_post\S*", "", text)


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_links_lead_somewhere(page):
    for path, heading in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if heading:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in map(anchor, headings), f"{path}#{heading}"


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_paths_that_a_page_names_are_there(page):
    missing = {
        path for path in PATH.findall(without_examples(page.read_text(encoding="utf-8"))) if not any(ROOT.glob(path))
    }

    assert missing == set()


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_files_that_a_page_names_are_there(page):
    folders = [ROOT / folder for folder in (*SOURCES, "docs")]
    there = [f"/{name(path)}" for folder in folders for path in folder.rglob("*.*")]
    named = FILE.findall(without_examples(page.read_text(encoding="utf-8")))

    assert {file for file in named if not any(path.endswith(f"/{file}") for path in there)} == set()


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_names_in_modules_that_a_page_names_are_there(page):
    assert {dotted for dotted in DOTTED.findall(page.read_text(encoding="utf-8")) if not is_defined(dotted)} == set()


def is_defined(dotted):
    """Return whether a module below scrapers/, or a class, function or method in it, has this name."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath("scrapers", *parts[:length])
        if path.is_dir() and length == len(parts):
            return True
        if (module := path.with_suffix(".py")).is_file():
            text = module.read_text(encoding="utf-8")
            return all(re.search(rf"(?:class|def) {part}\b", text) for part in parts[length:])
    return False


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / path).resolve() for path, _ in LINK.findall(index.read_text(encoding="utf-8"))}

    assert {page for page in DOCS if page.is_relative_to(ROOT / "docs")} - linked == {index}


def test_docs_that_code_and_tests_name_are_there():
    files = [
        path for folder in SOURCES for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".sql", ".tmpl")
    ]
    files += [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "docker-compose.yml", ROOT / ".env.example"]
    named = {
        (path, name(file))
        for file in files
        if "migrations" not in file.parts  # which are never edited
        for path in re.findall(r"(?<![\w./])docs/[\w/-]+\.md", file.read_text(encoding="utf-8"))
    }

    assert {(path, file) for path, file in named if not (ROOT / path).exists()} == set()


def test_tests_that_show_a_fault_are_there():
    faults = FAULTS.read_text(encoding="utf-8")
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tests = re.findall(r"def (test_\w+)", written)

    files = set(re.findall(r"T:([\w/]+\.py)", faults))
    assert {file for file in files if not (ROOT / "tests" / file).exists()} == set()
    patterns = re.findall(r"`(…[^`]+)`", faults)
    unmatched = {
        pattern
        for pattern in patterns
        if not any(re.search(pattern.strip("…").replace("…", ".*"), test) for test in tests)
    }
    assert unmatched == set()
