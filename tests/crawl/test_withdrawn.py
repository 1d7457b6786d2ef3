"""Stories that were taken down, by real crawls: their last text stays, and they are marked until they come back."""

import json

import pytest

from tests.fault_server import Answer, article, page

TARGET = "/berita/nomor-1-warga-desa-membangun-jembatan"
NOTICES = {
    "removed": "<h1>Warga Desa Membangun Jembatan 1</h1><p>Artikel ini telah dihapus atas permintaan narasumber.</p>"
    "<p>Redaksi mohon maaf kepada pembaca. Silakan baca berita lain di beranda kami, atau hubungi redaksi.</p>",
    "not found": "<h1>Page not found</h1><p>Sorry, the page that you are looking for could not be found.</p>",
    "in other words": "<h1>Layanan pembaca</h1><p>Sehubungan keputusan dewan, materi bersangkutan kini ditiadakan. "
    "Pertanyaan dapat disampaikan melalui surat elektronik kepada sekretariat kami setiap hari kerja.</p>"
    "<p>Terima kasih atas pengertian para pelanggan setia, salam hangat selalu dari kami semua.</p>",
}


@pytest.fixture
def told(database):
    """Return a function that tells of the stored article its revision, words, and why it is withdrawn."""
    query = "SELECT revision, word_count, withdrawn_reason, withdrawn_at IS NOT NULL FROM articles"
    return lambda: database.execute(query).fetchone()


@pytest.mark.parametrize(("gone", "reason"), [
    (Answer(status=410), "http_410"),
    (Answer(page(NOTICES["removed"])), "not_found_notice"),
    (Answer(page(NOTICES["not found"])), "not_found_notice"),
    (Answer(page(NOTICES["in other words"])), "notice"),
    (Answer(status=302, headers={"Location": "/"}), "redirected: {site}/"),
], ids=["410", "removed", "not found", "in other words", "redirect home"])  # fmt: skip
def test_story_that_was_taken_down_keeps_its_text_and_is_marked_until_it_comes_back(
    commands, crawl_faults, faults, told, database, gone, reason
):
    crawl_faults(TARGET)
    revision, words, *_ = told()
    faults.answers[TARGET] = gone

    crawl_faults(TARGET)

    assert told() == (revision, words, reason.format(site=faults.address), True)
    known = "SELECT state, reason, withdrawn_at FROM pages JOIN latest_articles ON url = canonical_url"
    [(*state, _)] = database.execute(known).fetchall()
    assert tuple(state) == ("unchanged", f"withdrawn: {reason.format(site=faults.address)}")
    why = json.loads(commands.warta("why", faults.url(TARGET), "--json").out)["page"]
    assert why["withdrawn_reason"] == reason.format(site=faults.address)

    del faults.answers[TARGET]
    crawl_faults(TARGET)

    assert told() == (revision, words, None, False)
    assert database.execute(known).fetchall() == [("unchanged", None, None)]


def test_shortened_story_is_a_revision_and_not_withdrawn(crawl_faults, faults, told, database):
    crawl_faults(TARGET)
    whole = article(1)
    faults.answers[TARGET] = Answer(whole[: whole.index("</p>\n<p>") + 5] + "</article></body></html>")

    crawl_faults(TARGET)

    revision, _, reason, is_withdrawn = told()
    assert (revision, reason, is_withdrawn) == (2, None, False)


def test_notice_that_was_never_a_story_is_none(crawl_faults, faults, database, balance):
    faults.answers[TARGET] = Answer(page(NOTICES["not found"]))

    crawl_faults(TARGET)

    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("rejected", "not_found_notice")]
