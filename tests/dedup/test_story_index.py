"""Which texts are put together, without a database."""

from scrapers.dedup.stories.index import Story, StoryIndex, joined
from scrapers.dedup.stories.vectors import vector
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from tests.factories import NOON

# Two outlets whose pages have their section as a headline, and a third on the first of these events.
SECTION_TAX = (
    "kabar",
    "Ekonomi",
    "Direktur Jenderal Pajak Lukas Tumbel menghapus denda bagi pengusaha kecil yang melapor sampai akhir bulan. "
    "Ia menyebut 12 ribu pengusaha di Makassar belum melapor. Pemerintah menunggu mereka.",
)
SECTION_PEPPER = (
    "pos",
    "Ekonomi",
    "Harga cabai di Pasar Karombasan naik dua kali lipat. Pedagang Meiske Lumi menyalahkan kemarau yang merusak "
    "kebun di Tomohon. Pemerintah kota menggelar pasar murah.",
)
SECTION_TAX_OF_ANOTHER = (
    "warta kota",
    "Denda Pajak Pengusaha Kecil Dihapus",
    "Pengusaha kecil bebas dari denda jika melapor sampai akhir bulan, kata Direktur Jenderal Pajak Lukas Tumbel."
    " Di Makassar 12 ribu pengusaha belum melapor.",
)


def terms_of(outlet, headline, body):
    return vector(sign(Document(1, headline, body, outlet=outlet)))


def told(texts):
    """Return the story id of each of these texts, told one after another."""
    index, story_ids = StoryIndex(), []
    for number, text in enumerate(texts):
        terms = terms_of(*text)
        found = index.story_for(terms, NOON)
        story = joined(found, terms, NOON) if found else Story(number, terms, 1, NOON)
        index.put(story)
        story_ids.append(story.story_id)
    return story_ids


def test_a_section_as_a_headline_puts_nothing_together_and_hides_no_event():
    story_ids = told([SECTION_TAX, SECTION_PEPPER, SECTION_TAX_OF_ANOTHER])

    assert story_ids == [0, 1, 0]
