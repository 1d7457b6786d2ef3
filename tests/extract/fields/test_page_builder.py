import pytest

from scrapers.extract.fields.page_builder import find_builder_kind
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage


def root_of(body="", html=""):
    page = f'<html class="{html}"><body class="{body}"><p>isi</p></body></html>'
    return ParsedPage(Page("https://k.example/x", page.encode()), Rules(outlet="k")).root


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("attachment single single-attachment postid-7 attachmentid-7 attachment-jpeg", "other"),
        ("archive category category-kopi category-3", "index"),
        ("archive author author-sari", "index"),
        ("archive date", "index"),
        ("archive tax-topik term-kopi term-12", "index"),
        ("archive post-type-archive post-type-archive-resep", "index"),
        ("search search-results", "index"),
        ("error404 wp-theme-x", "index"),
        ("home blog", "index"),
        ("home page-template-default page page-id-2", "index"),
        ("page-template-default page page-id-12 wp-theme-x", "page"),
        ("home-template", "index"),
        ("tag-template tag-kopi", "index"),
        ("page-template page-about", "other"),
        ("page-taxonomy page-taxonomy-term page-taxonomy-term-4", "index"),
        ("path-taxonomy has-glyphicons", "index"),
        ("container homepage-view version-1-3-3 variant-indie_light", "index"),
        ("com_content view-category layout-blog", "index"),
        ("collection-type-blog-side-by-side view-list", "index"),
        ("layout--archive", "index"),
        ("artikel list", "index"),
    ],
)
def test_list_or_static_page_is_told_by_the_names_that_its_builder_prints(body, kind):
    said = find_builder_kind(root_of(body), "")

    assert said
    assert said.value == kind


@pytest.mark.parametrize(
    "body",
    [
        "",
        "home",
        "blog",
        "archive",
        "category",
        "page",
        "home with-sidebar",
        "post-template-default single single-post postid-7 category-kopi",
        "post-template tag-kopi",
        "container item-view version-1-3-3 variant-indie_light",
        "path-node page-node-type-article",
        "com_content view-article itemid-12",
        "collection-type-blog view-item",
        "layout--single",
        "kopi single",
        "page list wide dark",
    ],
)
def test_an_articles_names_and_common_words_alone_tell_nothing(body):
    assert find_builder_kind(root_of(body), "") is None


def test_list_page_of_docusaurus_is_told_by_the_class_of_html():
    assert find_builder_kind(root_of(html="blog-wrapper blog-tags-post-list-page plugin-blog"), "").value == "index"
    assert find_builder_kind(root_of(html="blog-wrapper blog-post-page plugin-blog"), "") is None


def test_what_hugos_themes_print_beside_other_names_is_believed_of_hugo_only():
    assert find_builder_kind(root_of("list dark wide"), "Hugo 0.139.0").value == "index"
    assert find_builder_kind(root_of("list dark wide"), "Other 1") is None


def test_page_of_nikola_is_none_of_its_posts():
    page, post = (
        f"<p>isi</p><article class='post-text {name}'><p>isi</p></article>" for name in ("storypage", "postpage")
    )
    roots = [ParsedPage(Page("https://k.example/x", text.encode()), Rules(outlet="k")).root for text in (page, post)]

    assert [said and said.value for said in (find_builder_kind(root, "Nikola (getnikola.com)") for root in roots)] == [
        "other",
        None,
    ]
    assert find_builder_kind(roots[0], "") is None
