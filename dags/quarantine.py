"""Read pages in quarantine again from the bytes that were kept of them, by the rules of today.

Trigger it with the form, or by the buttons of the page Ledger: one page, or all of an outlet, or all. What can be read
now is stored; the others stay, each with its newest reason. It may be repeated at any time.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from scrapers.airflow.operators import ARTICLES
from scrapers.airflow.params import QUARANTINE_PARAMS


@dag(
    schedule=None,
    description="Read pages in quarantine again",
    is_paused_upon_creation=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    params=QUARANTINE_PARAMS,
    default_args={"owner": "warta", "retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["maintenance"],
)
def quarantine() -> None:  # noqa: D103
    @task(outlets=[ARTICLES], execution_timeout=timedelta(hours=1), doc_md="Read each; a retry reads what is left.")
    def replay(**context: Any) -> dict[str, int]:
        from scrapers.maintenance.quarantine import replay_form

        return replay_form(context["params"])

    replay()


quarantine()
