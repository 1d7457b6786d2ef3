import pytest
from scrapy.http import HtmlResponse, Request

from scrapers.fetch.interstitials import interstitial
from tests.fault_server import FAULTS, article, page

URL = "https://www.example.com/news/one"
CHALLENGE = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'


def wall_of(body):
    return interstitial(HtmlResponse(URL, body=body.encode(), request=Request(URL)))


@pytest.mark.parametrize(
    ("name", "kind"), [("bot_wall", "bot_check"), ("cookie_wall", "cookies"), ("login", "login"), ("paywall", None)]
)
def test_wall_is_told_by_its_marks(name, kind):
    assert wall_of(str(FAULTS[name](None).body)) == kind


def test_article_is_no_wall_also_where_its_site_checks_browsers_and_lets_users_log_in():
    form = '<form><input type="password"></form>'

    assert wall_of(article("one")) is None
    assert wall_of(article("one", head=CHALLENGE + form)) is None


@pytest.mark.parametrize("title", ["Just in time: the harvest", "Login to your future: how a village got internet", ""])
def test_page_with_a_title_like_a_walls_and_nothing_else_of_one_is_none(title):
    assert wall_of(page("<p>Berita.</p>", title=title)) is None
