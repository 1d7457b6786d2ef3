import pytest
from scrapy.http import HtmlResponse, Request

from scrapers.fetch.opt_outs import opt_outs
from scrapers.fetch.visit import Visit

URL = "https://www.example.com/news/one"


def found(headers=(), body="", **visit):
    response = HtmlResponse(URL, headers=headers, body=body.encode(), request=Request(URL))
    return opt_outs(response, Visit(**visit), "warta")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("noarchive", ("noarchive",)),
        ("NOINDEX, NoArchive", ("noarchive",)),
        ("warta: noarchive, noai", ("noarchive", "noai")),
        ("googlebot: noarchive", ()),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive", ("noarchive",)),
        ("max-snippet:-1, noai", ("noai",)),
        ("index, follow", ()),
        ("nonarchive", ()),
        ("", ()),
    ],
)
def test_x_robots_tag_is_read_with_whom_it_is_addressed_to(value, said):
    assert found({"X-Robots-Tag": value}) == said


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ('<meta name="robots" content="noarchive">', ("noarchive",)),
        ("<META CONTENT='index,noarchive' NAME='Robots'/>", ("noarchive",)),
        ("<meta name=robots content=noarchive>", ("noarchive",)),
        ('<meta name="warta" content="noai">', ("noai",)),
        ('<meta name="googlebot" content="noarchive">', ()),
        ('<meta name="tdm-reservation" content="1">', ("tdm",)),
        ('<meta name="tdm-reservation" content="0">', ()),
        ('<meta name="description" content="noarchive">', ()),
    ],
)
def test_meta_elements_are_read(meta, said):
    assert found(body=f"<html><head>{meta}</head></html>") == said


@pytest.mark.parametrize(
    ("meta", "header", "file", "said"),
    [
        ("", None, True, ("tdm",)),
        ("", "0", True, ()),
        ("", "1", False, ("tdm",)),
        ("", "2", True, ("tdm",)),
        ('<meta name="tdm-reservation" content="0">', "1", True, ()),
        ('<meta name="tdm-reservation" content="1">', "0", False, ("tdm",)),
    ],
)
def test_what_the_page_says_goes_before_its_header_and_that_before_the_sites_file(meta, header, file, said):
    headers = {"tdm-reservation": header} if header else {}

    assert found(headers, f"<head>{meta}</head>", reserves_tdm=file) == said


def test_tdm_reservation_header_and_rules_for_ai_crawlers_are_opt_outs():
    assert found({"tdm-reservation": "1"}, forbids_ai=True) == ("tdm", "ai_crawlers")
    assert found({"tdm-reservation": "0"}, forbids_ai=False) == ()
