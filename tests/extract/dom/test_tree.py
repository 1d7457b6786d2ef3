import pytest

from scrapers.extract.dom.tree import decode
from scrapers.extract.page import Page

TEXT = "<p>Kafé “Ubud” – naïf</p>"


def page(body, content_type=None):
    return Page(url="https://www.inews.id/x", body=body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-1"),
        (TEXT.encode("utf-16"), "text/html; charset=utf-8"),
        (b'<meta charset="utf-8">' + TEXT.encode("cp1252"), "text/html; charset=windows-1252"),
        (b'<meta charset="iso-8859-1">' + TEXT.encode("cp1252"), "text/html"),
        (b'<meta charset="utf-16">' + TEXT.encode(), None),
        (TEXT.encode(), None),
        (TEXT.encode("cp1252"), None),
        (TEXT.encode("utf-16-le"), None),
        (TEXT.encode("utf-16-be"), None),
        (TEXT.encode() * 9 + b"\xe2\x80", None),
        (TEXT.encode(), "text/html; charset=hex"),
        (TEXT.encode(), "text/html; charset=idna"),
        (TEXT.encode(), "text/html; charset=no-such-charset"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_charset_is_the_one_that_the_bytes_are_in(body, content_type):
    assert TEXT in decode(page(body, content_type))


def test_bytes_that_are_utf_8_win_over_a_header_that_says_otherwise():
    assert TEXT in decode(page(b'<meta charset="utf-8">' + TEXT.encode(), "text/html; charset=windows-1252"))
