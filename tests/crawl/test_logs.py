import logging

from scrapers.crawl.logs import LONGEST_LINE, LONGEST_RECORD, Record
from tests.fault_server import Answer

LONG = "https://www.example.com/" + "a" * 1_000_000


def logged(message, *args, error=None):
    """Return what a handler writes."""
    record = Record("scrapy", logging.INFO, __file__, 1, message, args, error and (type(error), error, None))
    return logging.Formatter().format(record)


def test_long_address_is_cut_and_its_length_told():
    line = logged("%s is left alone (%s)", LONG, "trap")

    assert len(line) == LONGEST_LINE
    assert line.endswith("… (1,000,045 characters)")


def test_what_is_short_stays_as_it_is_also_in_many_lines():
    assert logged("%d pages", 3) == "3 pages"
    assert logged("%s", "a line\n" * 1000) == "a line\n" * 1000


def test_message_of_many_lines_has_an_end_and_keeps_it():
    said = logged("%s", "a line\n" * 100_000 + "the end")

    assert len(said) < LONGEST_RECORD + 10
    assert said.endswith("the end")


def test_error_that_repeats_an_address_is_cut_too():
    said = logged("could not be read", error=ValueError(LONG))

    assert len(said) < 2 * LONGEST_LINE
    assert "ValueError: https://www.example.com/aaa" in said


def test_log_of_a_crawl_that_meets_long_addresses_stays_short(crawl_faults, faults, balance):
    urls = [faults.url(f"/berita/nomor-1-{n}-{'warga-desa' * 100_000}") for n in range(2)]
    faults.answers["/feed"] = Answer(
        f"<rss><channel>{''.join(f'<item><link>{url}</link></item>' for url in urls)}</channel></rss>",
        content_type="application/rss+xml",
    )

    result = crawl_faults()

    assert result.code == 0, result.err[:5000]
    assert len(result.err) < 100_000
    assert balance() == {"stored": len(faults.articles)}
