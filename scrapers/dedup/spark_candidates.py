"""Candidate pairs of a corpus that is too large for one machine, found by Apache Spark: the same as in `candidates.py`.

    spark-submit scrapers/dedup/spark_candidates.py SIGNATURES.parquet PAIRS.parquet

SIGNATURES has `article_id`, `words` and `keys` of each article, as table signatures has; PAIRS gets `article_id` and
`other_id`, the lower first. Spark is no dependency: it runs where Spark is (`make test-spark` tries it here).
"""

import argparse
from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession

from scrapers.dedup.candidates import COMMON, NEIGHBOURS, SHARED_KEYS

# A common key is that of a whole series: of its articles in order of length, each meets those that follow it at once.
CANDIDATES = """
WITH keyed AS (
    SELECT article_id, words, key FROM {signatures} LATERAL VIEW explode(array_distinct(keys)) AS key
), placed AS (
    SELECT article_id, key, row_number() OVER (PARTITION BY key ORDER BY words, article_id) AS place,
           count(*) OVER (PARTITION BY key) > {common} AS is_common
    FROM keyed
), sharing AS (
    SELECT least(a.article_id, b.article_id) AS article_id, greatest(a.article_id, b.article_id) AS other_id
    FROM placed AS a JOIN placed AS b ON a.key = b.key AND NOT a.is_common AND a.place < b.place
    UNION ALL
    SELECT least(a.article_id, b.article_id), greatest(a.article_id, b.article_id)
    FROM (SELECT *, explode(sequence(place + 1, place + {neighbours})) AS next FROM placed WHERE is_common) AS a
    JOIN placed AS b ON a.key = b.key AND a.next = b.place
)
SELECT article_id, other_id FROM sharing GROUP BY article_id, other_id HAVING count(*) >= {shared}
"""


def candidate_pairs(spark: SparkSession, signatures: DataFrame) -> DataFrame:
    """Return `article_id` and `other_id` of the pairs that share keys, of rows of `article_id`, `words` and `keys`."""
    return spark.sql(CANDIDATES, signatures=signatures, common=COMMON, neighbours=NEIGHBOURS, shared=SHARED_KEYS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the signatures, write the pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("signatures", help="Parquet with article_id, words and keys")
    parser.add_argument("pairs", help="Parquet to write")
    told = parser.parse_args(arguments)
    spark = SparkSession.builder.appName("candidates").getOrCreate()
    candidate_pairs(spark, spark.read.parquet(told.signatures)).write.parquet(told.pairs)


if __name__ == "__main__":
    main()
