"""Readers' comments without a name, and what only looks like them."""

import pytest

from tests.extract.body.test_article_body import FIRST, PARAGRAPHS, STORY, body

SAID = "Kami menunggu harga yang lebih baik sejak musim tanam tahun lalu, tetapi belum datang juga."


def thread(*comments: str) -> str:
    return f"<section>{''.join(comments)}</section>"


@pytest.mark.parametrize(
    "comments",
    [
        thread(*(f"<div><b>Budi</b><div>{i} jam lalu</div><p>{SAID}</p><a href='#'>Balas</a></div>" for i in (1, 2))),
        thread(
            *(f"<div><p>Jane says:</p><p>March {i}, 2024 at 10:05</p><p>{SAID}</p></div>" for i in (1, 2)),
        ),
        "<ul>"
        + "".join(f"<li><p>vor {i} Stunden</p><p>{SAID}</p><p>Gefällt mir · Antworten</p></li>" for i in (1, 2, 3))
        + "</ul>",
        "<table>"
        + "".join(
            f"<tr><td><img class='user-avatar' src='{i}.jpg'></td><td>{SAID}<br><button>Répondre</button></td></tr>"
            for i in (1, 2)
        )
        + "</table>",
        thread(
            f"<article><div><p>田中</p><p>2時間前</p><p>{SAID}</p><a href='#'>返信</a></div>"
            f"<article><div><p>鈴木</p><p>1時間前</p><p>{SAID}</p><a href='#'>返信</a></div></article></article>"
        ),
    ],
    ids=["Indonesian", "English, says", "German list", "French table with pictures", "Japanese, one below another"],
)
def test_comment_is_known_by_its_time_and_its_link_to_reply(comments):
    assert body(f"<main><div>{PARAGRAPHS}</div>{comments}</main>") == STORY


@pytest.mark.parametrize(
    "part",
    [
        "".join(f"<div><p>Wartawan: Mengapa?</p><p>Budi berkata:</p><p>{SAID}</p></div>" for _ in (1, 2)),
        "".join(f"<div><p>10.{i} WIB</p><p>{SAID}</p><p>Bagikan</p></div>" for i in (15, 40)),
        f"<blockquote><p>{SAID}</p><p>— Budi, 3 Maret 2024</p><a href='#'>Balas</a></blockquote>",
        "".join(f"<section><h2>No reply from the minister</h2><p>{SAID}</p></section>" for _ in (1, 2)),
    ],
    ids=["interview", "live blog", "one quoted post", "headings"],
)
def test_part_of_a_story_is_no_comment(part):
    lines = body(f"<main><div>{PARAGRAPHS}{part}<p>{FIRST}</p></div></main>")

    assert lines[: len(STORY)] == STORY
    assert SAID in lines
    assert lines[-1] == FIRST


def test_posts_of_a_forum_are_no_comments_where_the_page_holds_nothing_else():
    posts = "".join(
        f"<div><p>3 Maret 2024, 10:0{i}</p><p>{line}</p><a href='#'>Balas</a></div>" for i, line in enumerate(STORY)
    )

    assert body(f"<main><h1>Harga beras</h1>{posts}</main>") is not None
