import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.dedup_corpus import SERIES, heavy, invented, light, medium
from scrapers.dedup.clusters.clustering import Edge, cluster_edges
from scrapers.dedup.judge.verify import judge
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import Signature, sign

STORY = (
    "Wali Kota Ratna Dewanti meresmikan jembatan gantung di Kampung Sukamaju pada Senin pagi. Jembatan sepanjang 84 "
    "meter itu menghubungkan dua kelurahan yang selama ini dipisahkan Sungai Cijambe. Warga sebelumnya harus memutar "
    "sejauh enam kilometer untuk sampai ke pasar. Pembangunan menghabiskan anggaran Rp 2,3 miliar dari kas daerah. "
    "Kepala Dinas Pekerjaan Umum Harun Wirawan mengatakan jembatan dirancang tahan banjir hingga dua puluh tahun. "
    "Anak-anak sekolah menjadi yang pertama menyeberang setelah pita dipotong."
)
ANOTHER_REPORTERS = (
    "Penantian warga Kampung Sukamaju berakhir sudah. Senin kemarin Ratna Dewanti memotong pita tanda jembatan gantung "
    "di atas Sungai Cijambe boleh dilalui. Pelajar berlarian menyeberang, disusul ibu-ibu yang membawa dagangan. "
    "Proyek senilai Rp 2,3 miliar itu molor empat bulan akibat cuaca. Harun Wirawan dari dinas pekerjaan umum berjanji "
    "memeriksa tali baja setiap tahun supaya aman dipakai."
)


def document(body, title="Jembatan Sukamaju diresmikan", **more):
    return Document(id=1, title=title, body=body, **more)


@pytest.fixture
def story():
    return sign(document(STORY))


def test_the_same_text_is_an_exact_copy_under_another_title_and_dateline(story):
    copy = sign(document("Bandung - " + STORY, title="Warga kini tak perlu memutar"))

    verdict = judge(story, copy)

    assert (verdict.is_duplicate, verdict.kind) == (True, "exact")


def test_the_first_half_of_a_text_is_a_truncated_copy_and_the_other_way_round_an_extended_one(story):
    half = sign(document(STORY[: len(STORY) // 2]))

    assert (judge(story, half).is_duplicate, judge(story, half).kind) == (True, "truncated")
    assert (judge(half, story).is_duplicate, judge(half, story).kind) == (True, "extended")


def test_other_words_a_misspelt_name_and_a_corrected_number_make_an_edited_copy(story):
    edited = STORY.replace("untuk", "guna").replace("mengatakan", "menyebut").replace("Harun", "Haurn")
    copy = sign(document(edited.replace("84", "86"), title="Jembatan baru"))

    verdict = judge(story, copy)

    assert (verdict.is_duplicate, verdict.kind, verdict.facts_differ) == (True, "edited", False)


def test_what_two_reporters_write_of_the_same_event_is_no_copy(story):
    assert not judge(story, sign(document(ANOTHER_REPORTERS))).is_duplicate


def test_a_page_that_retells_another_under_a_lead_of_its_own_is_no_copy(story):
    own = "Polisi menutup sementara jalan di tepi Sungai Cijambe mulai Kamis karena tanggul retak. "
    more = "Petugas memasang papan peringatan dan meminta pengendara berputar lewat jalan desa di sebelah utara. "
    followup = sign(document(own + more * 2 + STORY[: len(STORY) // 3], title="Jalan ditutup"))

    assert not judge(story, followup).is_duplicate


@pytest.mark.parametrize("kind", sorted(SERIES))
def test_pages_of_a_series_look_alike_and_are_different_articles(kind):
    rng = random.Random(kind)
    pages = dict(SERIES[kind](rng, f"{day} Juni 2025") for day in range(1, 13))
    signed = [sign(document(" ".join(said), title=title)) for title, said in pages.items()]

    joined = [(n, m) for n, one in enumerate(signed) for m in range(n) if judge(one, signed[m]).is_duplicate]

    assert joined == []


@pytest.mark.parametrize("edit", [light, medium, heavy], ids=lambda edit: edit.__name__)
def test_edited_copies_of_invented_stories_are_recognised(edit):
    rng, stories = random.Random(4), invented(random.Random(5))
    told = [said for _, said in (next(stories) for _ in range(60)) if len(said) > 9]
    pairs = [(sign(document(" ".join(said))), sign(document(" ".join(edit(rng, said))))) for said in told]

    found = sum(judge(*pair).is_duplicate for pair in pairs)

    assert found >= (0.8 if edit is heavy else 0.95) * len(pairs)
    assert all(set(one.keys) & set(other.keys) for one, other in pairs)


def test_copies_share_keys_that_fit_a_bigint(story):
    half = sign(document(STORY[: len(STORY) // 2]))

    assert len(set(story.keys) & set(half.keys)) > 1
    assert all(-(2**63) <= key < 2**63 for key in story.keys)


def test_a_stored_signature_is_read_back_and_one_of_another_algorithm_or_cut_short_is_refused(story):
    stored = story.to_bytes()

    again = Signature.from_bytes(stored)

    assert again.keys == story.keys
    assert judge(story, again).kind == "exact"
    with pytest.raises(ValueError, match="algorithm 99"):
        Signature.from_bytes(b"\x63" + stored[1:])
    with pytest.raises(ValueError, match="expected"):
        Signature.from_bytes(stored[:-4])


WORDS = st.lists(
    st.sampled_from(["ke", "Pasar", "Bandung", "hari", "12", "3,5", "Rina", "lalu.", "Warga,", "beli", "7", "apel"]),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_the_verdict_is_the_same_from_either_side(one, other):
    a, b = sign(document(" ".join(one))), sign(document(" ".join(other), title="Lain"))
    turned = {"truncated": "extended", "extended": "truncated"}

    forth, back = judge(a, b), judge(b, a)

    assert (forth.is_duplicate, forth.score, forth.facts_differ) == (back.is_duplicate, back.score, back.facts_differ)
    assert forth.kind == turned.get(back.kind, back.kind)
    assert forth.evidence["a_in_b"] == back.evidence["b_in_a"]


def test_a_weak_link_does_not_join_two_crowds():
    one, other = "abcd", "wxyz"
    within = [Edge(a, b, 0.9, True) for crowd in (one, other) for a in crowd for b in crowd if a < b]
    between = [Edge(a, b, 0.5, (a, b) == ("a", "w")) for a in one for b in other]

    assert cluster_edges(within + between) == [frozenset(one), frozenset(other)]


def test_groups_with_more_differing_pairs_than_duplicates_stay_apart():
    edges = [Edge(1, 2, 0.9, True), Edge(3, 4, 0.9, True), Edge(2, 3, 0.8, True)]
    differing = [Edge(1, 3, 0.4, False, facts_differ=True), Edge(1, 4, 0.4, False, facts_differ=True)]

    assert cluster_edges(edges) == [frozenset({1, 2, 3, 4})]
    assert cluster_edges(edges + differing) == [frozenset({1, 2}), frozenset({3, 4})]


EDGES = st.lists(
    st.builds(
        Edge,
        a=st.integers(0, 7),
        b=st.integers(8, 15),
        score=st.sampled_from((0.4, 0.6, 0.9)),
        is_duplicate=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda edge: (edge.a, edge.b),
)


@given(EDGES, st.randoms())
def test_clusters_are_the_same_for_any_order_of_the_edges(edges, rng):
    shuffled = rng.sample(edges, len(edges))

    assert cluster_edges(shuffled) == cluster_edges(edges)
