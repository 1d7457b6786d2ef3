from datetime import timedelta
from math import log

import pytest

from scrapers.dedup.incremental import deduplicate
from scrapers.dedup.stories.grouping import merge, merge_near, split
from scrapers.dedup.stories.index import ALONE, FADES, JOINED, Story, StoryIndex
from scrapers.dedup.stories.vectors import vector
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from scrapers.errors import UsageError
from scrapers.publish.stories import find_stories
from tests.factories import NOON, URL, article

# Three outlets on a fire, two on a football match, one on a recipe; the last is a copy of the first.
FIRE = (
    "Kebakaran melanda Pasar Oesapa di Kupang pada Minggu malam. Wali Kota Jonas Manafe mengatakan 60 kios "
    "pedagang hangus sebelum pemadam menguasai api. Pedagang Pasar Oesapa menuntut tempat berjualan sementara."
)
FIRE_OF_ANOTHER = (
    "Puluhan pedagang menangis melihat kios mereka di Pasar Oesapa, Kupang, rata dengan tanah. Polisi menyelidiki"
    " penyebab kebakaran. Jonas Manafe menjanjikan pasar darurat bagi pedagang yang kehilangan kios."
)
FIRE_OF_A_THIRD = (
    "Kerugian kebakaran Pasar Oesapa ditaksir Rp 8 miliar. Menurut Jonas Manafe, pedagang di Kupang akan mendapat"
    " kredit lunak untuk membangun lagi kios yang habis dilalap api di pasar itu."
)
MATCH = (
    "Persik Kediri menahan Borneo FC tanpa gol di Stadion Brawijaya. Pelatih Persik Ong Kim Swee memuji barisan "
    "belakang yang mematahkan serangan Borneo sepanjang babak kedua. Persik naik ke peringkat tujuh."
)
MATCH_OF_ANOTHER = (
    "Borneo FC gagal mencuri poin penuh di Kediri. Melawan Persik di Stadion Brawijaya, tim tamu membuang tiga "
    "peluang emas. Ong Kim Swee menyebut hasil itu adil bagi Persik dan Borneo."
)
RECIPE = "Rebus jagung muda bersama daun salam, lalu masukkan kelapa parut dan gula aren. Sajikan hangat untuk sarapan."

TOLD = [
    ("a", "Pasar Oesapa Kupang Terbakar", FIRE, 0),
    ("b", "Pedagang Pasar Oesapa Kehilangan Kios", FIRE_OF_ANOTHER, 5),
    ("a", "Persik Tahan Borneo FC di Kediri", MATCH, 6),
    ("c", "Kerugian Kebakaran Pasar Oesapa Kupang Rp 8 Miliar", FIRE_OF_A_THIRD, 20),
    ("b", "Borneo FC Tertahan Persik di Kediri", MATCH_OF_ANOTHER, 21),
    ("c", "Resep Bubur Jagung", RECIPE, 22),
    ("d", "Pasar Oesapa Kupang Terbakar Minggu Malam", FIRE, 23),
]
BEGINNING = NOON - timedelta(days=1)


def articles():
    return [
        article(
            outlet=outlet,
            canonical_url=f"{URL}/{n}",
            headline=headline,
            article_body=(body,),
            date_published=NOON + timedelta(hours=hours),
        )
        for n, (outlet, headline, body, hours) in enumerate(TOLD)
    ]


def grouped(database, ids):
    """Return the stories as sets of the articles' places in TOLD."""
    rows = database.execute("SELECT article_ids FROM stories").fetchall()
    return sorted(sorted(ids.index(article) for article in row[0]) for row in rows)


def test_texts_on_one_event_are_a_story_and_copies_go_where_the_first_is(database, dsn, stored):
    ids = stored(*articles())
    deduplicate(dsn)

    fire, match = find_stories(database, BEGINNING)

    assert grouped(database, ids) == [[0, 1, 3, 6], [2, 4], [5]]
    assert (fire["headline"], fire["outlets"], fire["articles"]) == (TOLD[0][1], ["a", "b", "c", "d"], 4)
    assert (match["first_at"], match["last_at"]) == (NOON + timedelta(hours=6), NOON + timedelta(hours=21))
    assert database.execute("SELECT texts FROM story_terms ORDER BY 1 DESC").fetchall() == [(3,), (2,), (1,)]
    assert find_stories(database, NOON + timedelta(hours=24)) == []


def test_stories_are_the_same_whether_articles_come_at_once_or_one_run_after_another(database, dsn, stored):
    ids = []
    for one in articles():
        ids += stored(one)
        deduplicate(dsn)

    assert grouped(database, ids) == [[0, 1, 3, 6], [2, 4], [5]]


def test_what_a_person_splits_stays_apart_at_night_and_what_is_merged_together(database, dsn, stored):
    ids = stored(*articles())
    deduplicate(dsn)
    fire, match = (story["story_id"] for story in find_stories(database, BEGINNING))

    new = split(database, ids[0], by="editor")
    nightly = merge_near(dsn)

    assert nightly == 0
    assert grouped(database, ids) == [[0, 6], [1, 3], [2, 4], [5]]
    assert merge(database, new, fire) == min(new, fire)
    assert merge(database, fire, match) == min(fire, match)
    assert grouped(database, ids) == [[0, 1, 2, 3, 4, 6], [5]]
    merged = {"gone": max(fire, match), "into": min(fire, match)}
    assert database.execute(
        "SELECT FROM story_terms WHERE story_id = %(gone)s AND merged_into = %(into)s", merged
    ).rowcount
    with pytest.raises(UsageError, match="no story 999"):
        merge(database, fire, 999)
    with pytest.raises(UsageError, match="in no story"):
        split(database, 999, by="editor")


def test_two_texts_have_to_be_nearer_than_a_text_and_a_story_of_several():
    one, other = (vector(sign(Document(1, headline, body))) for _, headline, body, _ in (TOLD[0], TOLD[3]))
    alone, several = StoryIndex(), StoryIndex()
    alone.put(Story(1, one, 1, NOON))
    several.put(Story(1, one, 3, NOON))

    [(near, _)] = alone.nearest(other, NOON)
    late = NOON + FADES * log(near / (ALONE + JOINED) * 2)  # by then it has faded to between the two limits

    assert alone.story_for(other, NOON) is alone.stories[1]
    assert (alone.story_for(other, late), several.story_for(other, late)) == (None, several.stories[1])
    assert several.story_for(other, NOON + 4 * FADES) is None


def test_two_stories_of_several_texts_have_to_be_as_near_as_a_text_and_a_story():
    one, other = (vector(sign(Document(1, headline, body))) for _, headline, body, _ in (TOLD[0], TOLD[3]))
    index = StoryIndex()
    index.put(Story(1, one, 3, NOON))
    index.put(Story(2, other, 3, NOON))
    [near] = [found for found, story_id in index.nearest(one, NOON) if story_id == 2]

    for limit, merged in ((JOINED - 0.01, []), (JOINED + 0.01, [(1, 2)])):
        index.put(Story(2, other, 3, NOON + FADES * log(near / limit)))

        assert index.mergeable([1]) == merged
