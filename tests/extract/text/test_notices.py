import time

import pytest

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules
from scrapers.extract.text.notices import is_notice, is_notice_sentence

LONG = ("Kepala desa mengatakan jembatan itu dibangun warga secara gotong royong selama tiga bulan penuh. ",) * 12


@pytest.mark.parametrize("text", [
    "Halaman tidak ditemukan", "Page not found", "404", "404 - Page Not Found", "Page Not Found (404)", "410 Gone",
    "Maaf, halaman yang Anda cari tidak dapat ditemukan.", "Mohon maaf, artikel yang Anda cari sudah tidak tersedia.",
    "Artikel ini telah dihapus", "Berita ini telah ditarik karena tidak sesuai kaidah.", "Artikel Telah Dihapus",
    "Atas permintaan narasumber, berita ini telah kami hapus.", "Redaksi telah mencabut artikel ini.",
    "This article has been removed at the request of those concerned.", "This content isn\u2019t available right now.",
    "At the request of the family, this story has been taken down.", "The editors have removed this article.",
    "Oops! That page can\u2019t be found.", "We couldn't find the page you were looking for.",
    "The requested URL was not found on this server.", "The article you are trying to reach does not exist.",
])  # fmt: skip
def test_notice_says_that_its_page_is_not_there(text):
    assert is_notice_sentence(text)


@pytest.mark.parametrize("text", [
    "Facebook removed a post by the president", "Kominfo: konten judi telah dihapus", "The page boy who was not found",
    "This article has been updated to correct a name.", "Artikel ini telah tayang di Kabar", "The article was edited",
    "Konten tersebut telah dihapus setelah viral selama tiga hari di media sosial dan menuai kecaman warganet luas.",
    "404 people lost their homes in the flood", "Polisi Cari Korban yang Belum Ditemukan",
    "The post office in Wela was removed by crane", "The news that the bridge was gone reached the mayor",
])  # fmt: skip
def test_news_of_something_removed_or_not_found_is_no_notice(text):
    assert not is_notice_sentence(text)


def test_long_story_is_no_notice_whatever_it_begins_with():
    assert not is_notice("Artikel ini telah dihapus", LONG)
    assert is_notice("Jembatan dibangun", ("Artikel ini telah dihapus oleh redaksi.", "Silakan baca berita lain."))


@pytest.mark.parametrize("body", [
    "<h1>Jembatan dibangun warga</h1><p>Artikel ini telah dihapus.</p>",
    "<h1>Halaman tidak ditemukan</h1><p>Maaf.</p>",
])  # fmt: skip
def test_page_that_says_only_that_is_none(body):
    page = Page(url="https://www.example.test/2025/12/01/a-b", body=f"<title>x</title>{body}".encode())

    with pytest.raises(NotAnArticle) as caught:
        extract_article(page, Rules(outlet="x"))

    assert caught.value.reason == "not_found_notice"


@pytest.mark.parametrize("text", ["this page ", "a, ", "halaman yang tidak ", "the page you ", " ", "sorry ", "404 "])
def test_text_made_to_be_slow_is_judged_at_once(text):
    started = time.process_time()

    is_notice(text * 10_000, (text * 10_000,))

    assert time.process_time() - started < 0.2
