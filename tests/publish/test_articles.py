"""The list of stored articles."""


def test_the_last_line_says_how_many_are_unique_once_deduplication_has_looked(crawled, commands):
    before = commands.warta("articles").out.splitlines()[-1]
    assert commands.warta("dedup").code == 0

    after = commands.warta("articles").out.splitlines()[-1]

    assert before.startswith("13 articles, 13 of them wait for deduplication; 13 revisions;")
    assert after.startswith("13 articles, 11 of them unique; 13 revisions;")
