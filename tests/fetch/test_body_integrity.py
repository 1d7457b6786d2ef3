import gzip
import zlib

import pytest

from scrapers.fetch.body_integrity import CorruptBody, WholeBodiesMiddleware
from tests.fault_server import article, compressed

BODY = article("whole").encode()
MOST = 16 << 20


def decode(body, coding):
    return WholeBodiesMiddleware._decode(body, coding.encode(), MOST)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_whole_body_is_taken(coding):
    assert decode(compressed(BODY, coding), coding) == BODY


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_body_that_ends_early_is_not(coding, part):
    whole = compressed(BODY, coding)

    with pytest.raises(CorruptBody):
        decode(whole[: int(len(whole) * part)], coding)


def test_no_flipped_bit_of_a_gzipped_body_passes():
    whole = compressed(BODY, "gzip")

    for at in range(10, len(whole)):  # the header before it holds nothing of the text
        with pytest.raises(CorruptBody):
            decode(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :], "gzip")


def test_what_servers_do_and_browsers_take_is_taken():
    half = len(BODY) // 2
    raw = zlib.compressobj(wbits=-15)

    assert decode(gzip.compress(BODY[:half]) + gzip.compress(BODY[half:]), "gzip") == BODY
    assert decode(gzip.compress(BODY) + b"\0\0\0\0", "gzip") == BODY
    assert decode(raw.compress(BODY) + raw.flush(), "deflate") == BODY
