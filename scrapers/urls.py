"""Canonical URLs: which addresses are the same page, and which the same article."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, unquote, unquote_plus, urlsplit

import ada_url

LONGEST_URL = 2000  # characters; browsers and servers take more, articles have no need of it
# Parameters that say where a click came from: names and beginnings of names; the file says whose lists they are.
_LISTED = [
    line
    for line in (Path(__file__).with_name("tracking_parameters.txt").read_text("utf-8").splitlines())
    if line and not line.startswith("#")
]
TRACKING = frozenset(name for name in _LISTED if not name.endswith("*"))
TRACKING_BEGINS = tuple(name.removesuffix("*") for name in _LISTED if name.endswith("*"))
# The same on an article's page, where a list might mean something by them.
SHARING = re.compile(
    r"ref|referr?er|source|src|from|via|share|nb|medium|campaign|tag_from|mtype|mpinfo|jx\w+|lgn_method|google_btn|sfnsn|"
    r"_x_tr_\w+|print",
    re.IGNORECASE,
)
AMP = re.compile(r"amp(?:=(?:1|true|yes)?)?|(?:output_?type|output|view|mode|format|type)=amp(?:-type)?", re.IGNORECASE)
# Part of an article, or all of its parts
PART = re.compile(r"(?:page|paged|halaman|hal|pg)=(?:all|full|\d{1,3})|(?:show_?page|single)=(?:all|1)", re.IGNORECASE)

Rewrites = Sequence[tuple[str, str]]  # (regular expression, replacement), applied in order
# An address of which nothing has to be escaped, folded or left out: most are so, and millions are looked at.
PLAIN = re.compile(
    r"https?://(?![^/]*xn--)(?>(?:[a-z0-9-]++\.)*)[a-z][a-z0-9-]*+(?::(?!(?:80|443)/)[1-9][0-9]{1,3}|:[1-5][0-9]{4})?"
    r"(?!.*/\.\.?(?:/|\Z))/[A-Za-z0-9/._~-]*"  # without `.` and `..`, which stand for other addresses
)
NO_QUERY = (r"\?.*$", "")  # of an outlet that tells its articles apart by their paths alone

# https://developers.google.com/amp/cache/overview, and the viewers of Google and Bing
AMP_CACHE = re.compile(
    r"^https?://(?:[^/]+\.cdn\.ampproject\.org/(?:wp/)?[a-z]|(?:www\.)?google\.[a-z.]+/amp|(?:www\.)?bing-amp\.com/c)"
    r"/(s/)?(?=[^/]+\.[a-z])",
    re.IGNORECASE,
)
# www.co.id is a site's name, not a form of co.id
HOST_FORMS = re.compile(
    r"^(?:(?:www\d?|m|mobile|mobi|wap|touch|amp)\.(?!(?:com?|net|org?|go|ac|web|my)\.[a-z]+$)(?=[^.]+\.))+"
)
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
PATH_FORMS = (
    (re.compile(r"^/amp/|/amp(?:html)?/(?=[^/]+$)"), "/"),
    (re.compile(r"/amp(?:html|\.html)?$"), ""),
    (re.compile(r"(?:\.amp|-amp)(?=\.html?$)"), ""),
    (re.compile(r"/(?:all|full|print|cetak|\d{1,2}|comment-page-\d{1,3}|(?:page|halaman)[/-]?\d{1,3})$"), ""),
)
LIST = re.compile(
    r"/(?:authors?|cari|category|categories|channel|find|foto|galleri|gallery|galeri|home|indeks|index|indeks-berita|kanal|"
    r"kategori|labels?|page|penulis|populer|search|section|tags?|tagar|terkini|topics?|topik|users?|videos?)/",
    re.IGNORECASE,
)
DAY = re.compile(r"\d{1,4}-\d{1,2}-\d{1,4}")


# Whose session it is: never what is shown
SESSIONS = re.compile(r"(?i)phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|session_?id|cfid|cftoken")
PATH_SESSION = re.compile(r"(?i);jsessionid=[^/;]*")  # Java servers write it behind the path
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
UNSAFE = re.compile(
    r"[^A-Za-z0-9._~:/?#@!$&'()*+,;=%-]"
)  # what browsers leave in an address, and RFC 3986 doesn't allow
LOCAL_HOST = re.compile(r"(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?")  # has no certificate
REMOTE_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+\.?(?::\d{1,5})?|[\w-]+:\d{1,5}|\[[0-9a-f:.]+\](?::\d{1,5})?")
HTML_AMPERSAND = re.compile(r"(?:amp;)*", re.IGNORECASE)  # what is left of `&amp;` behind its `&`


def clean_url(url: str) -> str:
    """Return `url` as the ledger keeps it: as a browser would send it, and without user, default port and fragment.

    So the host is in lower case and in ASCII, `.` and `..` in the path are resolved, a backslash is a slash, and tabs
    and line ends are left out: https://url.spec.whatwg.org/. Besides, what RFC 3986 doesn't allow is escaped, as Scrapy
    does when it sends the address. Raises ValueError where it is no http or https address.
    """
    if PLAIN.fullmatch(url):
        return url
    parsed = ada_url.URL(
        url.strip()
    )  # strip takes more than the standard does: no-break spaces come with pasted addresses
    host = parsed.hostname.rstrip(".")  # the root of all domains
    if not host or parsed.protocol not in ("http:", "https:"):
        raise ValueError(f"{url[:200]!r} is no http or https address")
    port = f":{parsed.port}" if parsed.port else ""
    address = f"{parsed.protocol}//{host}{port}"
    rest = f"{parsed.pathname}{parsed.search}"
    rest = UNSAFE.sub(_escaped, rest) if UNSAFE.search(rest) else rest
    # Without its last dot a name may be a number, such as `0x7f.`: that is 0.0.0.127
    return address + rest if host == parsed.hostname else clean_url(address + rest)


def with_scheme(url: str) -> str:
    """Return an address with its scheme: where none is given https, on this machine http.

    What can be no host, such as a word alone, is returned as it is.
    """
    text = url.strip()
    host = re.split(r"[/?#]", text, maxsplit=1)[0].lower()
    if LOCAL_HOST.fullmatch(host):
        return f"http://{text}"
    return f"https://{text}" if REMOTE_HOST.fullmatch(host) else url


def is_address(url: str) -> bool:
    """Return whether `url` is an http or https address that can be asked for."""
    try:
        return bool(clean_url(url))
    except ValueError:
        return False


def canonical_url(url: str, rewrites: Rewrites = ()) -> str:
    """Return the address that stands for `url` and its variants, by general rules and the outlet's `rewrites`.

    Of the query only tracking and sessions are left out, and parameters stand in the order of their names. A canonical
    address stays as it is, unless `rewrites` would change it. Raises ValueError where `clean_url` does.
    """
    once = _canonical(clean_url(url))
    rewritten = once
    for pattern, replacement in rewrites:
        rewritten = re.sub(pattern, replacement, rewritten)
    return once if rewritten == once else _canonical(clean_url(rewritten))


def _canonical(url: str) -> str:
    """Return a clean address with its escapes in one form, and without sessions and tracking."""
    if PLAIN.fullmatch(url):
        return url
    address, _, query = url.partition("?")
    if "%" in url:
        address, query = ESCAPE.sub(_same_escape, address), ESCAPE.sub(_same_escape, query)
    if ";" in address and (without_session := PATH_SESSION.sub("", address)) != address:
        return _canonical(clean_url(f"{without_session}?{query}"))  # what is left may be a `..`
    query = _canonical_query(query) if query else ""
    return f"{address}?{query}" if query else address


def _canonical_query(query: str) -> str:
    """Return the query without tracking; parameters of one name keep their order, which may count."""
    pairs = [kept for pair in query.split("&") if pair and (kept := _without_tracking(pair))]
    if all("=" in pair for pair in pairs):  # one without may be told by its place: `?/news/some-article&print`
        pairs.sort(key=lambda pair: pair.partition("=")[0])
    return "&".join(pairs)


def _without_tracking(pair: str) -> str:
    """Return a parameter unless it is of tracking; some servers split at `;` too, so there may be further ones."""
    begin = HTML_AMPERSAND.match(pair)
    ampersand = begin[0] if begin else ""
    kept, is_kept = [], True
    for number, part in enumerate(pair[len(ampersand) :].split(";")):
        name, equals, _ = part.partition("=")
        if number == 0 or equals:  # else it belongs to the value before
            is_kept = not _is_tracking(name)
        if is_kept:
            kept.append(part)
    return ampersand + ";".join(kept) if kept else ""


def _is_tracking(name: str) -> bool:
    name = unquote_plus(name).strip().lower()
    return name in TRACKING or name.startswith(TRACKING_BEGINS) or SESSIONS.fullmatch(name) is not None


def _escaped(found: re.Match[str]) -> str:
    return quote(found[0], safe="")


def _same_escape(found: re.Match[str]) -> str:
    """Return an escape in the one form that RFC 3986 (6.2.2) gives it; a `%` that begins none is one itself."""
    if found[1] is None:
        return "%25"
    character = chr(int(found[1], 16))
    return character if character in UNRESERVED else found[0].upper()


def without_amp_cache(url: str) -> str:
    """Return the publisher's address of a page in a cache or viewer of AMP pages; any other address as it is."""
    if found := AMP_CACHE.match(url.strip()):
        return f"{'https' if found[1] else 'http'}://{url.strip()[found.end() :]}"
    return url


def url_key(url: str) -> str:
    """Return what all addresses of an article have in common, for comparing: no scheme, and no form of host or path.

    Forms are those of the web at large: www., mobile and AMP hosts, AMP paths and parameters, an article's page
    numbers, print, index pages, slashes. What is not an article's address by its look keeps its page number.
    """
    try:
        parts = urlsplit(canonical_url(without_amp_cache(url).replace("&amp;", "&")))
    except ValueError:  # no address; it has itself in common with itself
        return url
    if not parts.netloc:
        return url
    path = re.sub(r"(?i);jsessionid=[^/]*", "", re.sub(r"/{2,}", "/", parts.path))
    path = _without_forms(INDEX_PAGE.sub("/", path).removesuffix(".amp").rstrip("/"))
    is_article = is_article_path(path)
    pairs = [pair for pair in parts.query.split("&") if pair and not _says_nothing(pair, is_article=is_article)]
    return HOST_FORMS.sub("", parts.netloc) + path + ("?" + "&".join(pairs) if pairs else "")


def _without_forms(path: str) -> str:
    """Return an article's path without what asks for another form of it; each form at most once."""
    for pattern, replacement in PATH_FORMS:
        shorter = pattern.sub(replacement, path, count=1).rstrip("/")
        if shorter != path and is_article_path(shorter):
            path = shorter
    return path


def _says_nothing(pair: str, *, is_article: bool) -> bool:
    name = pair.split("=")[0]
    if AMP.fullmatch(pair):
        return True
    return is_article and bool(PART.fullmatch(unquote(pair)) or SHARING.fullmatch(name))


def is_article_path(path: str) -> bool:
    """Return whether a path looks like an article's and not like a list's.

    It ends in a headline of four words, or of two with a number of five digits or a date before or in it.
    """
    folders, _, slug = path.rstrip("/").rpartition("/")
    if LIST.search(f"{folders}/") or DAY.fullmatch(slug):
        return False
    words = [word for word in re.split(r"[-_.+]", slug) if word]
    is_numbered = re.search(r"\d{5}|/\d{4}/\d{1,2}(?:/|$)|\d{2}[A-Za-z\d]{9}$", path) is not None
    return len(words) >= 4 or (is_numbered and (len(words) >= 2 or re.search(r"\d{5}", slug) is not None))


def lacks_slash(url: str) -> bool:
    """Return whether an address could end in a slash, and doesn't: no file, no query, not the front page."""
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2]
    return bool(name) and "." not in name and not parts.query and not parts.fragment


def other_spelling(url: str) -> str | None:
    """Return the address with a slash at its end, or without the one it has; None where one of them makes no sense."""
    if lacks_slash(url):
        return f"{url}/"
    return url[:-1] if url.endswith("/") and lacks_slash(url[:-1]) else None


def host_of_url(url: str) -> str:
    """Return host and port of an http or https address; empty where it is none."""
    try:
        parts = urlsplit(url)
        host = parts.netloc if parts.hostname and parts.scheme in ("http", "https") else ""
    except ValueError:  # brackets that hold no address
        return ""
    return host
