from datetime import UTC, datetime

import pytest

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules


def read(html, url="https://k.example/2026/03/08/kabar/"):
    return extract_article(Page(url, html.encode(), None, datetime(2026, 3, 9, tzinfo=UTC)), Rules(outlet="k.example"))


def page_of(title, stamp, text, *, shown="<h1>{}</h1>"):
    main = f"<main>{shown.format(title)}<div class=when>{stamp}</div>{text}</main>"
    return f"<title>{title}</title><body>{main}<footer>© K</footer>"


@pytest.mark.parametrize(
    ("title", "stamp", "text"),
    [
        ("Kapal garam tiba", "8 Maret 2026", "Kapalnya tiba pagi ini."),
        ("塩の船", "2026年3月8日", "船が着いたよ。<br>うれしいな。"),
        ("盐船到港", "2026-03-08", "船今天早上到了码头。"),
        ("소금 배 도착", "2026.03.08", "오늘 아침에 배가 왔다."),
        ("เรือเกลือ", "8/3/2026", "เรือมาถึงเช้านี้"),
    ],
)
def test_post_of_a_sentence_below_its_headline_and_date_is_an_article(title, stamp, text):
    article = read(page_of(title, stamp, f"<img src=x.jpg><p>{text}</p>"))

    assert " ".join(article.article_body) == text.replace("<br>", " ")


def test_post_of_photos_has_their_captions_as_its_body():
    captions = "<ul><li>R1 [pelabuhan]</li><li>R2 [gudang garam]</li><li>R3 [menara]</li></ul>"

    assert len(read(page_of("Kota pelabuhan", "8 Mar 2026", f"<img src=x.jpg>{captions}")).article_body) == 3


def test_headline_of_a_post_is_not_the_site_which_its_title_names():
    brand = "<body><nav><a href='/'>Buku harian</a></nav>"
    page = page_of("Buku harian", "2026.03.08", "<p>Kapalnya tiba pagi ini.</p>", shown="<p class=title>Minggu 10</p>")

    article = read(page.replace("<body>", brand))

    assert (article.headline, article.article_body) == ("Minggu 10", ("Kapalnya tiba pagi ini.",))


@pytest.mark.parametrize(
    "html",
    [
        page_of("Kapal garam tiba", "", "<p>Kapalnya tiba pagi ini.</p>"),  # no date
        page_of("Kapal garam tiba", "8 Maret 2026", ""),
        page_of("Kapal garam tiba", "8 Maret 2026", "<video src=x></video>"),
        page_of("Kapal garam tiba", "8 Maret 2026", "<p><a href=/y>Kapal lain yang juga tiba</a></p>"),
        page_of("Kabar", "", "<ul>" + "<li><a href=/y>Kapal garam tiba di kota</a> 8 Maret 2026</li>" * 5 + "</ul>"),
        page_of(
            "Kabar",
            "8 Maret 2026",
            "<div><a href=/y>Kapal garam tiba di kota</a> 08-03</div>" * 3,
        ),
        page_of(
            "Kabar",
            "8 Maret 2026",
            "<p>Semua kabar dari kota.</p>" + "<p>7 Maret 2026</p><h3><a href=/y>Kapal tiba</a></h3>" * 3,
        ),
    ],
)
def test_shell_video_and_list_are_none(html):
    with pytest.raises(NotAnArticle):
        read(html, "https://k.example/kabar")
