"""`warta edits` and `warta diff`: what publishers changed after publication, by word, kind and time."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from scrapers.publish.edits import MOST_WORDS, Piece, compare_words, differences
from tests.fault_server import Answer, article

TARGET = "/berita/nomor-1-warga-desa-membangun-jembatan"
FIRST = "Warga desa Sukamaju membangun jembatan gantung sepanjang 40 meter secara gotong royong."
SECOND = "Bupati dituduh menahan dana perbaikan jalan menurut dua pejabat yang tidak mau disebut namanya."


def body(*paragraphs):
    return {"article_body": [[FIRST, SECOND], list(paragraphs)]}


@pytest.mark.parametrize(("changes", "kinds", "counts"), [
    (body(FIRST.replace("gantung", "gatnung"), SECOND), ["typo"], (1, 1, 0)),
    (body(FIRST.replace("gotong royong", "gotong-royong"), SECOND.lower()), ["typo"], (1, 2, 0)),
    (body(FIRST.replace("40", "45"), SECOND), ["figures_changed", "update"], (1, 1, 0)),
    (body(FIRST), ["paragraph_removed", "update"], (0, 14, 1)),
    (body(FIRST, SECOND, "Jembatan diresmikan bulan depan."), ["update"], (4, 0, 0)),
    (body(SECOND, FIRST), ["update"], (0, 0, 0)),
    (body(FIRST, SECOND.replace("tidak ", "")), ["update"], (0, 1, 0)),
    ({"headline": ["Warga Bangun Jembatan", "Jembatan Dibangun, Bupati Dituduh"]}, ["headline_rewrite"], (0, 0, 0)),
    ({"headline": ["Warga Bangun Jembatan", "Warga Bangun jembatan!"]}, ["typo"], (0, 0, 0)),
    ({"author": [["Rizky"], ["Rizky", "Dewi"]]}, ["details"], (0, 0, 0)),
], ids=lambda value: "+".join(value) if isinstance(value, list) else None)  # fmt: skip
def test_edit_is_told_by_what_it_does_to_the_text(database, changes, kinds, counts):
    row = database.execute("SELECT * FROM describe_edit(%s)", [Jsonb(changes)]).fetchone()

    assert row == (kinds, *counts)


def test_edits_are_shown_with_their_words_and_their_time_after_publication(commands, site, database):
    commands.crawl("seed")
    site.edition = 2
    commands.crawl("seed", "-a", "full=true")

    [edit] = json.loads(commands.warta("edits", "--outlet", "seed", "--kind", "figures_changed", "--json").out)
    table = commands.warta("edits", "--since", f"{datetime.now(UTC):%Y-%m-%d}").out
    nothing = commands.warta("edits", "--until", "2020-01-01").out
    diff = commands.warta("diff", f"{edit['canonical_url']}?utm_source=x").out

    [(minutes, words)] = database.execute(
        "SELECT extract(epoch FROM at - date_published) / 60, words_added FROM edits JOIN articles USING (article_id)"
    ).fetchall()
    assert (edit["kinds"], edit["revision"], edit["words_added"]) == (["figures_changed", "update"], 2, words)
    assert edit["minutes_after_publication"] == round(minutes)
    assert "figures_changed, update" in table
    assert nothing == "no edits that match\n"
    assert "[-12.300-] {+13.200+}" in diff
    assert "date_modified_raw" not in diff


def test_withdrawal_and_return_are_edits_too(crawl_faults, faults, commands):
    crawl_faults(TARGET)
    faults.answers[TARGET] = Answer(status=410)
    crawl_faults(TARGET)
    del faults.answers[TARGET]
    crawl_faults(TARGET)
    faults.answers[TARGET] = Answer(article(1).replace("jembatan", "titian"))
    crawl_faults(TARGET)

    told = json.loads(commands.warta("edits", "--json").out)

    assert [edit["kind"] for edit in told][1:] == ["restored", "withdrawn"]
    assert [edit["reason"] for edit in told] == [None, "http_410", "http_410"]
    assert told[0]["revision"] == 2


def test_edits_of_the_day_are_read_by_an_index(database):
    plan = database.execute(
        "EXPLAIN (GENERIC_PLAN) SELECT * FROM edits WHERE at >= $1 AND at < $2 ORDER BY at DESC"
    ).fetchall()

    assert "revision_edits_at_idx" in str(plan)


@pytest.mark.parametrize(("options", "shown"), [
    (["--html"], "<ins>&lt;script&gt;alert(1)&lt;/script&gt; roboh</ins>"),
    (["--json"], '"added",'),
], ids=["html", "json"])  # fmt: skip
def test_diff_can_be_had_for_browsers_and_programs(commands, crawl_faults, faults, options, shown):
    crawl_faults(TARGET)
    hostile = "Jembatan &lt;script&gt;alert(1)&lt;/script&gt; roboh"
    headline = "Warga Desa Membangun Jembatan 1"
    assert headline in article(1)
    faults.answers[TARGET] = Answer(article(1).replace(headline, hostile))
    crawl_faults(TARGET)

    told = commands.warta("diff", faults.url(TARGET), *options)

    assert told.code == 0
    assert shown in told.out
    assert "<script>" not in told.out or options == ["--json"]


def test_newest_differences_can_be_had_alone(crawl_faults, faults, database):
    for word in ("jembatan", "titian", "gapura"):
        faults.answers[TARGET] = Answer(article(1).replace("jembatan", word))
        crawl_faults(TARGET)
    [(article_id,)] = database.execute("SELECT article_id FROM articles WHERE url LIKE '%nomor-1-%'").fetchall()

    every, newest = differences(database, article_id), differences(database, article_id, newest=1)

    assert [one.after.revision for one in every] == [2, 3]
    assert newest == every[1:]


def test_article_that_is_not_stored_has_no_diff(commands):
    result = commands.warta("diff", "https://www.example.test/nowhere")

    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "'https://www.example.test/nowhere'" in result.err


def test_two_texts_are_compared_by_word():
    assert compare_words("satu dua tiga", "satu empat tiga") == [
        Piece("same", "satu "),
        Piece("removed", "dua "),
        Piece("added", "empat "),
        Piece("same", "tiga"),
    ]


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")), st.booleans())
def test_pieces_make_up_both_texts(before, after, is_long):
    filler = ["x"] * MOST_WORDS if is_long else []
    before, after = filler + before + filler, filler + after + filler

    pieces = compare_words(" ".join(before), " ".join(after))

    assert [word for piece in pieces if piece.kind != "added" for word in piece.text.split()] == before
    assert [word for piece in pieces if piece.kind != "removed" for word in piece.text.split()] == after
