import pytest

from scrapers.extract.text.credits import credits_in, take_credits
from scrapers.items import Contributor


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Editor : Anton Suhartono", [("Anton Suhartono", "editor")]),
        ("Pewarta: Hana Putri Editor: Budi Suyanto Copyright © ANTARA 2026",
         [("Hana Putri", "reporter"), ("Budi Suyanto", "editor")]),
        ("Reporter: Ratna Wulandari | Fotografer: Dadan Hermawan",
         [("Ratna Wulandari", "reporter"), ("Dadan Hermawan", "photographer")]),
        ("Rep: Wahyu / Red: Nidia Zuraya", [("Wahyu", "reporter"), ("Nidia Zuraya", "editor")]),
        ("Laporan Wartawan: Andi Amriani", [("Andi Amriani", "reporter")]),
        ("Editor: dia berkata bahwa semua itu tidak benar", []),
        ("Sang Editor: Maria", []),
        ("Kata reporter: Saya melihatnya.", []),
        ("Editor:", []),
    ],
)  # fmt: skip
def test_line_of_credits_names_people_with_their_roles(line, expected):
    assert credits_in(line) == tuple(Contributor(*person) for person in expected)


def test_lines_of_credits_are_told_from_the_story():
    people, kept = take_credits(["Satu.", "Reporter: Ratna Wulandari", "Dua.", "Editor: Maria"])

    assert people == (Contributor("Ratna Wulandari", "reporter"), Contributor("Maria", "editor"))
    assert kept == [0, 2]
