from datetime import date

import pytest

from scrapers.discovery.traps import trap

TODAY = date(2025, 12, 15)
SITE = "https://www.example.com"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/a/" + "b" * 2000, "url_length"),
        ("/" + "/".join(f"folder{n}" for n in range(17)), "depth"),
        ("/arsip/lama/arsip/lama/arsip/lama/berita-warga-desa", "repetition"),
        ("/news/news/news/berita-warga-desa", "repetition"),
        ("/berita?" + "&".join(f"p{n}={n}" for n in range(11)), "query"),
        ("/agenda/2027/01/01/acara-warga-desa", "calendar"),
        ("/agenda/2999-12", "calendar"),
        ("/agenda/1066/10/14/battle-of-hastings-begins", "calendar"),
    ],
)
def test_address_of_a_trap_is_told_by_its_look(path, reason):
    assert trap(SITE + path, TODAY) == reason


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/read/2025/12/15/090000/warga-desa-membangun-jembatan",
        "/2011/11/11/11/berita-warga-desa",
        "/news/nasional/news/berita-warga-desa",
        "/berita/2026/11/20/agenda-tahun-depan",
        "/read/9999/99/nomor-berita",  # no date
        "/d-8260071/warga-desa?single=1",
        "/news/internasional/2003/perang-irak",
        "/berita/1945-08-17/proklamasi",
    ],
)
def test_address_of_an_article_is_none(path):
    assert trap(SITE + path, TODAY) is None
