"""The fields of an exported article: name, type and what it holds, in the order of the files."""

from typing import NamedTuple

import pyarrow as pa


class Field(NamedTuple):
    """A field of an article: its name, its type, and what it holds."""

    name: str
    type: pa.DataType
    description: str


TEXT, NUMBER, FLAG = pa.string(), pa.int64(), pa.bool_()
TEXTS = pa.list_(pa.string())
TIME = pa.timestamp("us", tz="UTC")
IMAGE = pa.struct([("url", TEXT), ("caption", TEXT), ("credit_text", TEXT)])
CONTRIBUTORS = pa.list_(pa.struct([("name", TEXT), ("role", TEXT)]))

FIELDS = (
    Field("article_id", NUMBER, "Warta's number of the article."),
    Field("outlet", TEXT, "The outlet's name in Warta."),
    Field("canonical_url", TEXT, "The address that identifies the article."),
    Field("url", TEXT, "The address that this revision was read from."),
    Field("revision", NUMBER, "Number of the revision, from 1."),
    Field("first_seen_at", TIME, "When the article was first stored."),
    Field("stored_at", TIME, "When this revision was stored."),
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
    Field("cluster_id", NUMBER, "article_id of the article that stands for its copies; null without any."),
    Field("copy_kind", TEXT, "What a copy is to that one: exact, edited, truncated, extended."),
    Field("withdrawn_at", TIME, "Since when its page no longer shows it; null where it does."),
    Field("withdrawn_reason", TEXT, "How that was seen, such as http_404."),
    Field("robots", TEXT, "What robots.txt said of the address: allowed, forbidden, not_asked."),
    Field("opt_outs", TEXTS, "Opt-outs that its page declared: noarchive, noai, tdm, ai_crawlers."),
)

SCHEMA = pa.schema([(field.name, field.type) for field in FIELDS])

# What queries `export_plan` and `export_revisions` give, in their order; the rest is the content of the revision, whose
# names are those of scrapers.storage.articles.CONTENT.
PLANNED = (
    *("outlet", "month", "article_id", "revision", "canonical_url", "first_seen_at", "stored_at"),
    *("cluster_id", "copy_kind", "withdrawn_at", "withdrawn_reason"),
)
OF_REVISION = ("url", "robots", "opt_outs")
CONTENT = pa.schema([(field.name, field.type) for field in FIELDS if field.name not in PLANNED + OF_REVISION])
