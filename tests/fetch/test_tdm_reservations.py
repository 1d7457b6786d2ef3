import json

import pytest

from scrapers.fetch.tdm_reservations import is_reserved, rules_of

SITE = "https://www.example.com"


@pytest.mark.parametrize(
    ("location", "path", "fits"),
    [
        ("/", "/anything?at=all", True),
        ("/", "", True),
        ("/berita/", "/berita/1", True),
        ("/berita/", "/Berita/1", False),
        ("/berita/$", "/berita/", True),
        ("/berita/$", "/berita/1", False),
        ("/*/foto/", "/2026/01/foto/1", True),
        ("/*/foto/", "/foto/1", False),
        ("/*.pdf$", "/a.pdf", True),
        ("/*.pdf$", "/a.pdf/b", False),
        ("/a*a$", "/a", False),
        ("/*b*$", "/abc", True),
        ("*", "/x", True),
        ("/caf%C3%A9", "/café/1", True),
        ("/foo-%24", "/foo-$", True),
        ("/cari?q=", "/cari?q=padi", True),
        ("", "/x", True),
    ],
)
def test_location_fits_the_beginning_of_a_path(location, path, fits):
    assert is_reserved([(location, True)], SITE + path) is fits


def test_first_rule_that_fits_holds():
    rules = rules_of(
        json.dumps([
            {"location": "/open", "tdm-reservation": 0},
            {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://www.example.com/policy"},
        ]).encode()
    )  # fmt: skip

    assert not is_reserved(rules, f"{SITE}/open/1")
    assert is_reserved(rules, f"{SITE}/other")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>404</html>",
        b"\xff\xfe\x00",
        b'{"location": "/", "tdm-reservation": 1}',
        b'[1, null, "/", {"location": "/"}, {"location": 7, "tdm-reservation": 1}]',
        b'[{"location": "/", "tdm-reservation": 2}]',
        b"[" * 200_000,
    ],
)
def test_file_that_is_none_reserves_nothing(body):
    assert rules_of(body) == []
