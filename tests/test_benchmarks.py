import gzip
import json
import re

import pytest

from benchmarks import discovery, extract


def test_extraction_is_measured_on_the_saved_pages(capsys):
    extract.main()

    table = capsys.readouterr().out
    assert "warta" in table
    assert "× parse" in table
    assert re.search(r"metadata [0-9.]+ × parse; pages of 150 KB of a declared outlet [0-9.]+ × parse", table)
    assert re.search(r"peak memory [1-9][0-9]* MB", table)


def test_packed_pages_with_their_answers_are_read(tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    (case / "page.html.gz").write_bytes(gzip.compress(b"<p>Isi"))
    (case / "gold.json").write_text(json.dumps({"url": "https://a.example/", "body": "Isi", "published": "2026-03-08"}))

    found = list(extract.cases(tmp_path))

    assert found == [extract.Case("https://a.example/", b"<p>Isi", extract.Answer("Isi", None, "2026-03-08"))]


def test_folder_without_pages_says_what_is_wanted(tmp_path):
    with pytest.raises(SystemExit, match="has no pages with a body asserted"):
        extract.main(tmp_path)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a b c d e", (1.0, 1.0, 1.0)), ("a b c d", (1.0, 0.5, pytest.approx(2 / 3))), ("", (0.0, 0.0, 0.0))],
)
def test_bodies_are_compared_by_runs_of_four_words(given, expected):
    assert extract.body_scores("a b c d e", given) == expected


@pytest.mark.slow
def test_discovery_is_measured_on_a_site_of_sitemaps_and_a_second_look_costs_next_to_nothing(capsys):
    discovery.main(3000)

    table = capsys.readouterr().out
    assert re.search(r"new in the ledger\W+3,000\W+0\b", table)
    assert re.search(r"requests\W+4\W+2\b", table)  # (robots.txt,) the index, (the sitemap,) one page
    assert "runs that the ledger does not account for: 0" in table
