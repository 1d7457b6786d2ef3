"""Find the articles that are the same one under several addresses; runs whenever `articles` was updated.

It may run at any time and any number of times: a second run over the same articles changes nothing.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from scrapers.operators import ARTICLES

RETRIES = {"retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2, "max_retry_delay": 3600}


@dag(
    schedule=[ARTICLES],
    description="Cluster duplicate articles",
    is_paused_upon_creation=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    default_args={"owner": "warta", **RETRIES},
    doc_md=__doc__,
    tags=["dedup"],
)
def dedup() -> None:
    """Cluster duplicate articles."""

    @task(execution_timeout=timedelta(hours=1))
    def deduplicate() -> dict[str, int]:
        """Read the table `articles`, write `clusters`, return the counts; a retry takes up what is left."""
        from scrapers.dedup import clusters
        from scrapers.storage.connection import connect

        with connect() as conn:
            return clusters.deduplicate(conn)

    deduplicate()


dedup()
