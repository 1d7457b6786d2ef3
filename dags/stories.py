"""Merge stories that turn out to be one: texts on one event that came too far apart at first.

Runs every night; a retry merges what is left.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("30 2 * * *", timezone="UTC"),
    catchup=False,
    description="Merge stories that turn out to be one",
    is_paused_upon_creation=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args={"owner": "warta", "retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["dedup"],
)
def stories() -> None:  # noqa: D103
    @task(execution_timeout=timedelta(hours=1), doc_md="Merge near stories; a retry merges what is left.")
    def merge() -> int:
        from scrapers.dedup.stories.grouping import merge_near

        return merge_near()

    merge()


stories()
