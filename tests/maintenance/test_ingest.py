import json

import pytest

from scrapers.config import ROOT

DOCUMENT = ROOT / "seeds" / "000_650c3db9ef69406e.txt"
EXPECTED = json.loads((ROOT / "seeds" / "000_650c3db9ef69406e.json").read_text())
SEED_PATH = "/news/internasional/dulu-berperang-kini-amerika-jajaki-kerja-sama-dengan-taliban-lawan-isis-di-afghanistan"
ONLY_ON_THE_PAGE = {"article_section": []}  # and the addresses of the image and of the related articles


def stored(database, outlet):
    columns = "image_url, image_caption, image_credit_text, date_published, date_modified, " + ", ".join(
        name for name in EXPECTED if name not in ("image", "date_published", "date_modified")
    )
    cursor = database.execute(
        f"SELECT {columns} FROM articles WHERE outlet = %s AND headline = %s", [outlet, EXPECTED["headline"]]
    )
    row = dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
    row["image"] = {name: row.pop(f"image_{name}") for name in ("url", "caption", "credit_text")}
    return row


def without_addresses(article):
    related = [card | {"url": None} for card in article["related"]]
    return article | {"image": article["image"] | {"url": None}, "related": related}


def test_seed_document_gives_the_article_beside_it(commands, database, balance):
    result = commands.warta("ingest", str(DOCUMENT))

    assert result.code == 0, result.err
    assert stored(database, "inews") == EXPECTED


def test_seed_document_and_the_same_page_on_the_web_give_the_same_article(commands, site, database, balance):
    commands.warta("ingest", str(DOCUMENT))
    commands.crawl("seed", "-a", f"urls={site.address}{SEED_PATH}")

    document, page = stored(database, "inews"), stored(database, "seed")

    assert without_addresses(page) | ONLY_ON_THE_PAGE == document
    assert page["article_section"] == ["News", "Internasional"]


def test_document_given_again_is_unchanged_and_makes_no_second_article(commands, database, balance):
    commands.warta("ingest", str(DOCUMENT))

    result = commands.warta("ingest", str(DOCUMENT.parent))

    assert result.out.startswith("unchanged")
    assert database.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert database.execute("SELECT count(*) FROM revisions").fetchone() == (1,)


def test_document_comes_from_standard_input_too(commands, database, balance):
    result = commands.warta("ingest", "-", stdin=DOCUMENT.read_text())

    assert result.code == 0, result.err
    assert stored(database, "inews") == EXPECTED


def test_document_with_its_address_is_the_article_of_that_page(commands, database, balance):
    commands.warta("ingest", str(DOCUMENT), "--url", f"https://www.inews.id{SEED_PATH}/all?utm_source=wa")

    assert database.execute("SELECT canonical_url FROM articles").fetchone() == (f"https://www.inews.id{SEED_PATH}",)


@pytest.mark.parametrize("content", [b"", b"   \n\n", b"\xff\xfe\x00 not text"])
def test_document_without_an_article_is_kept_and_its_neighbours_are_stored(
    commands, database, balance, tmp_path, content
):
    (tmp_path / "bad.txt").write_bytes(content)
    (tmp_path / "good.txt").write_bytes(DOCUMENT.read_bytes())

    result = commands.warta("ingest", str(tmp_path))

    assert result.code == 0, result.err
    assert balance()["stored"] == 1
    assert sum(balance().values()) == 2
    assert "bad.txt" in result.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.txt"], "nowhere.txt cannot be read: No such file or directory"),
        ([str(DOCUMENT), "--outlet", "inewz"], "did you mean 'inews'?"),
        ([str(DOCUMENT), str(DOCUMENT), "--url", "https://www.inews.id/a"], "--url names one page"),
    ],
)
def test_wrong_argument_is_said_in_one_line(commands, arguments, said):
    result = commands.warta("ingest", *arguments)

    assert result.code == 2
    assert said in result.err
    assert len(result.err.strip().split("\n")) == 1
