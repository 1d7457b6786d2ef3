"""Canonical URLs: which addresses are the same page, and which the same article."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string, url_query_cleaner

# Parameters that say where a click came from, never what is shown: the usual lists of Matomo, ClearURLs and courlan.
TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|_ga|_gl|ref_src|ref_url|"
    r"cmpid|ito|ocid|__twitter_impression|amp_js_v|usqp)$",
    re.IGNORECASE,
)

Rewrites = Sequence[tuple[str, str]]  # (regular expression, replacement), applied in order
# An address of which nothing has to be escaped, folded or left out: most are so, and millions are looked at.
PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?!(?:80|443)/)[1-9][0-9]{1,3}|:[1-5][0-9]{4})?/[A-Za-z0-9/._~-]*"
)
NO_QUERY = (r"\?.*$", "")  # of an outlet that tells its articles apart by their paths alone


def clean_url(url: str) -> str:
    """Return `url` as the ledger keeps it: escaped, host in lower case, no default port, no fragment."""
    if PLAIN.fullmatch(url):
        return url
    parts = urlsplit(safe_url_string(url.strip()))
    port = None if parts.port == {"http": 80, "https": 443}.get(parts.scheme) else parts.port
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host  # IPv6
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, parts.path or "/", parts.query, ""))


def canonical_url(url: str, rewrites: Rewrites = ()) -> str:
    """Return the address that stands for `url` and its variants, by general rules and the outlet's `rewrites`."""
    url = clean_url(url)
    if "?" in url:
        tracking = [pair.split("=")[0] for pair in urlsplit(url).query.split("&")]
        tracking = [name for name in tracking if TRACKING.match(name)]
        if tracking:
            url = url_query_cleaner(url, tracking, remove=True, keep_fragments=False)
    for pattern, replacement in rewrites:
        url = re.sub(pattern, replacement, url)
    return url if PLAIN.fullmatch(url) else canonicalize_url(url)


def url_key(url: str) -> str:
    """Return what `url` has in common with its twins: no scheme, no `www.` or `m.`, no slash at the end."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    host = re.sub(r"^(www|m|amp|mobile)\.", "", parts.netloc)
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
