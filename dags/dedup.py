"""Find articles that are the same one or copies of one another, among those that have arrived since.

Runs whenever `articles` was updated, and at any other time; any number at once; it may be killed.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from scrapers.airflow.operators import ARTICLES


@dag(
    schedule=[ARTICLES],
    description="Cluster duplicate articles",
    is_paused_upon_creation=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    params={"workers": Param(2, type="integer", minimum=1, maximum=64, description="Tasks that share the work.")},
    default_args={"owner": "warta", "retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["dedup"],
)
def dedup() -> None:  # noqa: D103
    @task(execution_timeout=timedelta(minutes=5), doc_md="Number the workers; a retry gives the same.")
    def shards(**context: Any) -> list[int]:
        return list(range(context["params"]["workers"]))

    @task(execution_timeout=timedelta(hours=3), doc_md="Take what waits and link it; a retry takes what is left.")
    def deduplicate(shard: int) -> dict[str, int]:
        from scrapers.dedup import incremental

        return incremental.deduplicate()

    deduplicate.expand(shard=shards())


dedup()
