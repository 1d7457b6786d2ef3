from datetime import UTC, datetime, timedelta

import pytest

from scrapers.extract.text.date_parser import (
    day_of_url,
    has_ambiguous_zone,
    is_date_stamp,
    read_date,
    read_feed_moment,
    read_moment,
)

JAKARTA = "Asia/Jakarta"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Minggu, 08 Maret 2026 - 10:56:00 WIB", "2026-03-08T10:56:00+07:00"),
        ("Selasa, 15 Januari 2023 - 08:00 WIB", "2023-01-15T08:00:00+07:00"),
        ("Senin, 08 Juli 2024 - 14:58:00 WIB | Bisnis", "2024-07-08T14:58:00+07:00"),
        ("Sabtu, 07 Maret 2026 - 22:22:00 WITA | Bali", "2026-03-07T22:22:00+08:00"),
        ("Jum'at, 06 Maret 2026 - 08:15 WIT", "2026-03-06T08:15:00+09:00"),
        ("Jumat, 6 Agt 2021 pukul 08.30 wib", "2021-08-06T08:30:00+07:00"),
        ("24 April 2026 20:05", "2026-04-24T20:05:00+07:00"),
        ("02/09/2021, 17:45 WIB", "2021-09-02T17:45:00+07:00"),
        ("Kamis, 2 September 2021", "2021-09-02T00:00:00+07:00"),
        ("2026-03-06 08:15:00", "2026-03-06T08:15:00+07:00"),
        ("2026-03-06T08:15", "2026-03-06T08:15:00+07:00"),
        ("2026-02-14T14:05:00.123Z", "2026-02-14T14:05:00+00:00"),
        ("2026-02-14T20:41:07+0800", "2026-02-14T20:41:07+08:00"),
        ("2026-02-14T20:41:07-03:30", "2026-02-14T20:41:07-03:30"),
        ("2015-11-05 T10:08:58Z", "2015-11-05T10:08:58+00:00"),
        ("Thu, 05 Nov 2015 10:08:58 +0700", "2015-11-05T10:08:58+07:00"),
        ("2026-03-08", "2026-03-08T00:00:00+07:00"),
        ("March 8, 2026 10:56 AM EST", "2026-03-08T10:56:00-05:00"),
        ("Sept. 9, 2025 at 3:28 p.m.", "2025-09-09T15:28:00+07:00"),
        ("12:30 a.m. is no date, March 8, 2026, 12:30 a.m.", "2026-03-08T00:30:00+07:00"),
        ("8. März 2026, 10:56 Uhr", "2026-03-08T10:56:00+07:00"),
        ("8 de marzo de 2026 a las 10:30", "2026-03-08T10:30:00+07:00"),
        ("Publié le 08/03/2026 à 10h30", "2026-03-08T10:30:00+07:00"),
        ("20 septembrie 2020 16:20", "2020-09-20T16:20:00+07:00"),
        ("Thu May 07 2020 10:00:00 GMT+0000", "2020-05-07T10:00:00+00:00"),
        ("2025年1月13日 10時05分", "2025-01-13T10:05:00+07:00"),
        ("12/31/2025", "2025-12-31T00:00:00+07:00"),
        ("02.12.19", "2019-12-02T00:00:00+07:00"),
        ("Updated 10:30 PM EDT, Thu March 8, 2026", "2026-03-08T22:30:00-04:00"),
        ("11:25 PM - 10 Jul 2020", "2020-07-10T23:25:00+07:00"),
        ("10.56 WIB | Minggu, 8 Maret 2026", "2026-03-08T10:56:00+07:00"),
        ("Pukul 10:56, dan baru 8 Maret 2026", "2026-03-08T00:00:00+07:00"),
    ],
)
def test_printed_date_names_an_instant_with_its_offset(text, expected):
    assert read_date(text, JAKARTA).isoformat() == expected


def test_date_without_a_zone_is_in_the_outlets():
    assert read_date("08 Maret 2026 - 10:56", "Asia/Makassar").utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "text",
    [
        "2 hari lalu", "baru saja", "Kemarin", "", "Editor", "0000-00-00 00:00:00", "2026-13-01", "2026-02-30",
        "31 Februari 2026 - 10:00 WIB", "08 Maret 2026 - 25:00 WIB", "08 Entah 2026", "Kamis lalu", "1970-01-01",
        "1989-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "2026-03-08T10:00+99:99",
            "Nomor 20260308", "12026-03-08", "10 Desain 2023",
    ],
)  # fmt: skip
def test_what_names_no_possible_day_is_not_read(text):
    assert read_date(text, JAKARTA) is None


def test_date_is_refused_from_a_day_after_the_page_was_fetched():
    fetched_at = datetime(2026, 3, 8, 12, tzinfo=UTC)

    assert read_date("2026-03-09T12:00:00Z", JAKARTA, fetched_at)
    assert read_date("2026-03-09T12:00:01Z", JAKARTA, fetched_at) is None


@pytest.mark.parametrize(
    ("line", "is_stamp"),
    [
        ("Minggu, 08 Maret 2026 - 10:56:00 WIB", True),
        ("Senin, 08 Juli 2024 - 14:58:00 WIB | Bisnis", True),
        ("Jumat, 6 Maret 2026", True),
        ("Hal itu dikatakan Kamis, 2 September 2021 - 10:00 WIB", False),
        ("Kamis (2/9/2021)", False),
        ("2 hari lalu", False),
    ],
)
def test_date_stamp_is_a_line_with_a_date_and_nothing_else(line, is_stamp):
    assert is_date_stamp(line) is is_stamp


@pytest.mark.parametrize(
    ("text", "precision"),
    [("8 Maret 2026", "day"), ("8 Maret 2026 10:56", "minute"), ("2026-03-08T10:56:00Z", "second")],
)
def test_precision_is_that_of_the_print(text, precision):
    assert read_moment(text, JAKARTA).precision == precision


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://k.example/2026/03/08/judul", "2026-03-08"),
        ("https://k.example/judul-2026-3-8.html", "2026-3-8"),
        ("https://k.example/2026/judul", None),
        ("https://k.example/read/20260308123", None),
    ],
)
def test_address_may_name_a_day(url, day):
    assert day_of_url(url) == day


KNOWN = {
    "WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00", "SGT": "+08:00", "MYT": "+08:00", "HKT": "+08:00",
    "JST": "+09:00", "KST": "+09:00", "NZDT": "+13:00", "NZST": "+12:00", "AEDT": "+11:00", "ACST": "+09:30",
    "CET": "+01:00", "CEST": "+02:00", "EET": "+02:00", "MSK": "+03:00", "PKT": "+05:00", "NPT": "+05:45",
    "UT": "+00:00", "GMT": "+00:00", "Z": "+00:00", "EST": "-05:00", "EDT": "-04:00", "PST": "-08:00",
    "GMT+7": "+07:00", "GMT +7": "+07:00", "GMT-3": "-03:00", "UTC+07:00": "+07:00", "UTC+5:30": "+05:30",
    "GMT+0530": "+05:30", "UTC\u22125": "-05:00", "-500": "-05:00", "+530": "+05:30", "-5:00": "-05:00",
    "+0700 (WIB)": "+07:00", "+07:00[Asia/Jakarta]": "+07:00", "+0530 IST": "+05:30",
}  # fmt: skip
OPEN = ["IST", "CST", "BST", "AST", "GST", "SST", "WST", "AMT", "XKT"]
FORMS = ["Mon, 01 Dec 2025 10:00:00 {}", "2025-12-01 10:00:00 {}", "1 December 2025 10:00 {}"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("zone", "offset"), KNOWN.items())
def test_zone_that_is_known_counts_in_feeds_and_on_pages(form, zone, offset):
    for read in (read_feed_moment, read_moment):
        assert read(form.format(zone), "America/Lima").value.isoformat() == f"2025-12-01T10:00:00{offset}"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zone", OPEN)
def test_zone_that_nobody_can_tell_leaves_the_instant_open(form, zone):
    for time_zone in ("UTC", "Asia/Jakarta", "America/Lima"):
        assert read_feed_moment(form.format(zone), time_zone) is read_moment(form.format(zone), time_zone) is None
        assert has_ambiguous_zone(form.format(zone), time_zone)


@pytest.mark.parametrize("form", [*FORMS, "2025-12-01T10:00:00{}"])
@pytest.mark.parametrize("offset", ["+99:99", "-24:00", "+15:00", "+16:30"])
def test_offset_that_is_none_in_the_world_is_no_zone(form, offset):
    assert read_feed_moment(form.format(offset), JAKARTA) is read_moment(form.format(offset), JAKARTA) is None


@pytest.mark.parametrize("zone", ["Q", "XYZ", "Local", "07:00", "+99:99", "Somewhere/Else", "24", "+7 or so"])
def test_whatever_stands_in_the_zones_place_in_a_feed_is_no_time_of_the_outlet(zone):
    for form in FORMS[:2]:
        assert read_feed_moment(form.format(zone), JAKARTA) is None


@pytest.mark.parametrize(
    ("text", "time_zone", "expected"),
    [
        ("Mon, 01 Dec 2025 10:00:00 IST", "Asia/Kolkata", "2025-12-01T10:00:00+05:30"),
        ("Mon, 01 Dec 2025 10:00:00 IST", "Asia/Jerusalem", "2025-12-01T10:00:00+02:00"),
        ("Tue, 01 Jul 2025 10:00:00 IST", "Europe/Dublin", "2025-07-01T10:00:00+01:00"),
        ("Mon, 01 Dec 2025 10:00:00 CST", "Asia/Shanghai", "2025-12-01T10:00:00+08:00"),
        ("Mon, 01 Dec 2025 10:00:00 CST", "America/Chicago", "2025-12-01T10:00:00-06:00"),
        ("Tue, 01 Jul 2025 10:00:00 BST", "Europe/London", "2025-07-01T10:00:00+01:00"),
        ("Mon, 01 Dec 2025 10:00:00 BST", "Asia/Dhaka", "2025-12-01T10:00:00+06:00"),
        ("Mon, 01 Dec 2025 10:00:00 AST", "Asia/Riyadh", "2025-12-01T10:00:00+03:00"),
        ("Mon, 01 Dec 2025 10:00:00 AST", "America/Halifax", "2025-12-01T10:00:00-04:00"),
        ("Mon, 01 Dec 2025 10:00:00 PST", "Asia/Manila", "2025-12-01T10:00:00+08:00"),
        ("Mon, 01 Dec 2025 10:00:00 EST", "Australia/Sydney", "2025-12-01T10:00:00-05:00"),
    ],
)
def test_ambiguous_zone_is_the_outlets_where_its_own_has_that_name(text, time_zone, expected):
    for read in (read_feed_moment, read_moment):
        assert read(text, time_zone).value.isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-12-01T10:00:00Z", "2025-12-01T10:00:00+00:00"),
        ("20251201T100000+0700", "2025-12-01T10:00:00+07:00"),
        ("01 Dec 25 10:00 EST", "2025-12-01T10:00:00-05:00"),
        ("Lun, 01 d\u00e9c. 2025 10:00:00 CET", "2025-12-01T10:00:00+01:00"),
        ("Senin, 01 Desember 2025 10:00 WIB", "2025-12-01T10:00:00+07:00"),
        ("Mon Dec 01 10:00:00 SGT 2025", "2025-12-01T10:00:00+08:00"),
        ("2025-12-01 10:00:00 PM", "2025-12-01T22:00:00+07:00"),
        ("Mon, 01 Dec 2025 10:00:00", "2025-12-01T10:00:00+07:00"),
    ],
)
def test_time_in_a_feed_is_read_in_whatever_form(text, expected):
    assert read_feed_moment(text, JAKARTA).value.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["8 Maret 2026 10:56 Get ready", "08/03/2026 \u00e0 10h30 est", "8. M\u00e4rz 2026, 10:30 ist"]
)
def test_word_behind_a_time_is_no_zone(text):
    assert read_moment(text, JAKARTA).value.utcoffset() == timedelta(hours=7)
