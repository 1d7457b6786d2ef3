import json

import pytest

from tests.extract.body.test_article_body import PARAGRAPHS, STORY, body

HEADLINE = "Harga beras di tingkat petani turun"
HINTS = {"headline": HEADLINE}
RICH = [{"type": "paragraph", "content": [{"type": "text", "value": line}]} for line in STORY]


def pushed(rows):
    pieces = [rows[i : i + 97] for i in range(0, len(rows), 97)]
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in pieces)


def flight(lines):
    elements = [["$", "p", None, {"children": [line]}] for line in lines]
    nav = ["$", "nav", None, {"children": ["$", "a", None, {"href": "/", "children": "Beranda"}]}]
    tree = ["$", "div", None, {"className": "page", "children": [nav, "$L2"]}]
    return f'0:{json.dumps(tree)}\n1:I[1,[],""]\n2:{json.dumps(["$", "article", None, {"children": elements}])}\n'


MARKUP = "".join(f"<p>{line}</p>" for line in STORY)
STUB = f"<div><p>{STORY[0]}</p></div>"
SOURCES = {
    "noscript": f"<noscript>{PARAGRAPHS}</noscript>",
    "flight": pushed(flight(STORY)),
    "flight with markup": pushed(
        f'3:T{len(MARKUP.encode()):x},{MARKUP}4:["$","div",null,{{"dangerouslySetInnerHTML":{{"__html":"$3"}}}}]\n'
    ),
    "rich text": f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"story": {"body": RICH}})}</script>',
}


@pytest.mark.parametrize("shown", ["", STUB], ids=["nothing shown", "stub shown"])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_story_is_read_where_no_reader_sees_it(source, shown):
    assert body(f"<h1>{HEADLINE}</h1><div id=root>{shown}</div>{source}", **HINTS) == STORY


STYLES = ".kotak{font-family:Arial;font-weight:300}.harga .beras{margin:0 auto;color:#222} .petani{display:block} " * 9


@pytest.mark.parametrize(
    "data",
    [
        {"css": STYLES},
        {"text": "Kami memakai cookie untuk menyimpan pilihan pembaca di situs ini selama satu tahun penuh. " * 9},
        {"code": "function harga(beras) { return beras.petani === turun ? tingkat : null; } " * 9},
    ],
    ids=["styles", "another text", "code"],
)
def test_longest_text_in_a_page_s_data_need_not_be_its_story(data):
    assert body(f"<h1>{HEADLINE}</h1><script>window.__STATE__ = {json.dumps(data)};</script>", **HINTS) is None


def test_story_that_is_shown_whole_is_not_replaced_by_longer_text():
    data = json.dumps({"other": [f"{line} Dan ini berita lain tentang harga beras." for line in STORY * 5]})

    assert body(f"<h1>{HEADLINE}</h1>{PARAGRAPHS * 2}<script>window.x = {data};</script>", **HINTS) == STORY * 2


def test_shadow_root_is_read_where_browsers_show_it():
    assert body(f"<h1>{HEADLINE}</h1><x-story><template shadowrootmode=open>{PARAGRAPHS}</template></x-story>") == STORY


@pytest.mark.parametrize(
    "rows", ["0:[", '0:["$","p",null,{"children":"$L0"}]\n', "0:Tffffff,x", "zz:1", "0:" + "[" * 9999]
)
def test_broken_flight_data_gives_nothing(rows):
    assert body(f"<h1>{HEADLINE}</h1>{pushed(rows)}", **HINTS) is None
