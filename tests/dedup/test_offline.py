import gzip
import json
from datetime import datetime

import pytest

from benchmarks.dedup import generated, scores
from benchmarks.dedup_corpus import corpus
from scrapers.dedup.offline import deduplicate_documents, deduplicate_file
from scrapers.dedup.text.documents import Document
from scrapers.errors import UsageError
from tests.dedup.test_near_duplicates import STORY


@pytest.fixture(scope="module")
def rows():
    return list(corpus(600, seed=3))


def documents(rows):
    return [Document(row["id"], row["title"], row["body"], outlet=row["outlet"]) for row in rows]


def test_a_generated_corpus_is_clustered_as_it_was_made(rows):
    labels = {answer["id"]: answer["cluster"] for answer in deduplicate_documents(documents(rows))}

    precision, recall, _, joined = scores(rows, labels)

    assert precision >= 0.98
    assert recall >= 0.85
    assert joined <= 3


def test_the_generated_articles_that_a_corpus_is_put_among_share_no_id_or_story_with_it(rows):
    among = list(generated(len(rows)))

    assert len(among) == len(rows)
    for field in ("id", "cluster"):
        assert {row[field] for row in among}.isdisjoint(row[field] for row in rows)


def test_clusters_and_representatives_are_the_same_for_any_order_of_arrival(rows):
    def found(articles):
        return {
            answer["id"]: (answer["cluster"], answer["representative"]) for answer in deduplicate_documents(articles)
        }

    assert found(documents(rows)[::-1]) == found(documents(rows))


def test_a_text_copied_more_often_than_a_key_is_looked_at_is_one_cluster():
    copies = [Document(n, f"Judul {n}", f"{STORY} Ditambah kata ke-{n} saja.") for n in range(100)]

    assert {answer["cluster"] for answer in deduplicate_documents(copies)} == {0}


def test_a_file_of_articles_gives_a_file_of_clusters_in_the_same_order(tmp_path):
    source, target = tmp_path / "articles.jsonl.gz", tmp_path / "clusters.jsonl"
    given = [
        {"id": "late", "title": "a", "body": STORY, "date": "2025-03-02T08:00:00+07:00", "section": "ignored"},
        {"id": "early", "title": "b", "body": STORY, "date": "2025-03-01T08:00:00+07:00"},
        {"id": "other", "title": "c", "body": "Berita lain sama sekali tentang panen bawang.", "date": None},
    ]
    with gzip.open(source, "wt") as lines:
        lines.writelines(json.dumps(one) + "\n" for one in given)

    counts = deduplicate_file(source, target)

    assert [json.loads(line) for line in target.read_text().splitlines()] == [
        {"id": "late", "cluster": "early", "representative": "early", "kind": "exact", "score": 1.0},
        {"id": "early", "cluster": "early", "representative": "early", "kind": "original", "score": 1.0},
        {"id": "other", "cluster": "other", "representative": "other", "kind": "original", "score": 1.0},
    ]
    assert counts == {"articles": 3, "clusters": 2, "duplicates": 1}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: no JSON"),
        ("[1]", "line 2: no article"),
        ('{"id": 7, "title": "x"}', "line 2: body is null"),
        ('{"id": 7, "title": "x", "body": "y", "date": "kemarin"}', "line 2: date 'kemarin' is not ISO 8601"),
        ('{"id": 1, "title": "x", "body": "y"}', "id 1 came before"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, said):
    source = tmp_path / "articles.jsonl"
    source.write_text('{"id": 1, "title": "a", "body": "b"}\n' + line + "\n")

    with pytest.raises(UsageError, match=said):
        deduplicate_file(source, tmp_path / "clusters.jsonl")


def test_a_truncated_copy_that_came_first_does_not_stand_for_the_complete_text():
    dated = [
        {"id": "half", "body": STORY[: len(STORY) // 2], "date": "2025-03-01T08:00:00+07:00"},
        {"id": "whole", "body": STORY, "date": "2025-03-02T08:00:00+07:00"},
        {"id": "again", "body": STORY + " Selesai sudah.", "date": "2025-03-03T08:00:00+07:00"},
    ]
    given = [Document(one["id"], "t", one["body"], date=datetime.fromisoformat(one["date"])) for one in dated]

    assert {answer["representative"] for answer in deduplicate_documents(given)} == {"whole"}
