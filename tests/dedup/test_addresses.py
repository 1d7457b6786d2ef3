import csv

import pytest

from scrapers.config import ROOT
from scrapers.dedup.addresses import article_key, outlet_id

ADDRESSES = ROOT / "tests" / "fixtures" / "addresses.tsv"  # pairs, made by hand from what is known of the sites


def test_addresses_of_an_article_are_told_from_those_of_another(capsys):
    with ADDRESSES.open(newline="") as file:
        pairs = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    said = [(is_same_article(pair["url_a"], pair["url_b"]), pair["same"] == "1") for pair in pairs]
    hits, found, true = said.count((True, True)), sum(s for s, _ in said), sum(t for _, t in said)

    precision, recall = hits / found, hits / true

    with capsys.disabled():
        print(  # noqa: T201 - the figures are what the table is for
            f"\n{len(pairs)} pairs of addresses, {true} the same: precision {precision:.4f}, recall {recall:.4f}"
        )
    assert len(pairs) >= 1000
    assert min(true, len(pairs) - true) >= 500
    assert precision >= 0.999
    assert recall >= 0.99


def is_same_article(one, other):
    """Return whether two addresses belong to one article by what deduplication compares: their keys, or their ids."""
    return article_key(one) == article_key(other) or outlet_id(one) == outlet_id(other) is not None


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://news.detik.com/berita/d-8171909/judul-lama?single=1", ("detik", "8171909")),
        ("https://m.tribunnews.com/amp/regional/7801122/judul-berita", ("tribunnews", "7801122")),
        ("https://tasikmalaya.inews.id/read/502735/payung-geulis/all", ("inews", "tasikmalaya/502735")),
        ("https://republika.co.id/berita/olnkwx282/judul-berita", ("republika", "olnkwx282")),
        ("https://www.inews.id/news/nasional/judul-tanpa-nomor-sama-sekali", None),
        ("https://www.example.com/berita/d-8171909/judul", None),
    ],
)
def test_outlets_own_id_is_read_from_the_address_as_the_outlet_declares_it(url, found):
    assert outlet_id(url) == found


def test_lists_of_an_outlet_that_ignores_the_query_of_articles_keep_theirs():
    assert article_key("https://www.viva.co.id/indeks?page=2") != article_key("https://www.viva.co.id/indeks?page=3")
