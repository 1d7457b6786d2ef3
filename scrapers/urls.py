"""Canonical URLs: which addresses are the same page, and which the same article."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string, url_query_cleaner

LONGEST_URL = 2000  # characters; browsers and servers take more, articles have no need of it
# Parameters that say where a click came from or whose session it is, never what is shown: the usual lists of Matomo,
# ClearURLs and courlan.
TRACKING = re.compile(
    r"(?:amp;)?(?:(?:utm|mtm|matomo|pk|piwik|itm|vero|oly|hsa|fb|ns|at|_hs)_\w+|_hsenc|_hsmi|mkt_tok|fbclid|gclid|gclsrc|"
    r"gbraid|wbraid|dclid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mibextid|srsltid|epik|s_kwcid|ef_id|"
    r"mc_cid|mc_eid|_ga|_gl|_openstat|ref_src|ref_url|cmpid|cmp|ito|ocid|xtor|wt_mc|ncid|smid|"
    r"__twitter_impression|amp_js_v|amp_gsa|usqp|aoh|phpsessid|jsessionid|replytocom)",
    re.IGNORECASE,
)
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
    r"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)*+(?::(?!(?:80|443)/)[1-9][0-9]{1,3}|:[1-5][0-9]{4})?"
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


SESSIONS = re.compile(r"(?i)phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|session_?id|cfid|cftoken")
PATH_SESSION = re.compile(r"(?i);jsessionid=[^/?#;]*")  # Java servers write it behind the path


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
    if ";" in url:
        url = PATH_SESSION.sub("", url)
    if "?" in url:
        tracking = [pair.split("=")[0] for pair in urlsplit(url).query.split("&")]
        tracking = [name for name in tracking if TRACKING.fullmatch(name) or SESSIONS.fullmatch(name)]
        if tracking:
            url = url_query_cleaner(url, tracking, remove=True, keep_fragments=False)
    for pattern, replacement in rewrites:
        url = re.sub(pattern, replacement, url)
    return url if PLAIN.fullmatch(url) else canonicalize_url(url)


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
    parts = urlsplit(canonical_url(without_amp_cache(url).replace("&amp;", "&")))
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
