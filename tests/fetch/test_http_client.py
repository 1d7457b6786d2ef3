"""What a crawl reads of answers whose head is odd, as browsers and curl do; and where it stops."""

import time
from types import SimpleNamespace

import pytest
from twisted.web._newclient import HEADER, ParseError

from scrapers.fetch.http_client import MOST_HEAD, HttpParser
from tests.fault_server import article

BODY = article("kepala").encode()
TYPE = "Content-Type: text/html; charset=utf-8\r\n"
LENGTH = f"Content-Length: {len(BODY)}\r\n"
COOKIE = "Set-Cookie: a=1; Path=/\r\n"
CHUNKED = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n"

READ = {
    "a line of 20 KB": f"HTTP/1.1 200 OK\r\n{TYPE}{LENGTH}Content-Security-Policy: script-src {'x' * 20_000}\r\n\r\n",
    "a line of 200 KB": f"HTTP/1.1 200 OK\r\n{TYPE}{LENGTH}Link: {'x' * 200_000}\r\n\r\n",
    "many lines": f"HTTP/1.1 200 OK\r\n{TYPE}{LENGTH}{COOKIE * 900}\r\n",
    "a name in quotes": f'HTTP/1.1 200 OK\r\n"X-Quoted": 1\r\n{TYPE}{LENGTH}\r\n',
    "a name with spaces": f"HTTP/1.1 200 OK\r\nX Powered By: us\r\n{TYPE}{LENGTH}\r\n",
    "a space before the colon": f"HTTP/1.1 200 OK\r\n{TYPE.replace(':', ' :')}{LENGTH.replace(':', ' :')}\r\n",
    "a name of other bytes": f"HTTP/1.1 200 OK\r\nX-\xe9t\xe9: 1\r\n\x01: 2\r\n: 3\r\n{TYPE}{LENGTH}\r\n",
    "a line without a colon": f"HTTP/1.1 200 OK\r\nno header at all\r\n{TYPE}{LENGTH}\r\n",
    "a first line that goes on": f"HTTP/1.1 200 OK\r\n  from nowhere\r\n{TYPE}{LENGTH}\r\n",
    "a folded header": f"HTTP/1.1 200 OK\r\nX-Long: a\r\n  b\r\n\tc\r\n{TYPE}{LENGTH}\r\n",
    "line feeds alone": f"HTTP/1.1 200 OK\r\n{TYPE}{LENGTH}\r\n".replace("\r\n", "\n"),
    "identity": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n{TYPE}{LENGTH}\r\n",
    "identity without a length": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: Identity\r\n{TYPE}Connection: close\r\n\r\n",
    "chunked, and identity": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked, identity\r\n{TYPE}\r\n",
    "chunked, and a length": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n{TYPE}\r\n",
    "chunked twice": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n{TYPE}\r\n",
    "a length twice": f"HTTP/1.1 200 OK\r\n{TYPE}{LENGTH}{LENGTH}\r\n",
    "a length that is none": f"HTTP/1.1 200 OK\r\nContent-Length: unknown\r\n{TYPE}\r\n",
    "no reason": f"HTTP/1.1 200\r\n{TYPE}{LENGTH}\r\n",
    "spaces in the status line": f"HTTP/1.1  200  OK\r\n{TYPE}{LENGTH}\r\n",
    "a radio's status line": f"ICY 200 OK\r\n{TYPE}{LENGTH}\r\n",
    "no version": f"HTTP 200 OK\r\n{TYPE}{LENGTH}\r\n",
    "a whole version": f"HTTP/2 200\r\n{TYPE}{LENGTH}\r\n",
    "small letters": f"http/1.1 200 ok\r\n{TYPE}{LENGTH}\r\n",
    "an empty line first": f"\r\nHTTP/1.1 200 OK\r\n{TYPE}{LENGTH}\r\n",
    "early hints": f"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n{TYPE}{LENGTH}\r\n",
}
REFUSED = {
    "a head without end": f"HTTP/1.1 200 OK\r\n{TYPE}{COOKIE * 20_000}\r\n",
    "a line without end": f"HTTP/1.1 200 OK\r\n{TYPE}X-Long: {'x' * 300_000}\r\n\r\n",
    "hints without end": "HTTP/1.1 103 Early Hints\r\n\r\n" * 20_000,
    "an unknown coding": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n{TYPE}\r\n",
    "two lengths": f"HTTP/1.1 200 OK\r\n{TYPE}Content-Length: 5\r\nContent-Length: 50\r\n\r\n",
    "no number": f"HTTP/1.1 OK fine\r\n{TYPE}\r\n",
}


def test_answer_with_an_odd_head_is_read_and_one_without_end_is_an_error_of_its_page(crawl_faults, faults, database):
    heads = READ | REFUSED
    paths = {f"/berita/jembatan-baru-kepala-nomor-{n}": name for n, name in enumerate(heads)}
    for path, name in paths.items():
        faults.answers[path] = _sending(heads[name], CHUNKED if "chunked" in name else BODY)

    at_once = ("-s", "RETRY_TIMES=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
    crawl_faults(*(path for path, name in paths.items() if name in READ), faults.articles[0], *at_once)
    # after the others: five that are refused one after another close the host
    result = crawl_faults(*(path for path, name in paths.items() if name in REFUSED), *at_once)

    rows = database.execute("SELECT url, state, reason FROM pages").fetchall()
    found = {url.removeprefix(faults.address): (state, reason) for url, state, reason in rows}
    assert {name: found[path] for path, name in paths.items() if name in READ} == dict.fromkeys(READ, ("stored", None))
    assert {found[path][0] for path, name in paths.items() if name in REFUSED} == {"deferred"}, result.err
    assert found[faults.articles[0]] == ("stored", None)


@pytest.mark.parametrize("line", [b"a:\n", b"a\n", b" a\n", b"a: b\r\n c\r\n"])
def test_head_of_many_short_lines_takes_time_in_proportion_to_its_length(line):
    least, most = (min(_cpu_s(line, MOST_HEAD // part) for _ in range(3)) for part in (16, 1))

    assert most < 60 * max(least, 0.001)


def test_head_may_be_so_long_and_no_longer():
    parser = _in_head()
    parser.dataReceived(b"a: b\n" * (MOST_HEAD // 5))

    with pytest.raises(ParseError, match="more than 256 KiB of headers"):
        parser.dataReceived(b"a: b\n")


def _cpu_s(line, size):
    parser = _in_head()
    begun = time.process_time()
    parser.dataReceived(b"a: b\n" + line * ((size - 10) // len(line)))
    return time.process_time() - begun


def _in_head():
    parser = HttpParser(SimpleNamespace(method=b"GET"), None)
    parser.makeConnection(None)
    parser.state = HEADER
    return parser


def _sending(head, body):
    return lambda request: request.send(head.encode("latin-1") + body)
