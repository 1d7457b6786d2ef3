import pytest

from scrapers.extract.text.picture_credits import split_picture_credit


@pytest.mark.parametrize(
    ("written", "caption", "credit"),
    [
        ("Kapal di dermaga. (Foto: Sari Dewi)", "Kapal di dermaga.", "Sari Dewi"),
        ("Kapal di dermaga. ANTARA FOTO/Sari Dewi/foc.", "Kapal di dermaga.", "ANTARA FOTO/Sari Dewi/foc"),
        ("Kapal di dermaga. © AFP", "Kapal di dermaga.", "AFP"),
        ("The pier at dawn. (AP Photo/Jane Doe)", "The pier at dawn.", "AP Photo/Jane Doe"),
        ("The pier, May 8, 2026. (Jane Doe/Reuters)", "The pier, May 8, 2026.", "Jane Doe/Reuters"),
        ("The pier at dawn. (Photo by Jane Doe/Getty Images)", "The pier at dawn.", "Jane Doe/Getty Images"),
        ("Sumber gambar: Kabar Kota", None, "Kabar Kota"),
        ("Illustration: Jane Doe/The Example Post", None, "Jane Doe/The Example Post"),
        ("Image: The pier has been closed since May", "Image: The pier has been closed since May", None),
        ("The pier (left) and the market.", "The pier (left) and the market.", None),
        ("", None, None),
    ],
)
def test_credit_is_split_from_a_caption(written, caption, credit):
    assert split_picture_credit(written) == (caption, credit)
