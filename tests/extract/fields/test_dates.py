import json
from datetime import UTC, datetime

import pytest

from scrapers.extract.fields.dates import find_modified, find_published
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage

URL = "https://www.kabarkota.example/news/x"


def parsed_page(body="", *, ld=None, head="", url=URL, lang="en", fetched_at=datetime(2026, 4, 1, tzinfo=UTC)):
    """Read a page whose JSON-LD has these dates."""
    if ld:
        node = {"@type": "NewsArticle", "headline": "Judul", **ld}
        head += f'<script type="application/ld+json">{json.dumps(node)}</script>'
    html = f"<html lang={lang}><head>{head}</head><body><h1>Judul</h1>{body}<p>isi</p>"
    return ParsedPage(Page(url, html.encode(), fetched_at=fetched_at), Rules(outlet="kabarkota"))


def meta(name, content):
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("", meta("article:published_time", "2026-03-08T10:56:00+07:00")),
        ("", meta("parsely-pub-date", "2026-03-08T10:56:00+07:00")),
        ("", meta("DC.date.issued", "2026-03-08T10:56:00+07:00")),
        ('<span itemprop="datePublished" content="2026-03-08T10:56:00+07:00">Minggu</span>', ""),
        ('<time datetime="2026-03-08T10:56:00+07:00">Minggu</time>', ""),
        ('<div class="post-date">Minggu, 8 Maret 2026 - 10:56 WIB</div>', ""),
        ("<div>Minggu, 8 Maret 2026 - 10:56 WIB</div>", ""),
        ('<script>{"post_date":"2026-03-08T10:56:00+07:00"}</script>', ""),
        ('<aside><time datetime="2026-03-09">lain</time></aside><time datetime="2026-03-08T10:56+07:00">x</time>', ""),
        (
            '<div class="widget Blog"><div class="post-footer">'
            '<abbr class="published" title="2026-03-08T10:56:00+07:00">10:56</abbr></div></div>',
            "",
        ),
        ("<time class=updated datetime=2026-03-09>x</time><time datetime=2026-03-08T10:56:00+07:00>y</time>", ""),
    ],
)
def test_date_is_found_in_every_layer(body, head):
    found = find_published(parsed_page(body, head=head))

    assert found[0].value.value.isoformat() == "2026-03-08T10:56:00+07:00"


@pytest.mark.parametrize("value", ["1772942160", "1772942160000"])
def test_time_that_a_script_prints_in_the_readers_zone_is_read_where_it_stands_in_utc(value):
    body = f'<a class="post-time js-nav"><span class="time" data-time="{value}">8 Mar</span></a>'

    found = find_published(parsed_page(body))

    assert found[0].value.value.isoformat() == "2026-03-08T03:56:00+00:00"


@pytest.mark.parametrize("value", ["8", "17729421600", "99999999999999999999", "soon"])
def test_data_that_is_no_unix_time_is_not_read(value):
    assert find_published(parsed_page(f'<span class="time" data-time="{value}">8 Mar</span>')) == []


def test_date_of_the_address_is_a_day_of_last_resort():
    found = find_published(parsed_page(url="https://kabarkota.example/2026/03/08/x"))

    assert (found[0].value.value.date().isoformat(), found[0].value.precision) == ("2026-03-08", "day")
    assert found[0].rule == "page:url"


def test_date_that_agrees_with_the_address_is_better_than_one_that_does_not():
    head = meta("article:published_time", "2026-03-08T10:56:00+07:00")

    found = find_published(
        parsed_page(ld={"datePublished": "2025-01-01"}, head=head, url="https://k.example/2026/03/08/x")
    )

    assert found[0].rule == "meta:article:published_time"


def test_time_of_another_layer_is_taken_for_the_same_day():
    found = find_published(
        parsed_page(ld={"datePublished": "2026-03-08"}, head=meta("date", "2026-03-08T10:56:00+07:00"))
    )

    assert found[0].value.precision == "second"


@pytest.mark.parametrize(
    ("said", "layer", "expected"),
    [
        ("2026-03-08T03:56:00Z", {"head": meta("sailthru.date", "2026-03-07 22:56:00")}, "2026-03-07T22:56:00-05:00"),
        ("2026-03-08T01:30:00Z", {"url": "https://k.example/2026/03/07/x"}, "2026-03-07T23:30:00-02:00"),
        ("2026-03-07T23:30:00Z", {"url": "https://k.example/2026/03/08/x"}, "2026-03-08T00:30:00+01:00"),
        ("2026-03-08T10:56:00Z", {"body": "<i>Minggu, 10:56 WIB</i>"}, "2026-03-08T10:56:00+07:00"),
        ("2026-03-08T10:56:00Z", {}, "2026-03-08T10:56:00+00:00"),
    ],
    ids=["a naive clock", "the day before in the address", "the day after", "a zone printed with that time", "nothing"],
)
def test_site_s_own_clock_is_told_from_utc_by_what_the_page_shows(said, layer, expected):
    found = find_published(parsed_page(ld={"datePublished": said}, **layer))

    assert found[0].value.value.isoformat() == expected


@pytest.mark.parametrize(("lang", "month"), [("en-US", 3), ("en-GB", 8), ("id", 8)])
def test_month_goes_first_only_where_the_page_is_american(lang, month):
    found = find_published(parsed_page("<div class=date>3/8/2025</div>", lang=lang))

    assert found[0].value.value.month == month


def test_date_before_1990_or_after_the_fetch_is_refused_and_its_text_kept():
    found = find_published(parsed_page(ld={"datePublished": "2027-01-01"}))

    assert [(one.value, one.raw) for one in found] == [(None, "2027-01-01")]


def test_modification_has_layers_of_its_own():
    found = find_modified(parsed_page(head=meta("og:updated_time", "2026-03-09T08:00:00Z")))

    assert (found[0].value.value.day, found[0].rule) == (9, "meta:og:updated_time")


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ('<div class="post-date">12 March 2026, 15:05 IST</div>', ""),
        ("<div>12 March 2026, 15:05 (BST)</div>", ""),
        ("", meta("article:published_time", "2026-03-12 15:05:00 CST")),
    ],
)
def test_time_in_a_zone_that_nobody_can_tell_is_open_and_its_text_kept(body, head):
    found = find_published(parsed_page(body, head=head))

    assert {one.value for one in found} == {None}
    assert "15:05" in found[0].raw


@pytest.mark.parametrize(
    ("page", "zone", "offset"),
    [
        ({"url": "https://www.kabar.co.in/news/x"}, "IST", "+05:30"),
        ({"url": "https://www.kabar.co.il/news/x"}, "IST", "+02:00"),
        ({"lang": "en-IN"}, "IST", "+05:30"),
        ({"head": meta("og:locale", "zh_TW")}, "CST", "+08:00"),
        ({"url": "https://www.kabar.com.bd/news/x"}, "BST", "+06:00"),
        ({"url": "https://www.kabar.ae/news/x"}, "GST", "+04:00"),
    ],
    ids=["India", "Israel", "language", "locale", "Bangladesh", "Emirates"],
)
def test_zone_that_several_countries_name_alike_is_that_of_the_pages_country(page, zone, offset):
    found = find_published(parsed_page(f'<div class="post-date">12 March 2026, 15:05 {zone}</div>', **page))

    assert found[0].value.value.isoformat() == f"2026-03-12T15:05:00{offset}"


def test_time_in_a_zone_that_nobody_can_tell_yields_to_one_that_says_it():
    found = find_published(
        parsed_page(
            head=meta("article:published_time", "2026-03-12T09:35:00Z"), body="<time>12 March 2026, 15:05 IST</time>"
        )
    )

    assert found[0].value.value.isoformat() == "2026-03-12T09:35:00+00:00"
