"""Candidate pairs of a corpus too large for one machine, found by Apache Spark: those of `key_index/candidates.py`.

    spark-submit contrib/spark/candidates.py SIGNATURES.parquet PAIRS.parquet

SIGNATURES has `article_id`, `words` and `keys` of each article, as table signatures has; PAIRS gets `article_id` and
`other_id`, the lower first. Spark is no dependency: it runs where Spark is (`make test-spark` tries it here).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from scrapers.dedup.key_index.candidates import FREQUENT, MIN_SHARED_KEYS, NEIGHBOURS

CANDIDATES = Path(__file__).with_suffix(".sql")


def candidate_pairs(spark: SparkSession, signatures: DataFrame) -> DataFrame:
    """Return `article_id` and `other_id` of the pairs that share keys, of rows of `article_id`, `words` and `keys`."""
    wanted = {"frequent": FREQUENT, "neighbours": NEIGHBOURS, "shared": MIN_SHARED_KEYS}
    return spark.sql(CANDIDATES.read_text("utf-8"), args=wanted, signatures=signatures)


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
