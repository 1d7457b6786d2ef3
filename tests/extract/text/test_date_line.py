import time

import pytest

from scrapers.extract.text.date_line import DateLine, split_date_line, split_initials

CNN = frozenset({"cnnindonesia", "vivacoid", "viva", "suaracom"})


@pytest.mark.parametrize(
    ("paragraph", "place", "agency", "rest"),
    [
        ("WASHINGTON, iNews.id - Amerika Serikat (AS) - dan", "WASHINGTON", "iNews.id", "Amerika Serikat (AS) - dan"),
        ("KARAWANG, iNEWSKarawang.id -Puluhan warga", "KARAWANG", "iNEWSKarawang.id", "Puluhan warga"),
        ("SURABAYA, iNewsSurabaya.id – Timnas voli", "SURABAYA", "iNewsSurabaya.id", "Timnas voli"),
        ("BANDUNG BARAT, JABAR, iNews.id — Bupati", "BANDUNG BARAT, JABAR", "iNews.id", "Bupati"),
        ("JAKARTA, KOMPAS.com - Menteri", "JAKARTA", "KOMPAS.com", "Menteri"),
        ("WASHINGTON, iNews.id -", "WASHINGTON", "iNews.id", ""),
        ("TEMPO.CO, Jakarta - Menteri", "Jakarta", "TEMPO.CO", "Menteri"),
        ("REPUBLIKA.CO.ID, JAKARTA -- Menteri", "JAKARTA", "REPUBLIKA.CO.ID", "Menteri"),
        ("Liputan6.com, Jakarta - Menteri", "Jakarta", "Liputan6.com", "Menteri"),
        ("jpnn.com, SURABAYA - Menteri", "SURABAYA", "jpnn.com", "Menteri"),
        ("Metrotvnews.com, Jakarta: Menteri", "Jakarta", "Metrotvnews.com", "Menteri"),
        ("Jakarta (ANTARA News) - Menteri", "Jakarta", "ANTARA News", "Menteri"),
        ("LONDON (Reuters) - Ministers met", "LONDON", "Reuters", "Ministers met"),
        ("Jakarta, CNN Indonesia -- Menteri", "Jakarta", "CNN Indonesia", "Menteri"),
        ("Jakarta, CNN Indonesia --", "Jakarta", "CNN Indonesia", ""),
        ("Suara.com - Menteri", None, "Suara.com", "Menteri"),
        ("Jakarta - Menteri", "Jakarta", None, "Menteri"),
        ("Jakarta -", "Jakarta", None, ""),
        ("KOTA BATU – “Kami siap,” kata dia", "KOTA BATU", None, "“Kami siap,” kata dia"),
    ],
)
def test_date_line_is_split_into_place_agency_and_the_first_sentence(paragraph, place, agency, rest):
    assert split_date_line(paragraph, CNN, is_indonesian=True) == DateLine(place, agency, rest)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Menteri bertemu wartawan, iNews.id - katanya",
        "“Kami siap,” kata dia.",
        "Amerika, Rusia, dan Iran - katanya",
        "WASHINGTON, iNews.id melaporkan",
        "Jakarta-Bandung ditempuh satu jam",
        "Menteri Dalam Negeri Republik Indonesia Tito - Dia hadir",
        "Mendagri - dia yang dulu Kapolri - hadir",
        "Tokopedia.com - Toko itu tutup",
        "",
    ],
)
def test_sentence_with_a_dash_is_no_date_line(paragraph):
    assert split_date_line(paragraph, CNN, is_indonesian=True) is None


def test_place_alone_is_no_date_line_in_other_languages():
    assert split_date_line("Arsenal - Chelsea ended in a draw") is None


@pytest.mark.parametrize(
    ("paragraph", "text", "initials"),
    [
        ("Warga senang. (rzm)", "Warga senang.", "rzm"),
        ("“Sampai baru,” ujar Acil. (fyk/ash)", "“Sampai baru,” ujar Acil.", "fyk/ash"),
        ("Jumat (24/4). (zul/jpnn)", "Jumat (24/4).", "zul/jpnn"),
        ("(Tribunnews.com/Andi)", "", "Tribunnews.com/Andi"),
        ("(kpl/pur/tch)", "", "kpl/pur/tch"),
        ("Badan Kesehatan Dunia (WHO)", "Badan Kesehatan Dunia (WHO)", None),
        ("Ia lahir di Bandung (1980).", "Ia lahir di Bandung (1980).", None),
        ("Selesai. (bersambung)", "Selesai. (bersambung)", None),
    ],
)
def test_initials_after_the_last_sentence_are_no_part_of_it(paragraph, text, initials):
    assert split_initials(paragraph) == (text, initials)


def test_paragraph_made_to_be_slow_is_read_in_bounded_time():
    begun = time.process_time()

    split_date_line("A, " * 500_000, CNN, is_indonesian=True)
    split_initials("(a/" * 500_000)

    assert time.process_time() - begun < 1
