"""An article page as an Article: for each field the candidate on which the page's layers agree best."""

from itertools import islice

from scrapers.errors import NotAnArticle
from scrapers.extract.body_fields import read_body
from scrapers.extract.candidate import Fields, best_candidates, build_article
from scrapers.extract.feed_evidence import add_feed_evidence
from scrapers.extract.fields.canonical_url import find_canonical_url
from scrapers.extract.metadata import read_metadata
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.notices import MAX_SENTENCE_LENGTH, is_notice, is_notice_sentence
from scrapers.items import Article

NOTICE_TAGS = ("h1", "h2", "h3", "p", "div", "span", "strong", "b")  # elements in which a notice may stand
MAX_TEXTS = 300  # of these elements that are examined


def extract_article(page: Page, rules: Rules) -> Article:
    """Return the article that the page holds; `provenance` names the rule of each field.

    Raises NotAnArticle: `empty_page` for a page without text; `not_an_article` for a list or home page and for any page
    without a headline or a body (a video, a photo); `too_deep` or `too_large` for a tree unlike any article's;
    `not_found_notice` where the page says that the article doesn't exist.
    """
    return build_from(ParsedPage(page, rules))


def build_from(parsed: ParsedPage) -> Article:
    """Return the article of a parsed page; raises NotAnArticle as extract_article does."""
    fields, url = find_fields(parsed), parsed.page.url
    missing = _reason_against(fields)
    if _is_notice(parsed, fields):
        raise NotAnArticle("not_found_notice", f"{url} is not an article: it says itself that there is none")
    if missing:
        raise NotAnArticle("not_an_article", f"{url} is not an article: {missing}")
    article = build_article(parsed.rules.outlet, url, best_candidates(fields))
    return add_feed_evidence(article, parsed.page.announced)


def is_article(fields: Fields) -> bool:
    """Return whether the fields make an article: an article's kind, a headline, a body, and no notice in its place."""
    return _reason_against(fields) is None and not is_notice(_headline(fields), fields["article_body"][0].value)


def read_fields(page: Page, rules: Rules) -> Fields:
    """Return the candidates for each field of a page, whether it is an article or not.

    Raises NotAnArticle where the page can't be parsed: `empty_page`, `too_deep`, `too_large`.
    """
    return find_fields(ParsedPage(page, rules))


def find_fields(parsed: ParsedPage) -> Fields:
    """Return the candidates for each field of a parsed page."""
    metadata = read_metadata(parsed)
    url = find_canonical_url(parsed.link_href("canonical"), parsed.meta, parsed.page.url)
    return {"canonical_url": [url], **metadata, **read_body(parsed, metadata)}


def _is_notice(parsed: ParsedPage, fields: Fields) -> bool:
    """Return whether the page says that there is no article; without a body, any short text on it may say so."""
    headline = _headline(fields)
    if fields["article_body"]:
        return is_notice(headline, fields["article_body"][0].value)
    texts = (element.text for element in islice(parsed.root.iter(*NOTICE_TAGS), MAX_TEXTS))
    short_texts = (text for text in texts if text and len(text) <= MAX_SENTENCE_LENGTH)
    return is_notice_sentence(headline) or any(map(is_notice_sentence, short_texts))


def _headline(fields: Fields) -> str:
    return fields["headline"][0].value if fields["headline"] else ""


def _reason_against(fields: Fields) -> str | None:
    """Return why the fields make no article; None where they do, unless they are a notice's."""
    kind = fields["kind"][0]
    if kind.value in ("index", "other"):
        return f"by {kind.rule} it is of another kind ({kind.value})"
    return next((f"it has no {name.split('_')[-1]}" for name in ("headline", "article_body") if not fields[name]), None)
