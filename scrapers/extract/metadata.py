"""All fields of an article page but those of its body."""

from typing import Any

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.dom.links import absolute
from scrapers.extract.fields.access import find_paywalled
from scrapers.extract.fields.authors import find_authors
from scrapers.extract.fields.dates import DateCandidates, find_modified, find_published
from scrapers.extract.fields.headline import find_alternative_headlines, find_headlines
from scrapers.extract.fields.identifier import find_identifiers
from scrapers.extract.fields.kind import find_kind
from scrapers.extract.fields.lead_image import find_lead_image
from scrapers.extract.fields.next_pages import find_next_pages
from scrapers.extract.fields.related import find_related
from scrapers.extract.fields.topics import find_keywords, find_sections
from scrapers.extract.layers import json_ld, meta
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, compact
from scrapers.items import Charset

Metadata = dict[str, list[Candidate[Any]]]

UNSEEN = ("json_ld:", "meta:", "script:")  # rules by which no reader sees what they find
MAX_HEADLINE_LENGTH = 1000  # characters; a longer one is a text in the wrong element


def read_metadata(parsed: ParsedPage) -> Metadata:
    """Return the candidates for each field that doesn't depend on the article's body."""
    article = parsed.json_ld_article
    authors, published, headlines = find_authors(parsed), find_published(parsed), _headlines(parsed)
    signed_by = [found.rule for found in authors] + [found.rule for found in published if found.value]
    return {
        "headline": headlines,
        "alternative_headline": find_alternative_headlines(parsed, headlines),
        "description": present(
            json_ld.text(article, "description"), meta.content(parsed.meta, "og:description", "description")
        ),
        "author": authors,
        **_of_outlet(parsed),
        "article_section": find_sections(parsed),
        "keywords": find_keywords(parsed),
        "image": present(find_lead_image(parsed)),
        "related": present(find_related(parsed)),
        "kind": find_kind(
            parsed,
            is_signed=bool(signed_by),
            is_bylined=any(not rule.startswith(UNSEEN) for rule in signed_by),
        ),
        "is_paywalled": find_paywalled(parsed),
        "identifier": find_identifiers(parsed),
        "amp_url": present(_amp_url(parsed)),
        "next_pages": present(find_next_pages(parsed)),
        "charset": present(_charset(parsed)),
        **_date_fields("date_published", published),
        **_date_fields("date_modified", find_modified(parsed)),
    }


def _of_outlet(parsed: ParsedPage) -> Metadata:
    """Return the fields that an outlet's rules may declare; these go first, since many templates are wrong there."""
    rules, article = parsed.rules, parsed.json_ld_article
    return {
        "publisher": present(
            Candidate(rules.publisher, "outlet") if rules.publisher else None,
            json_ld.text(article, "publisher"),
            meta.content(parsed.meta, "og:site_name"),
        ),
        "in_language": present(
            Candidate(rules.in_language, "outlet") if rules.in_language else None,
            json_ld.text(article, "inLanguage"),
            meta.language(parsed.root),
        ),
    }


def _headlines(parsed: ParsedPage) -> list[Candidate[str]]:
    """Return the page's headlines; first the title in a feed, where the page gives only the site's name."""
    headlines = [headline for headline in find_headlines(parsed) if len(headline.value) <= MAX_HEADLINE_LENGTH]
    title = clean(parsed.page.announced.title or "")
    if not 0 < len(title) <= MAX_HEADLINE_LENGTH:
        return headlines
    has_own = any(compact(headline.value) not in parsed.site_names for headline in headlines)
    return headlines if has_own else [Candidate(title, "feed:title"), *headlines]


def _date_fields(field: str, dates: DateCandidates) -> Metadata:
    """Return the field's instants, their precisions, and the raw texts, also of dates that couldn't be parsed."""
    readable = [(date, date.value) for date in dates if date.value]
    return {
        field: [Candidate(moment.value, date.rule, date.raw) for date, moment in readable],
        f"{field}_precision": [Candidate(moment.precision, date.rule, date.raw) for date, moment in readable],
        f"{field}_raw": [Candidate(date.raw, date.rule) for date in dates if date.raw],
    }


def _amp_url(parsed: ParsedPage) -> Candidate[str] | None:
    link = parsed.link_href("amphtml")
    address = absolute(link.value, parsed.page.url) if link else None
    return Candidate(address, link.rule) if link and address else None


def _charset(parsed: ParsedPage) -> Candidate[Charset] | None:
    return Candidate(parsed.charset, "page:charset") if parsed.charset.is_disputed else None
