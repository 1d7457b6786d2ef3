"""Keep it small and sound over years: delete what is older than it is kept, compress raw pages better, report sizes.

Each task is one job of `warta upkeep`, whose lines are its log and its result. Articles stay for ever; what else
is kept for how long is said by WARTA_KEEP_… and by the outlets. Any job may be killed: a retry goes on.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, chain, dag, task

JOBS = ("retention", "compress", "dictionaries", "orphans", "sizes", "airflow")


@dag(
    schedule=CronTriggerTimetable("0 3 * * *", timezone="UTC"),  # not at once where Airflow has just been started
    description="Retention, recompression, sizes, Airflow's own tables",
    is_paused_upon_creation=False,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=20),
    default_args={"owner": "warta", "retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["maintenance"],
)
def upkeep() -> None:  # noqa: D103
    @task(execution_timeout=timedelta(hours=6), trigger_rule="all_done", doc_md="Do the job; a retry goes on.")
    def do(job: str) -> list[str]:
        from scrapers.local.upkeep import run

        lines = list(run(job))
        print("\n".join(lines))  # noqa: T201 - a task's output is its log
        return lines

    chain(*(do.override(task_id=job)(job) for job in JOBS))


upkeep()
