from lxml import etree

from scrapers.extract.layers import microdata


def items_of(html):
    return microdata.read(etree.fromstring(f"<html><body>{html}</body></html>", etree.HTMLParser()))


def test_value_is_an_attribute_where_the_standard_puts_it_there_else_the_text():
    items = items_of(
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Judul <b>besar</b></h1>'
        '<meta itemprop="datePublished" content="2026-03-08">'
        '<time itemprop="dateModified" datetime="2026-03-09">x</time>'
        '<span itemprop="author" itemscope><a href="/r"><b itemprop="name">Ratna Wulandari</b></a></span></div>'
    )

    found = {
        name: microdata.text(items, name).value for name in ("headline", "datePublished", "dateModified", "author")
    }

    assert found == {
        "headline": "Judul besar",
        "datePublished": "2026-03-08",
        "dateModified": "2026-03-09",
        "author": "Ratna Wulandari",
    }


def test_property_of_a_comment_is_not_the_article_s():
    items = items_of(
        '<div itemscope itemtype="https://schema.org/Comment"><b itemprop="author">Tamu</b></div>'
        '<b itemprop="author">Ratna</b>'
    )

    assert microdata.texts(items, "author").value == ("Ratna",)


def test_property_of_the_claim_that_a_fact_check_examines_is_not_the_article_s():
    items = items_of(
        '<div itemscope itemtype="http://schema.org/ClaimReview">'
        '<div itemprop="itemReviewed" itemscope itemtype="http://schema.org/CreativeWork">'
        '<meta itemprop="datePublished" content="2021-01-02"></div>'
        '<meta itemprop="datePublished" content="2026-03-09"></div>'
    )

    assert microdata.text(items, "datePublished").value == "2026-03-09"
