import json

import pytest
from lxml import etree

from scrapers.extract.layers import embedded_json

LINES = tuple(
    f"Alinea {i} menceritakan panen raya yang berlangsung serentak di empat kabupaten sekaligus." for i in range(8)
)
STATE = {
    "props": {
        "menu": [{"label": "Beranda", "url": "/"}] * 50,
        "teasers": [{"url": "/x", "summary": "Berita lain yang ringkasannya cukup panjang untuk sebuah alinea."}] * 50,
    }
}


def page(script):
    return etree.HTML(f"<html><body><div id=root></div>{script}</body></html>")


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "content": line} for line in LINES],
        "".join(f"<p>{line}</p>" for line in LINES),
        "\n\n".join(LINES),
        list(LINES),
    ],
    ids=["objects", "HTML", "text", "texts"],
)
@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script>window.__INITIAL_STATE__ = {};window.other = 1;</script>",
        "<script>window.Fusion=window.Fusion||{{}};window.Fusion.globalContent={};</script>",
    ],
    ids=["next", "state", "fusion"],
)
def test_body_that_only_the_page_s_data_holds_is_found(script, content):
    data = json.dumps({**STATE, "article": {"title": "Judul", "body": content}})

    found = embedded_json.paragraphs(page(script.format(data)))

    assert found.value == LINES
    assert found.rule == "script:data"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "<script>window.x = {</script>",
        f"<script>window.x = {'[' * 100_000}</script>",
        f'<script type="application/json">{json.dumps(STATE)}</script>',
        '<script type="application/json">"teks"</script>',
        '<script type="application/json">null</script>',
    ],
)
def test_data_without_a_story_gives_none(script):
    assert embedded_json.paragraphs(page(script)) is None
