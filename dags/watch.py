"""Look for what needs somebody, keep it as alarms, and tell each alarm once: by mail, Slack or a webhook.

Alarms stand in the table `alarms`, on Warta's pages and in `warta alarms`; docs/how-to/operate.md says what to do about
each. A run is red where it could not look, or a channel took no message: never because an alarm stands.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="UTC"),
    description="Look for alarms and tell them",
    is_paused_upon_creation=False,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={"owner": "warta", "retries": 2, "retry_delay": 30, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["monitor"],
)
def watch() -> None:  # noqa: D103
    @task(execution_timeout=timedelta(minutes=10), doc_md="Look; what is found again stays one alarm, also by a retry.")
    def look() -> list[str]:
        from scrapers.airflow import watching

        return watching.look()

    @task(execution_timeout=timedelta(minutes=10), trigger_rule="all_done", doc_md="Tell; a retry tells what is left.")
    def tell() -> dict[str, int]:
        from scrapers.airflow import watching

        return watching.tell_all()

    look() >> tell()


watch()
