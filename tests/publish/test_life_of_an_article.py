"""An article is edited, edited back, withdrawn, restored and taken down: edits, search and exports tell of each."""

import json

import pytest

from tests.fault_server import Answer, article

TARGET = "/berita/nomor-1-warga-desa-membangun-jembatan"
OTHER = "/berita/nomor-2-warga-desa-membangun-jembatan"


@pytest.fixture
def crawl(crawl_faults, faults):
    """Return a function that crawls the article as it stands now; None for as it was at first."""

    def crawl(answer=None):
        faults.answers.pop(TARGET, None)
        if answer:
            faults.answers[TARGET] = answer
        crawl_faults(TARGET, OTHER)

    return crawl


@pytest.fixture
def told(commands, tmp_path):
    """Return a function that gives what edits, search, the search of what was, and an export say."""

    def export(*options):
        folder = tmp_path / f"export {len(list(tmp_path.iterdir()))}"
        assert commands.warta("export", str(folder), "--format", "jsonl", *options).code == 0
        rows = [json.loads(line) for file in sorted(folder.glob("data/**/*.jsonl")) for line in file.open()]
        return folder, {row["url"]: row for row in rows}

    def told(word):
        lines = {
            name: [json.loads(line) for line in commands.warta("search", word, *options, "--json").out.splitlines()]
            for name, options in {"now": (), "once": ("--revisions",)}.items()
        }
        kinds = [edit["kind"] for edit in json.loads(commands.warta("edits", "--json").out)]
        return kinds, lines["now"], lines["once"], export

    return told


def test_each_turn_is_seen_where_users_look(crawl, told, faults, commands):
    url = faults.url(TARGET)
    crawl()
    crawl(Answer(article(1).replace("jembatan", "titian gantung")))
    kinds, now, once, export = told('"titian gantung"')
    before, _ = export()
    moment = json.loads((before / "manifest.json").read_text())["request"]["selection"]["as_of"]
    assert len(kinds) == 1
    assert ([row["url"] for row in now], len(once)) == ([url], 1)
    assert once[0]["gone_at"] is None

    crawl()
    kinds, now, once, export = told('"titian gantung"')
    assert (len(kinds), now) == (2, [])
    assert once[0]["gone_at"] is not None

    crawl(Answer(status=410))
    kinds, _, _, export = told("jembatan")
    folder, rows = export("--as-of", moment)
    assert kinds[0] == "withdrawn"
    assert export()[1][url]["withdrawn_reason"] == "http_410"
    assert rows[url]["withdrawn_at"] is None
    assert "titian gantung" in str(rows[url])
    assert [json.loads(line)["reason"] for line in (folder / "withdrawn.jsonl").open()] == ["http_410"]

    crawl()
    assert told("jembatan")[0][0] == "restored"

    commands.warta("takedown", url, "--reason", "putusan")
    kinds, now, once, export = told("jembatan")
    folder, rows = export("--as-of", moment)
    assert kinds == []
    assert url not in [row["url"] for row in now + once]
    assert url not in rows
    assert faults.url(OTHER) in rows
    assert [json.loads(line)["reason"] for line in (folder / "withdrawn.jsonl").open()] == ["taken_down"]
