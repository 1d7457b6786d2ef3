"""Compressed answers are taken only where they are whole: Scrapy hands on what it can read of them, and is silent."""

import zlib
from collections.abc import Sequence

import brotli  # type: ignore[import-untyped]
import zstandard
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware


class CorruptBody(Exception):
    """The body is compressed, and damaged or cut short."""


class WholeBodiesMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, which fails where the body is not whole, so that its page is asked for again."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        coding = encoding.decode()
        try:
            decoded = HttpCompressionMiddleware._decode(body, encoding, max_size)
        except (OSError, EOFError, zlib.error, brotli.error) as error:
            raise CorruptBody(f"{coding} cannot be read: {error}") from error
        if not is_whole(body, coding, decoded):
            raise CorruptBody(f"{coding} is damaged, or ends early: {len(body)} bytes gave {len(decoded)}")
        return decoded


def unpacked(body: bytes, codings: Sequence[bytes], most: int) -> bytes:
    """Return a body without these values of Content-Encoding.

    Raises CorruptBody where it is not whole or the coding is unknown, ValueError where it is longer than `most` bytes.
    """
    known, unknown = HttpCompressionMiddleware._split_encodings(list(codings))
    if unknown:
        raise CorruptBody(f"unknown coding {unknown[-1]!r}")
    for coding in known:
        body = WholeBodiesMiddleware._decode(body, coding, most)
    return body


def is_whole(body: bytes, coding: str, decoded: bytes) -> bool:
    """Return whether `decoded` is all of the compressed body, by the format's own checksum or end mark."""
    if coding in ("gzip", "x-gzip"):
        trailer = zlib.crc32(decoded).to_bytes(4, "little") + (len(decoded) & 0xFFFFFFFF).to_bytes(4, "little")
        return body.endswith(trailer) or _is_whole_gzip(body)
    if coding == "deflate":  # some servers send it raw, without a checksum
        is_raw = body[:1] != b"\x78"
        return is_raw or body.endswith(zlib.adler32(decoded).to_bytes(4, "big"))
    if coding == "br":
        stream = brotli.Decompressor()
        stream.process(body)
        return bool(stream.is_finished())
    if coding == "zstd":
        return _is_whole_zstd(body)
    return True


def _is_whole_gzip(body: bytes) -> bool:
    """Return whether each member is whole; what follows the last and is none is left alone, as browsers do."""
    while body[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(body)
        except zlib.error:
            return False
        if not member.eof:
            return False
        body = member.unused_data
    return True


def _is_whole_zstd(body: bytes) -> bool:
    while body:
        frame = zstandard.ZstdDecompressor().decompressobj()
        frame.decompress(body)
        if not frame.eof:
            return False
        body = frame.unused_data
    return True
