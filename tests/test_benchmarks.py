import gzip
import json
import re

import pytest

from benchmarks import dedup, dedup_postgres, discovery, extract, search, snapshots
from benchmarks.dedup_corpus import corpus


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
    # the index, the sitemap (asked once more, as it did not confirm its lastmod yet), one page; first robots.txt too
    assert re.search(r"requests\W+4\W+[23]\b", table)
    assert "runs that the ledger does not account for: 0" in table


def test_deduplication_is_scored_beside_libraries_and_one_that_is_missing_is_named(capsys, monkeypatch, tmp_path):
    (tmp_path / "rensa.py").write_text("raise ImportError('rensa is not for this machine')")
    monkeypatch.syspath_prepend(tmp_path)

    dedup.main("300", among=50)

    told = capsys.readouterr().out
    assert re.search(r"warta\W+1\.0000\W+0\.[89][0-9]+\W+0\.9[0-9]+\W+1\b", told)
    assert "rensa is left out: rensa is not for this machine" in told


@pytest.mark.parametrize(("each", "expected"), [((2.0, 2.0, 2.0), 1.0), ((1.0, 10.0, 100.0), 2.0)])
def test_cost_of_corpora_grows_with_their_size(each, expected):
    costs = dict(zip((100, 1_000, 10_000), each, strict=True))

    assert dedup_postgres.growth(costs) == pytest.approx(expected)


@pytest.mark.slow
def test_deduplication_is_measured_and_scored_on_labelled_articles_beside_stored_ones(capsys, tmp_path):
    rows = [*corpus(300, seed=3)]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows))

    dedup_postgres.main([100], [str(labelled), "150"], among=50)

    told = capsys.readouterr().out
    assert re.search(
        r"350 labelled articles:\n +100 stored: [0-9.]+ ms an article .* [1-9][0-9]* near-duplicates", told
    )
    assert "200 labelled articles:" in told
    assert re.search(r"precision 1\.0000, recall 0\.[89][0-9]+, F1 0\.9[0-9]+, 1 stories in the worst cluster", told)
    assert re.search(r"CPU seconds grow with the articles to the power of -?[0-9.]+", told)  # of so few, chance decides


@pytest.mark.slow
def test_search_is_measured_by_kind_with_what_storing_costs(capsys, monkeypatch):
    monkeypatch.setattr(search, "VOCABULARY", 20_001)
    monkeypatch.setattr(search, "STORED", 16)
    monkeypatch.setattr(search, "SEARCHES", 6)
    monkeypatch.setattr(search, "ROUNDS", 2)

    search.main([200, 400])

    told = capsys.readouterr().out
    assert re.search(r"200 articles: [1-9][0-9,]+ bytes an article", told)
    assert all(re.search(rf"(newest|best) +{kind} +p50 +[0-9.]+ +p95", told) for kind in search.KINDS)
    assert re.search(r"storing: [0-9.]+ ms an article, [0-9.]+ without search", told)
    assert re.search(r"to the power of -?[0-9.]+", told)


def test_raw_pages_are_measured_by_host(tmp_path, capsys):
    markup = "".join(f"<li><a href='/{number * 7919}'>Menu {number}</a>" for number in range(200))
    for number in range(7):
        page = {"url": f"https://a.example/{number}", "article_body": ["Isi"]}
        (tmp_path / f"{number}.html").write_text(f"{markup}<p>Berita nomor {number}")
        (tmp_path / f"{number}.json").write_text(json.dumps(page))

    snapshots.main(tmp_path)

    table = capsys.readouterr().out
    assert "1 hosts" in table
    assert re.search(r"level 9, 4 pages\W+0\.[0-2]", table)


def test_folder_with_few_pages_a_host_says_so(tmp_path):
    (tmp_path / "a.html").write_text("<p>Isi")
    (tmp_path / "a.json").write_text(json.dumps({"url": "https://a.example/", "article_body": ["Isi"]}))

    with pytest.raises(SystemExit, match="has no host with 6 pages"):
        snapshots.main(tmp_path)
