"""Conditional requests (RFC 9110, 13): what did not change is not sent again."""

from scrapy.http import Response

LONGEST = 1000  # of a validator that is kept; longer ones are no use to anybody


def validators(response: Response) -> tuple[str | None, str | None]:
    """Return the answer's ETag and Last-Modified as sent, None where there is none."""
    return _header(response, "ETag"), _header(response, "Last-Modified")


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return If-None-Match and If-Modified-Since for the validators of the last answer, as far as it had them."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def _header(response: Response, name: str) -> str | None:
    value = (response.headers.get(name) or b"").decode("latin-1").replace("\0", "").strip()
    return value if 0 < len(value) <= LONGEST else None
