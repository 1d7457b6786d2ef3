import zstandard
from scrapy.http import HtmlResponse, Request

from scrapers.fetch.heads import MOST_BYTES, request_head, response_head
from tests.fault_server import Answer, article

SECRETS = {
    "Set-Cookie": "sid=rahasia", "Authorization": "Basic rahasia", "WWW-Authenticate": "Negotiate rahasia",
    "X-Auth-Token": "rahasia", "X-Api-Key": "rahasia", "X-Session-Id": "rahasia",
}  # fmt: skip


def test_head_of_a_request_is_what_is_sent():
    request = Request("http://user:rahasia@www.example.com:8080/a%20b?x=1", headers={"Accept": "text/html", **SECRETS})

    head = request_head(request)

    assert head == b"GET /a%20b?x=1 HTTP/1.1\r\nHost: www.example.com:8080\r\nAccept: text/html\r\n\r\n"


def test_head_of_an_answer_has_every_value_in_its_order_and_no_secret():
    given = {"Server": "nginx", "Link": ["<a>; rel=next", "<b>; rel=prev"], "X-Author": "Dewi", **SECRETS}
    response = HtmlResponse("http://x.test/", status=404, headers=given, protocol="HTTP/1.0")

    assert response_head(response).decode().split("\r\n") == [
        "HTTP/1.0 404 Not Found", "Server: nginx", "Link: <a>; rel=next", "Link: <b>; rel=prev", "X-Author: Dewi",
        "", "",
    ]  # fmt: skip


def test_status_that_no_standard_names_has_no_reason():
    assert response_head(HtmlResponse("http://x.test/", status=599)) == b"HTTP/1.1 599\r\n\r\n"


def test_head_has_an_end():
    head = response_head(HtmlResponse("http://x.test/", headers={f"X-{n}": "a" * 1000 for n in range(1000)}))

    assert MOST_BYTES - 2000 < len(head) < MOST_BYTES + 100
    assert head.endswith(b"a\r\n\r\n")


def kept(database):
    rows = database.execute(
        "SELECT request_headers, response_headers FROM fetches WHERE page_id IS NOT NULL"
    ).fetchall()
    return [tuple(head and zstandard.decompress(head).decode("latin-1") for head in row) for row in rows]


def test_headers_are_kept_with_the_body_of_a_page(crawl_faults, faults, database, balance):
    headers = {"X-Cache": "HIT", "Last-Modified": "Mon, 15 Dec 2025 03:56:00 GMT", "Set-Cookie": "sid=rahasia"}
    faults.answers[faults.articles[0]] = Answer(article(1), headers=headers)

    crawl_faults(faults.articles[0])

    [(asked, answered)] = kept(database)
    assert asked.startswith(f"GET {faults.articles[0]} HTTP/1.1\r\nHost: faults.localhost:{faults.port}\r\n")
    assert "\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n" in asked
    assert "\r\nUser-Agent: warta/" in asked
    assert answered.startswith("HTTP/1.1 200 OK\r\n")
    assert "\r\nX-Cache: HIT\r\nLast-Modified: Mon, 15 Dec 2025 03:56:00 GMT\r\n" in answered
    assert "rahasia" not in asked + answered


def test_page_that_asks_for_no_copy_leaves_no_headers(crawl_faults, database, balance):
    crawl_faults("/fault/article?header=X-Robots-Tag:noarchive")

    assert kept(database) == [(None, None)]
