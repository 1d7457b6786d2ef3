"""`warta export`: the corpus as it was known at a moment, whole or not at all."""

import json
import os
import subprocess
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from scrapers.errors import UsageError, WartaError
from scrapers.items import Link
from scrapers.publish.export import selection
from scrapers.publish.export.export import WITHDRAWN, export
from scrapers.publish.export.formats import FORMATS
from scrapers.publish.export.selection import Selection
from scrapers.storage.articles import store
from scrapers.storage.connection import connect
from scrapers.storage.ledger import discover
from scrapers.storage.runs import begin_run, finish_run
from tests.factories import NOON, URL, article, leased, result
from tests.publish.export.reading import data, files, rows, spreadsheet
from tests.roles import as_role

KILLED_AFTER_ITS_FIRST_FILE = """
import os, signal, sys
from pathlib import Path
from scrapers.publish.export.export import export
from scrapers.publish.export.selection import Selection
export(Path(sys.argv[1]), Selection(), on_part=lambda part: os.kill(os.getpid(), signal.SIGKILL))
"""


def at(number, **fields):
    return article(url=f"{URL}/{number}", canonical_url=f"{URL}/{number}", **fields)


def now(database):
    return database.execute("SELECT clock_timestamp()").fetchone()[0]


def ids(database):
    return [row[0] for row in database.execute("SELECT article_id FROM articles ORDER BY 1")]


def exported_ids(folder):
    return [row["article_id"] for row in rows(folder)]


def bytes_of(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in files(folder) if file.name != WITHDRAWN}


@pytest.fixture
def revised(database):
    """Return a function that reads articles again from their pages, in a further crawl."""

    def read_again(*articles, **fields):
        begin_run(database, run_id := uuid4(), outlet="seed")
        for one in articles:
            [page] = leased(database, run_id, one.url)
            store(database, run_id, [result(page, body=os.urandom(8), **({"article": one} | fields))])
        finish_run(database, run_id, "succeeded")

    return read_again


def test_export_has_files_by_outlet_and_month_and_says_what_they_are(commands, stored, tmp_path):
    stored(at(1), at(2, outlet="kompas"), at(3, date_published=NOON + timedelta(days=31)), at(4))

    said = commands.warta("export", str(tmp_path / "corpus"))

    manifest = json.loads((tmp_path / "corpus" / "manifest.json").read_text())
    assert said.code == 0, said.err
    assert said.out.startswith("4 articles as of 2")
    assert {file["path"]: file["articles"] for file in manifest["files"]} == {
        "data/kompas/2025-12.parquet": 1,
        "data/seed/2025-12.parquet": 2,
        "data/seed/2026-01.parquet": 1,
    }
    for file in manifest["files"]:
        assert sha256((tmp_path / "corpus" / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert manifest["outlets"]["seed"] == {"articles": 3, "robots": {"allowed": 3}, "opt_outs": {}}
    assert manifest["request"]["versions"].keys() == {"warta", "pyarrow"}
    assert [path.name for path in tmp_path.iterdir() if "corpus" in path.name] == ["corpus"]


@pytest.mark.parametrize("format", FORMATS)
def test_export_as_of_a_moment_has_the_same_bytes_after_further_crawls(database, stored, revised, exported, format):
    stored(at(1), at(2), at(3), at(4))
    one, two, *_ = ids(database)
    database.execute("INSERT INTO clusters VALUES (%s, %s, NULL, 0, 0), (%s, %s, 'exact', 0, 0)", [one, one, two, one])
    before, manifest = exported("before", format)
    as_of = datetime.fromisoformat(manifest["request"]["selection"]["as_of"])

    stored(at(5))
    revised(at(1, headline="Judul lain"), at(4, date_published=NOON.replace(year=2020)))
    revised(at(1, headline="Judul ketiga"))
    revised(at(2), article=None, state="rejected", reason="http_410")
    database.execute("DELETE FROM clusters WHERE article_id = %s", [one])
    database.execute("UPDATE clusters SET representative_id = article_id, kind = NULL")
    database.execute("UPDATE articles SET canonical_url = canonical_url || '#moved' WHERE article_id = %s", [one])
    after, _ = exported("after", format, as_of=as_of)
    latest, _ = exported("latest", format)

    assert bytes_of(after) == bytes_of(before)
    assert {row["headline"] for row in rows(latest)} == {"Judul", "Judul ketiga"}
    assert rows(latest)[-1]["url"] != rows(before)[-1]["url"]
    assert [row["withdrawn_reason"] for row in rows(latest) if row["article_id"] == two] == ["http_410"]
    told = [json.loads(line) for line in (after / WITHDRAWN).read_text().splitlines()]
    assert [(row["article_id"], row["reason"]) for row in told] == [(two, "http_410")]
    assert (latest / WITHDRAWN).read_text() == ""


def test_article_that_returns_is_withdrawn_only_as_of_the_time_between(database, stored, revised, exported):
    stored(at(1))
    moments = [now(database)]
    for fields in ({"article": None, "state": "rejected", "reason": "http_404"}, {}):
        revised(at(1), **fields)
        moments.append(now(database))

    found = [rows(exported(f"{number}", as_of=as_of)[0]) for number, as_of in enumerate(moments)]

    assert [row["withdrawn_reason"] for (row,) in found] == [None, "http_404", None]


def test_levels_leave_out_copies_as_the_clusters_were_then(database, stored, exported):
    stored(at(1), at(2), at(3), at(4))
    one, two, three, four = ids(database)
    alone = now(database)
    database.execute(
        "INSERT INTO clusters VALUES (%(one)s, %(one)s, NULL, 0, 0), (%(two)s, %(one)s, 'exact', 0, 0),"
        " (%(three)s, %(one)s, 'edited', 0, 0)",
        {"one": one, "two": two, "three": three},
    )
    joined = now(database)
    database.execute("DELETE FROM clusters")

    def left(level, as_of):
        return exported_ids(exported(f"{level}{as_of:%f}", level=level, as_of=as_of)[0])

    assert left("all", joined) == [one, two, three, four]
    assert left("unique", joined) == [one, three, four]
    assert left("cluster", joined) == [one, four]
    assert left("cluster", alone) == left("cluster", now(database)) == [one, two, three, four]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"outlet": ("kompas",)}, [2]),
        ({"since": date(2025, 12, 16)}, [3]),
        ({"until": date(2025, 12, 15)}, [1, 2, 4]),
        ({"since": date(2025, 12, 15), "until": date(2025, 12, 15)}, [1, 2, 4]),
        ({"section": "olahraga"}, [3]),
        ({"language": "id"}, [1, 2]),
        ({"kind": "video"}, [4]),
        ({"outlet": ("seed",), "language": "en"}, [4]),
    ],
)
@pytest.mark.parametrize("is_revised_since", [False, True])
def test_filters_choose_articles_by_what_they_were_then(
    database, stored, revised, exported, chosen, expected, is_revised_since
):
    given = [
        at(1, in_language="id"),
        at(2, outlet="kompas", in_language="id-ID"),
        at(3, date_published=NOON + timedelta(days=1), article_section=("Berita", "Olahraga")),
        at(4, in_language="en", kind="video"),
    ]
    stored(*given)
    as_of = now(database)
    if is_revised_since:
        revised(
            *(replace(one, in_language="fr", kind="audio", article_section=(), date_published=None) for one in given)
        )

    folder, _ = exported(as_of=as_of, **chosen)

    assert [
        int(row["url"].rpartition("/")[2]) for row in sorted(rows(folder), key=lambda row: row["article_id"])
    ] == expected


def test_export_leaves_out_what_a_transaction_that_began_before_stores_later(database, dsn, run_id, stored, exported):
    stored(at(1))
    discover(database, run_id, "seed", [Link(url=f"{URL}/2")])
    [page] = leased(database, run_id, f"{URL}/2")
    with connect(dsn) as other:
        with other.transaction():
            other.execute("SELECT 1")
            first, manifest = exported("first")
            store(other, run_id, [result(page, article=at(2))])
        as_of = datetime.fromisoformat(manifest["request"]["selection"]["as_of"])
        again, _ = exported("again", as_of=as_of)

    assert bytes_of(again) == bytes_of(first)
    assert len(rows(first)) == 1
    assert len(rows(exported("later")[0])) == 2


def test_moment_that_is_asked_for_is_waited_for_until_all_of_it_is_known(database, dsn, run_id, stored, exported):
    stored(at(1))
    [page] = leased(database, run_id, f"{URL}/2")
    with connect(dsn) as other:
        other.execute("BEGIN")
        as_of = now(database)
        store(other, run_id, [result(page, article=at(2))])
        ending = threading.Timer(0.5, other.execute, ["COMMIT"])
        ending.start()

        folder, _ = exported(as_of=as_of)
        ending.join()

    assert len(rows(folder)) == 2


def test_transaction_that_does_not_end_is_told_in_place_of_an_export(
    database, dsn, stored, exported, tmp_path, monkeypatch
):
    monkeypatch.setattr(selection, "PATIENCE_S", 0.2)
    stored(at(1))
    with connect(dsn) as other:
        other.execute("BEGIN")

        with pytest.raises(UsageError, match=r"a transaction that is open since .* may still store articles"):
            exported(as_of=now(database))

    assert list(tmp_path.glob(".export*")) == []


def test_export_that_was_killed_goes_on_as_of_its_first_moment(commands, database, stored, tmp_path, exported):
    stored(*(at(number, date_published=NOON + timedelta(days=31 * number)) for number in range(4)))
    whole, _ = exported("whole", as_of=now(database))
    target = tmp_path / "corpus"
    killed = commands.start_script(KILLED_AFTER_ITS_FIRST_FILE.replace("sys.argv[1]", repr(str(target))))
    assert killed.wait(60) == -9
    assert not target.exists()
    first = data(tmp_path / ".corpus.partial" / "export")[0]
    written_at = first.stat().st_mtime_ns
    stored(at(9))

    said = commands.warta("export", str(target))

    assert said.code == 0, said.err
    assert {file.name: file.read_bytes() for file in data(target)} == {
        file.name: file.read_bytes() for file in data(whole)
    }
    assert (target / "data" / "seed" / first.name).stat().st_mtime_ns == written_at
    assert not (tmp_path / ".corpus.partial").exists()


def test_export_that_is_there_is_left_alone_and_another_one_is_refused(database, stored, exported):
    stored(at(1))
    folder, manifest = exported()
    before = bytes_of(folder)

    assert exported()[1] == manifest
    with pytest.raises(UsageError, match=r"holds another export, as of .*, of another selection: name another folder"):
        exported(kind="video")
    assert bytes_of(folder) == before


def test_part_of_another_export_is_refused(commands, stored, tmp_path, exported):
    stored(at(1), at(2, outlet="kompas"))
    commands.start_script(KILLED_AFTER_ITS_FIRST_FILE.replace("sys.argv[1]", repr(str(tmp_path / "export")))).wait(60)

    with pytest.raises(UsageError, match=r"holds another export, as of .*, of another format, selection"):
        exported(format="csv", kind="article")


def test_folder_of_somebody_else_is_refused(stored, exported, tmp_path):
    stored(at(1))
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")

    with pytest.raises(UsageError, match="is not empty and holds no export"):
        exported()
    with pytest.raises(UsageError, match="is a file"):
        exported("file")
    with pytest.raises(UsageError, match="can't be made: Not a directory"):
        exported("file/export")

    assert sorted(path.name for path in tmp_path.iterdir() if "postgres" not in path.name) == ["export", "file"]


def test_folder_without_rights_is_told_in_one_line(commands, stored):
    stored(at(1))

    said = commands.warta("export", "/sys/warta-export")  # where root may not write either

    assert said.code == 2
    assert said.err.strip().split("\n") == [said.last_line]
    assert "/sys/warta-export can't be made: " in said.last_line


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of its own, of 256 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mount.returncode:
        pytest.skip(f"a disk of its own takes a mount: {mount.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("format", FORMATS)
def test_full_disk_is_told_in_one_line_and_the_next_export_goes_on(dsn, stored, small_disk, format):
    stored(*(at(number, date_published=NOON + timedelta(days=31 * number)) for number in range(3)))
    ballast = small_disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    with ballast.open("r+b") as file:
        file.truncate(ballast.stat().st_size - 6 * 4096)  # for folders, the request and a part or two

    with pytest.raises(
        WartaError, match=r"No space left on device; what is finished waits in .*: run the same command"
    ):
        export(small_disk / "corpus", Selection(), format, dsn=dsn)
    is_there = (small_disk / "corpus").exists()
    ballast.unlink()
    export(small_disk / "corpus", Selection(), format, dsn=dsn)

    assert not is_there
    assert len(rows(small_disk / "corpus")) == 3


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"as_of": NOON}, "no article was known at 2025-12-15T12:00:00[+]00:00; the first was stored at 20"),
        ({"as_of": datetime(2999, 1, 1, tzinfo=UTC)}, "2999-01-01T00:00:00[+]00:00 is to come"),
        ({"outlet": ("kompass",)}, "nothing to export: no article fits the filters"),
        ({"level": "some"}, "no level 'some': choose one of all, unique, cluster"),
        ({"format": "xls"}, "no format 'xls': choose one of parquet, jsonl, csv"),
    ],
)
def test_what_cannot_be_exported_is_told_and_leaves_nothing(stored, exported, tmp_path, chosen, told):
    stored(at(1))

    with pytest.raises(UsageError, match=told):
        exported(**chosen)

    assert [path for path in tmp_path.iterdir() if "export" in path.name] == []


def test_export_of_an_empty_corpus_says_so(exported):
    with pytest.raises(UsageError, match="none is stored yet"):
        exported()


def test_second_export_into_the_same_folder_waits_for_nobody(stored, dsn, tmp_path):
    stored(at(1))
    refused = []

    def export_again(part):
        with pytest.raises(UsageError, match="another export writes") as told:
            export(tmp_path / "export", Selection(), dsn=dsn)
        refused.append(told)

    export(tmp_path / "export", Selection(), dsn=dsn, on_part=export_again)

    assert len(refused) == 1


def test_reader_may_export(stored, dsn, tmp_path):
    stored(at(1))

    manifest = export(tmp_path / "export", Selection(), dsn=as_role(dsn, "reader"))

    assert manifest["articles"] == 1


def test_articles_are_in_as_many_row_groups_as_fit_into_memory(stored, exported, monkeypatch):
    monkeypatch.setattr("scrapers.publish.export.articles.ROWS", 3)
    monkeypatch.setattr("scrapers.publish.export.articles.BYTES", 2000)
    stored(*(at(number, article_body=("kata " * 150,)) for number in range(10)))

    folder, manifest = exported()

    assert exported_ids(folder) == sorted(exported_ids(folder))
    assert manifest["articles"] == len(rows(folder)) == 10


def test_cells_that_a_spreadsheet_would_run_begin_with_an_apostrophe(stored, exported):
    stored(at(1, headline="=HYPERLINK(1)", editor="'kutipan", description="-1", publisher="biasa"))

    folder, _ = exported(format="csv")

    [row] = spreadsheet(data(folder)[0])
    assert (row["headline"], row["editor"], row["description"], row["publisher"]) == (
        "'=HYPERLINK(1)",
        "''kutipan",
        "'-1",
        "biasa",
    )


def test_what_pages_opted_out_of_is_told_of_each_article_and_counted(database, run_id, exported):
    [page] = leased(database, run_id, f"{URL}/1")
    told = result(page, article=at(1))
    fetches = (replace(told.fetches[0], opt_outs=("noai", "tdm")),)
    store(database, run_id, [replace(told, fetches=fetches)])

    folder, manifest = exported()

    assert [(row["robots"], row["opt_outs"]) for row in rows(folder)] == [("allowed", ["noai", "tdm"])]
    assert manifest["outlets"]["seed"]["opt_outs"] == {"noai": 1, "tdm": 1}
