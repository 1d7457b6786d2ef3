import numpy as np
import pytest

from benchmarks.dedup_corpus import corpus
from scrapers.dedup.key_index import candidates
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from tests.dedup.test_near_duplicates import STORY

pyspark = pytest.importorskip("pyspark", reason="Spark is no dependency: `make test-spark` brings it")


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    folder = str(tmp_path_factory.mktemp("spark"))
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": folder,
        "spark.local.dir": folder,
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield session
    session.stop()


def pairs_in_memory(articles):
    numbers = np.repeat(np.arange(len(articles), dtype=np.uint32), [len(keys) for _, keys in articles])
    words = np.array([words for words, _ in articles], np.int64)
    keys = np.concatenate([np.array(keys, np.int64) for _, keys in articles])
    return set(map(tuple, candidates.candidate_pairs(keys, numbers, words, len(articles)).tolist()))


def test_a_corpus_in_parquet_has_the_candidates_that_it_has_in_memory(spark, tmp_path):
    from contrib.spark.candidates import main

    documents = [Document(row["id"], row["title"], row["body"], outlet=row["outlet"]) for row in corpus(2_000, seed=5)]
    documents += [Document(n, f"Judul {n}", f"{STORY} Ditambah kata ke-{n} saja.") for n in range(100)]
    signatures = [sign(document) for document in documents]
    articles = [(len(signature.body), signature.keys) for signature in signatures]
    rows = [(number, words, list(keys)) for number, (words, keys) in enumerate(articles)]
    source, target = str(tmp_path / "signatures.parquet"), str(tmp_path / "pairs.parquet")
    spark.createDataFrame(rows, "article_id bigint, words int, keys array<bigint>").write.parquet(source)

    main([source, target])

    found = {(row.article_id, row.other_id) for row in spark.read.parquet(target).collect()}
    assert found == pairs_in_memory(articles)
    assert len(found) > 1_000
