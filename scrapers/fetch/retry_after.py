"""What a busy host asks for: Retry-After as RFC 9110 (10.2.3) has it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response

BUSY = (429, 503)
UNSAID_S = 15 * 60.0  # where the header is missing or makes no sense
LEAST_S, MOST_S = 10.0, 24 * 3600.0  # what a host can ask for


def asked_for(response: Response) -> float:
    """Return how many seconds the response asks us to wait."""
    return seconds((response.headers.get("Retry-After") or b"").decode("latin-1"), datetime.now(UTC))


def seconds(retry_after: str, now: datetime) -> float:
    """Return how long to wait by the header, which gives seconds or a date; within LEAST_S and MOST_S."""
    text = retry_after.strip()
    if text.isdecimal() and len(text) < 12:
        return min(max(float(text), LEAST_S), MOST_S)
    try:
        asked = (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return UNSAID_S
    return min(asked, MOST_S) if asked > LEAST_S else UNSAID_S
