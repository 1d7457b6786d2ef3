import gzip
import json
import subprocess
import sys

import pytest

from scrapers.errors import NotAnArticle, UsageError
from scrapers.maintenance.extract_pages import answers, articles_in, rules_for

URL = "https://www.kabarkota.example/news/x"
SENTENCE = "Warga memperbaiki saluran air di lima kelurahan sejak pagi hingga petang, kata camat setempat. "
PAGE = (
    "<html lang=id><head><meta property='og:title' content='Saluran Air Diperbaiki Warga'>"
    "<meta name=author content='Ratna Wulandari'><meta name=pubdate content=2026-03-08></head>"
    f"<body><h1>Saluran Air Diperbaiki Warga</h1><article><p>{SENTENCE * 3}</p><p>{SENTENCE * 3}</p></article>"
)


@pytest.fixture
def saved(tmp_path):
    """Save a page; return its path."""

    def save(body=PAGE, name="page.html"):
        path = tmp_path / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        return path

    return save


def job(path, url=URL):
    return json.dumps({"path": str(path), "url": url}) + "\n"


@pytest.mark.parametrize("pack", [str.encode, lambda page: gzip.compress(page.encode())], ids=["plain", "gzip"])
def test_batch_answers_a_page_in_the_words_of_benchmarks(saved, pack):
    [answer] = answers([job(saved(pack(PAGE)))])

    result = answer["result"]
    assert answer["ok"] is True
    assert (result["title"], result["authors"]) == ("Saluran Air Diperbaiki Warga", ["Ratna Wulandari"])
    assert result["published"] == "2026-03-08"
    assert result["body"] == "\n\n".join([(SENTENCE * 3).strip()] * 2)
    assert answer["wall"] > 0
    assert answer["cpu"] > 0


def test_batch_goes_on_after_every_page_that_it_cannot_read(saved, tmp_path):
    lines = [
        "no json\n",
        "\n",
        job(tmp_path / "missing.html"),
        job(tmp_path),
        job(saved("", "empty.html")),
        job(saved(b"\x1f\x8bnot gzip", "broken.gz")),
        job(saved("<div>" * 100_000, "deep.html")),
        job(saved(), url="http://[not-an-address"),
        job(saved()),
    ]

    given = list(answers(lines))

    assert [answer["ok"] for answer in given] == [False] * 7 + [True]
    assert all(answer["error"] for answer in given[:-1])


def test_batch_says_what_it_found_of_a_page_that_is_no_article(saved):
    [answer] = answers([job(saved("<title>Indeks Berita Hari Ini</title><a href=/x>Judul</a>"))])

    assert (answer["ok"], answer["result"]["is_article"]) == (True, False)
    assert (answer["result"]["title"], answer["result"]["body"]) == ("Indeks Berita Hari Ini", "")


def test_explanation_gives_value_rule_and_raw_text_and_what_other_rules_said(saved):
    [explained] = articles_in([str(saved())], URL, explain=True)

    headline = {"value": "Saluran Air Diperbaiki Warga"}
    assert explained["headline"] == headline | {
        "rule": "meta:og:title",
        "others": [headline | {"rule": "css:h1"}],
    }
    assert explained["date_published"]["rule"] == "meta:pubdate"
    assert explained["date_published"]["raw"] == "2026-03-08"
    assert explained["date_line"] == {"value": None}


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        next(articles_in([str(tmp_path / "x.html")], URL))


def test_page_without_an_article_says_so(saved):
    with pytest.raises(NotAnArticle, match="has no"):
        next(articles_in([str(saved("<p>halo"))], URL))


def test_page_of_a_declared_outlet_is_read_by_its_rules():
    assert rules_for("https://jabar.inews.id/berita/x").publisher == "iNews.id"
    assert rules_for("https://notinews.id/x").publisher is None


def test_command_reads_standard_input():
    command = [sys.executable, "-c", "from scrapers.cli.commands import main; main()", "extract", "--url", URL]

    ran = subprocess.run(command, input=PAGE.encode(), capture_output=True, timeout=60, check=True)

    article = json.loads(ran.stdout)
    assert article["headline"] == "Saluran Air Diperbaiki Warga"
    assert article["provenance"]["author"] == "meta:author"


def test_command_fetches_an_address_beside_a_saved_page(commands, site, saved):
    address = next(url for url in site.articles() if "/techno/" in url)

    ran = commands.warta("extract", address, str(saved()))

    fetched, rest = json.JSONDecoder().raw_decode(ran.out)
    assert (fetched["outlet"], fetched["url"]) == ("seed", address)
    assert json.loads(ran.out[rest:])["headline"] == "Saluran Air Diperbaiki Warga"


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("/news/tidak-ada", 4, "HTTP 404"),
        ("/private/x", 5, "robots.txt forbids it"),
    ],
)
def test_address_that_gives_no_page_is_one_line_and_an_exit_code(commands, site, target, code, said):
    ran = commands.warta("extract", site.address + target)

    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert said in ran.err


def test_address_on_this_machine_is_refused(commands, faults):
    ran = commands.warta("extract", f"http://127.0.0.1:{faults.port}/fault/article")

    assert ran.code == 4
    assert "address guard" in ran.err
    assert faults.requests == []


def test_what_is_no_address_is_named(commands):
    ran = commands.warta("extract", "https://[not-an-address/x")

    said = "'https://[not-an-address/x' is no site: give its address, such as https://www.example.com"
    assert (ran.code, ran.last_line) == (2, f"warta: {said}")
