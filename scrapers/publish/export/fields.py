"""The fields of an exported article: name, type and what it holds, in the order of the files."""

from typing import Any, NamedTuple

import pyarrow as pa


class Field(NamedTuple):
    """A field; `is_content` says that it is a part of the revision, as scrapers.storage.articles has it in CONTENT."""

    name: str
    type: pa.DataType
    description: str
    is_content: bool = True


TEXT, NUMBER, FLAG = pa.string(), pa.int64(), pa.bool_()
TEXTS = pa.list_(pa.string())
TIME = pa.timestamp("us", tz="UTC")
IMAGE = pa.struct([("url", TEXT), ("caption", TEXT), ("credit_text", TEXT)])
CONTRIBUTORS = pa.list_(pa.struct([("name", TEXT), ("role", TEXT)]))

FIELDS = (
    Field("article_id", NUMBER, "Warta's number of the article.", is_content=False),
    Field("outlet", TEXT, "The outlet's name in Warta.", is_content=False),
    Field("canonical_url", TEXT, "The address that identifies the article.", is_content=False),
    Field("url", TEXT, "The address that this revision was read from.", is_content=False),
    Field("revision", NUMBER, "Number of the revision, from 1.", is_content=False),
    Field("first_seen_at", TIME, "When the article was first stored.", is_content=False),
    Field("stored_at", TIME, "When this revision was stored.", is_content=False),
    Field("headline", TEXT, "Headline."),
    Field("alternative_headline", TEXT, "A second headline: the one of search engines or of the social networks."),
    Field("description", TEXT, "The outlet's own summary."),
    Field("author", TEXTS, "Who wrote it, people only, in the page's order."),
    Field("editor", TEXT, "Who edited it."),
    Field("contributor", CONTRIBUTORS, "Who else worked on it: name and role."),
    Field("publisher", TEXT, "The outlet as it calls itself."),
    Field("date_line", TEXT, "The place that the text begins with."),
    Field("date_published", TIME, "When it was published; null where the page does not say."),
    Field("date_published_raw", TEXT, "The text that date_published was read from."),
    Field("date_modified", TIME, "When the outlet says that it was last edited."),
    Field("date_modified_raw", TEXT, "The text that date_modified was read from."),
    Field("article_section", TEXTS, "The section and its subsections, outermost first."),
    Field("keywords", TEXTS, "The outlet's tags."),
    Field("image", IMAGE, "The lead image: url, caption, credit_text."),
    Field("article_body", TEXTS, "The paragraphs."),
    Field("in_language", TEXT, "Language, as in BCP 47."),
    Field("kind", TEXT, "article, live_blog, gallery, video, infographic, audio, index or other."),
    Field("is_paywalled", FLAG, "Whether the page says that the text is not free; null where it does not say."),
    Field("is_truncated", FLAG, "Whether less than the whole text was had."),
    Field("identifier", TEXT, "The outlet's own id of the article."),
    Field("cluster_id", NUMBER, "article_id of the article that stands for its copies; null without any.", False),
    Field("copy_kind", TEXT, "What a copy is to that one: exact, edited, truncated, extended.", is_content=False),
    Field("withdrawn_at", TIME, "Since when its page no longer shows it; null where it does.", is_content=False),
    Field("withdrawn_reason", TEXT, "How that was seen, such as http_404.", is_content=False),
    Field("robots", TEXT, "What robots.txt said of the address: allowed, forbidden, not_asked.", is_content=False),
    Field("opt_outs", TEXTS, "Opt-outs that its page declared: noarchive, noai, tdm, ai_crawlers.", is_content=False),
)

SCHEMA = pa.schema([pa.field(field.name, field.type) for field in FIELDS])
_CONTENT = pa.struct([(field.name, field.type) for field in FIELDS if field.is_content])
AS_READ = pa.schema([(field.name, field.type) for field in FIELDS if not field.is_content] + [("content", _CONTENT)])


def in_order(read: pa.Table) -> pa.Table:
    """Return a table that has the fields of AS_READ as one with those of SCHEMA, in one chunk."""
    columns: dict[str, Any] = {name: read[name] for name in read.column_names if name != "content"}
    content = read["content"].combine_chunks()
    columns |= dict(zip((field.name for field in content.type), content.flatten(), strict=True))
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA).combine_chunks()
