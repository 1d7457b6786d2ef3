"""Tell what watches (saved searches) found: try them on what has arrived, and send mails and webhooks that are due.

What fails is tried again by later runs, with longer and longer pauses; `warta watch log` shows why. Any run may be
killed: no article is told twice, and a message that is sent again has the same id.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, task


@dag(
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC"),
    description="Tell what saved searches found",
    is_paused_upon_creation=False,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={"owner": "warta", "retries": 2, "retry_delay": 30, "retry_exponential_backoff": 2},
    params={"test": Param(None, "Only send a test of the watch of this name.", type=["null", "string"])},
    doc_md=__doc__,
    tags=["watches"],
)
def tell_watches() -> None:  # noqa: D103
    @task(execution_timeout=timedelta(minutes=15), doc_md="Match and tell; a retry goes on with what is left.")
    def tell(**context: Any) -> dict[str, Any]:
        from scrapers.airflow.outbound import tell_all

        return tell_all(context["params"]["test"])

    tell()


tell_watches()
