"""Export articles into a folder, as they were known when the run was triggered or at the moment that the form names.

Trigger it with the form; an empty field takes all. The folder is made below WARTA_EXPORTS. The same form and moment
give the same bytes. A run that was killed goes on where it stood.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from scrapers.airflow.params import EXPORT_PARAMS


@dag(
    schedule=None,
    description="Export articles into files",
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=13),
    params=EXPORT_PARAMS,
    default_args={"owner": "warta", "retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2},
    doc_md=__doc__,
    tags=["export"],
)
def export() -> None:  # noqa: D103
    @task(execution_timeout=timedelta(hours=4), doc_md="Write the files; a retry goes on where it stood.")
    def write(**context: Any) -> dict[str, Any]:
        from scrapers.publish.export.form import export_form

        return export_form(context["params"], context["dag_run"].run_after)

    write()


export()
