"""Read stored pages again by the rules of today, and keep what differs as revisions of Warta's own.

Trigger it with the form, first with a dry run: its log shows which fields would change, with samples. Nothing is
fetched, what is read as before writes nothing, and a run that broke off goes on where it was.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from scrapers.airflow.operators import ARTICLES
from scrapers.airflow.params import REEXTRACT_PARAMS


@dag(
    schedule=None,
    description="Read stored pages again",
    is_paused_upon_creation=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(days=4),
    params=REEXTRACT_PARAMS,
    default_args={"owner": "warta", "retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["maintenance"],
)
def reextract() -> None:  # noqa: D103
    @task(
        outlets=[ARTICLES], execution_timeout=timedelta(days=1), doc_md="Read and store; a retry goes on where it was."
    )
    def read_again(**context: Any) -> dict[str, dict[str, int]]:
        from scrapers.maintenance.reextract import run_form

        return run_form(context["params"])

    read_again()


reextract()
