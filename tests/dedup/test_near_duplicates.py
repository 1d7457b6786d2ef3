import pytest

from scrapers.dedup.documents import Document
from scrapers.dedup.linkage import Edge, clusters
from scrapers.dedup.signatures import Signature, sign
from scrapers.dedup.verify import judge

STORY = (
    "Wali Kota Ratna Dewanti meresmikan jembatan gantung di Kampung Sukamaju pada Senin pagi. Jembatan sepanjang 84 "
    "meter itu menghubungkan dua kelurahan yang selama ini dipisahkan Sungai Cijambe. Warga sebelumnya harus memutar "
    "sejauh enam kilometer untuk sampai ke pasar. Pembangunan menghabiskan anggaran Rp 2,3 miliar dari kas daerah. "
    "Kepala Dinas Pekerjaan Umum Harun Wirawan mengatakan jembatan dirancang tahan banjir hingga dua puluh tahun. "
    "Anak-anak sekolah menjadi yang pertama menyeberang setelah pita dipotong."
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


def test_copies_share_keys(story):
    half = sign(document(STORY[: len(STORY) // 2]))

    assert set(story.keys) & set(half.keys)
    assert all(-(2**63) <= key < 2**63 for key in story.keys)


def test_a_stored_signature_is_read_back_and_one_of_another_algorithm_is_refused(story):
    stored = story.to_bytes()

    again = Signature.from_bytes(stored)

    assert again.keys == story.keys
    assert judge(story, again).kind == "exact"
    with pytest.raises(ValueError, match="algorithm 99"):
        Signature.from_bytes(b"\x63" + stored[1:])


def test_a_weak_link_does_not_join_two_crowds():
    one, other = "abcd", "wxyz"
    within = [Edge(a, b, 0.9, True) for crowd in (one, other) for a in crowd for b in crowd if a < b]
    between = [Edge(a, b, 0.5, (a, b) == ("a", "w")) for a in one for b in other]

    assert clusters(within + between) == [frozenset(one), frozenset(other)]
