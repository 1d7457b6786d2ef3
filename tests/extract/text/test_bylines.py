import pytest

from scrapers.extract.text.bylines import author_names, editor_of, split_credit


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Editor : Anton Suhartono", "Anton Suhartono"),
        ("Editor: Maria Christina", "Maria Christina"),
        ("EDITOR:M. Arief, S.H.", "M. Arief, S.H."),
        ("Editor : ", None),
        ("Editor: dia berkata bahwa semua itu tidak benar", None),
        ("Sang Editor: Maria", None),
    ],
)
def test_editor_line_names_the_editor(line, name):
    assert editor_of(line) == name


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("Milley di Afghanistan (Foto: Reuters)", ("Milley di Afghanistan", "Reuters")),
        ("Timnas Indonesia U-19. (Foto: PSSI)", ("Timnas Indonesia U-19.", "PSSI")),
        ("Kebun kopi (foto : Antara/Yudi Prasetya).", ("Kebun kopi", "Antara/Yudi Prasetya")),
        ("Jembatan. Foto iNewsSurabaya.id/kia", ("Jembatan.", "iNewsSurabaya.id/kia")),
        ("Penyanyi itu Foto: Grammy", ("Penyanyi itu", "Grammy")),
        ("Guru di kelas (Dok. IGI)", ("Guru di kelas", "IGI")),
        ("(Foto: Reuters)", (None, "Reuters")),
        ("Foto Presiden (kiri) di Istana", ("Foto Presiden (kiri) di Istana", None)),
        ("", (None, None)),
    ],
)
def test_credit_is_split_from_the_caption(caption, expected):
    assert split_credit(caption) == expected


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["Anton Suhartono"], ("Anton Suhartono",)),
        (["\n  Ratna \n Wulandari ", "Ratna Wulandari"], ("Ratna Wulandari",)),
        (["Ratna Wulandari, Dadan Hermawan dan Timothy Sitorus"],
         ("Ratna Wulandari", "Dadan Hermawan", "Timothy Sitorus")),
        (["Penulis: Budi Santoso, S.H., M.Si"], ("Budi Santoso, S.H., M.Si",)),
        (["Admin", "Tim iNews", "iNews.id", "Redaksi", "iNewsSurabaya.id", "https://fb.com/x", "a@b.id", ""], ()),
    ],
)  # fmt: skip
def test_author_is_each_person_of_the_byline_once(lines, names, inews):
    assert author_names(lines, inews) == names


@pytest.mark.parametrize(
    "line",
    [
        "Ratna Wulandari, dziennikarka",
        "Por Ratna Wulandari, redactor jefe",
        "Ratna Wulandari, giornalista",
        "Ratna Wulandari, корреспондент",
        "Ratna Wulandari - Phóng viên",
        "Ratna Wulandari verslaggever",
        "Ratna Wulandari Senior Reporter",
        "Ratna Wulandari Redaktur Pelaksana",
        "Penulis: Ratna Wulandari, Kontributor Solo",
        "Tekst: Ratna Wulandari, journalist",
    ],
)
def test_role_beside_a_name_is_no_part_of_it_in_any_language(line, inews):
    assert author_names([line], inews) == ("Ratna Wulandari",)


def test_name_that_ends_in_a_role_word_is_kept_where_nothing_else_is_left(inews):
    assert author_names(["Rosa Reporter"], inews) == ("Rosa Reporter",)


@pytest.mark.parametrize("line", ["Web Design & Development - Biro SIM Kabar Media", "Powered by Tatanan CMS"])
def test_who_made_the_site_is_no_author(line, inews):
    assert author_names([line, "Ratna Wulandari"], inews) == ("Ratna Wulandari",)
    assert author_names([line], inews) == ()
