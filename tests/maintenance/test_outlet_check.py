import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules
from scrapers.maintenance.outlet_check import check_page, repeated, selector_of
from scrapers.spiders import outlet
from tests.conftest import Commands

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
KOMPAS = PAGES / "kompas" / "harga_kedelai_naik.html"
PAGE = Page(
    url="https://surabaya.kompas.com/read/2026/03/04/071500478/harga-kedelai-naik",
    body=KOMPAS.read_bytes(),
    content_type="text/html",
    fetched_at=datetime(2026, 8, 1, tzinfo=UTC),
)
COMMANDS = Commands({"COLUMNS": "250"})


def findings(rules):
    return {finding.field: finding for finding in check_page(PAGE, rules)[1]}


def test_outlet_that_declares_nothing_is_told_what_it_could_declare():
    found = findings(Rules(outlet="any", time_zone="Asia/Jakarta"))

    assert {field: finding.proposed for field, finding in found.items() if finding.proposed} == {
        "headline": ".read__title",
        "author": ".credit-title-name h6",
        "date_published": ".read__time",
        "image": ".photo__wrap img",
        "keywords": ".tag__article__link",
        "article_body": ".clearfix",
    }
    assert found["headline"].rule == "json_ld:NewsArticle.headline"
    assert found["headline"].value == "Harga Kedelai Naik, Perajin Tempe di Malang Kecilkan Ukuran"


def test_nothing_is_proposed_for_a_field_whose_selector_selects_something():
    found = findings(outlet("kompas").rules())

    assert [field for field, finding in found.items() if finding.proposed] == ["keywords"]
    assert (found["headline"].declared, found["headline"].matches) == ("h1.read__title", 1)


def test_selector_that_selects_nothing_is_shown_and_another_is_proposed():
    found = findings(Rules(outlet="any", selectors={"headline": "h1.old"}))

    assert (found["headline"].matches, found["headline"].proposed) == (0, ".read__title")


@pytest.mark.parametrize(
    ("markup", "selector"),
    [
        ('<p class="a"><b class="x">1</b></p>', ".x"),
        ('<p id="a"><b>1</b></p><b>2</b>', "#a b"),
        ('<p class="a"><b class="x">1</b></p><b class="x">2</b>', ".a .x"),
        ('<b class="x">1</b><i class="x">2</i>', "b.x"),
        ('<b class="md:flex 2x x">1</b>', ".x"),
        ('<p id="ad-1234"><b class="x">1</b></p><b class="x">2</b>', None),
        ("<b>1</b><b>2</b>", None),
    ],
)
def test_selector_is_the_shortest_that_selects_just_the_element(markup, selector):
    root = html.document_fromstring(f"<body>{markup}</body>")

    assert selector_of(root, root.xpath("//b")[:1]) == selector


def test_selector_of_several_elements_selects_all_of_them():
    root = html.document_fromstring('<ul class="tags"><li><a>1</a><li><a>2</a></ul><a>3</a>')

    assert selector_of(root, root.xpath("//li/a")) == ".tags a"


def article_page(number, *paragraphs):
    body = "".join(f"<p>Alinea {number}.{n}: warga memperbaiki jalan desa sendiri.</p>" for n in range(3))
    page = Page(
        url=f"https://kabar.example/berita/{number}",
        body=f"<h1>Jalan Desa Nomor {number}</h1><div class=isi>{body}{''.join(paragraphs)}</div>".encode(),
    )
    return page, extract_article(page, Rules(outlet="any", article_body=".isi"))


def test_paragraph_of_half_of_the_pages_is_boilerplate_and_named_with_its_selector():
    app, follow = "<p class=unduh>Unduh aplikasi kami di gawai Anda.</p>", "<p>Ikuti kami di WhatsApp.</p>"
    pages = [article_page(1, app, follow), article_page(2, app), article_page(3, follow), article_page(4)]

    assert repeated(pages) == {
        "Unduh aplikasi kami di gawai Anda.": (2, ".unduh"),
        "Ikuti kami di WhatsApp.": (2, None),
    }


def test_paragraph_of_one_article_that_was_saved_twice_is_no_boilerplate():
    assert repeated([article_page(1), article_page(1), article_page(2)]) == {}


def test_command_shows_each_field_with_its_rule_and_what_could_be_declared():
    result = COMMANDS.warta("outlet", "check", "kompas", str(KOMPAS))

    assert result.code == 0, result.err
    assert "json_ld:NewsArticle" in result.out
    assert "h1.read__title: 1" in result.out
    assert "'keywords': '.tag__article__link'" in result.out


def test_command_writes_what_was_found_beside_the_page_and_never_over_a_file(tmp_path):
    page = Path(shutil.copy(KOMPAS, tmp_path))

    first = COMMANDS.warta("outlet", "check", "kompas", str(page), "--write")
    written = json.loads(page.with_suffix(".json").read_text())
    page.with_suffix(".json").write_text('{"url": "https://www.kompas.com/corrected"}')
    second = COMMANDS.warta("outlet", "check", "kompas", str(page), "--write")

    assert (first.code, second.code) == (0, 0)
    assert written["headline"] == "Harga Kedelai Naik, Perajin Tempe di Malang Kecilkan Ukuran"
    assert written["date_published"] == "2026-03-04T07:15:00+07:00"
    assert json.loads(page.with_suffix(".json").read_text()) == {"url": "https://www.kompas.com/corrected"}
    assert "left as it is" in " ".join(second.out.split())


def test_page_that_is_no_article_is_named_and_the_others_are_still_shown(tmp_path):
    (tmp_path / "list.html").write_text("<h1>Indeks</h1>")

    result = COMMANDS.warta("outlet", "check", "kompas", str(tmp_path / "list.html"), str(KOMPAS))

    assert result.code == 1
    assert "is not an article" in result.out
    assert "json_ld:NewsArticle" in result.out


@pytest.mark.parametrize(("arguments", "said"), [
    (("kompass", str(KOMPAS)), "did you mean 'kompas'"),
    (("kompas", "nowhere.html"), "nowhere.html cannot be read"),
    (("news", str(KOMPAS)), "news has no site of its own"),
    (("kompas", str(KOMPAS), str(KOMPAS), "--url", "https://www.kompas.com/x"), "--url names one page"),
])  # fmt: skip
def test_command_says_in_one_line_what_is_wrong(arguments, said):
    result = COMMANDS.warta("outlet", "check", *arguments)

    assert result.code == 2
    assert said in result.last_line
