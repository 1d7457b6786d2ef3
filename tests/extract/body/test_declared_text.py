import pytest

from benchmarks.extract import ANY_SITE
from scrapers.extract.body.article_body import find_body
from scrapers.extract.body.density import ArticleHints
from scrapers.extract.dom.tree import parse
from scrapers.extract.page import Page

STORY = (
    "Harga beras di tingkat petani turun menjadi Rp6.200 per kilogram sejak awal pekan ini, kata dinas pertanian.",
    "Penurunan itu terjadi karena panen raya berlangsung serentak di empat kabupaten sekaligus pada pekan yang sama.",
    "Pemerintah daerah berjanji membeli gabah petani sebelum harganya jatuh lebih dalam lagi pada bulan depan.",
    "Bupati meminta para tengkulak tidak mengambil untung dari keadaan itu, dan mengancam akan mencabut izin mereka.",
    "Warga menyambut janji itu dengan gembira, tetapi masih menunggu kapan gudang-gudang itu benar-benar dibuka.",
)
OTHER = "Langganan Anda sedang dipakai di perangkat lain, dan hanya satu perangkat dapat membaca pada satu waktu."
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in STORY)


def body(html, declared):
    root = parse(Page(url="https://kabar.example/berita", body=f"<article>{html}</article>".encode()))
    found = find_body(root, ANY_SITE, ArticleHints(text=declared))
    return found.value if found else None


def test_what_follows_the_end_of_the_declared_text_is_left_out():
    assert body(f"{PARAGRAPHS}<p>{OTHER}</p>", " ".join(STORY)) == STORY


def test_paragraph_of_another_element_that_the_declared_text_lacks_is_left_out():
    assert body(f"{PARAGRAPHS}<div><div>{OTHER}</div></div><p>{STORY[0]}</p>", " ".join(STORY)) == (*STORY, STORY[0])


def test_paragraph_beside_declared_ones_stays_as_some_texts_lack_a_few():
    assert body(f"<p>{STORY[0]}</p><p>{OTHER}</p>{PARAGRAPHS}", " ".join(STORY)) == (STORY[0], OTHER, *STORY)


def test_standfirst_stays_though_few_texts_declare_it():
    assert body(f"<header><p>{OTHER}</p></header>{PARAGRAPHS}", " ".join(STORY)) == (OTHER, *STORY)


@pytest.mark.parametrize(
    "declared",
    [" ".join(STORY)[:250], "Teks yang sama sekali lain. " * 30, " ".join(STORY)[:-40], None],
    ids=["teaser", "another text", "cut to a length", "none"],
)
def test_nothing_is_left_out_for_a_declared_text_that_is_not_the_whole_story(declared):
    assert body(f"{PARAGRAPHS}<p>{OTHER}</p>", declared) == (*STORY, OTHER)


def test_declared_text_may_be_markup_with_entities():
    declared = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in STORY)

    assert body(f"{PARAGRAPHS}<p>{OTHER}</p>", declared) == STORY


def test_declared_text_alone_is_no_witness_of_anything():
    assert body("<p>Video</p>", " ".join(STORY)) is None
