"""`python -m scrapers.local.component NAME`: one of Airflow's components, which waits for Airflow's tables.

What it imports takes most of its start, and needs no tables: both are made at the same time.
"""

import sys
import time
from importlib import import_module

from scrapers.local import airflow
from scrapers.local.postgres import embedded

IMPORTS = {  # what each would import after it has looked at its tables
    "api-server": "airflow.api_fastapi.app",
    "scheduler": "airflow.jobs.scheduler_job_runner",
    "dag-processor": "airflow.jobs.dag_processor_job_runner",
    "triggerer": "airflow.jobs.triggerer_job_runner",
}


def main(name: str) -> None:
    """Run the component to its end; raises what it raises."""
    from airflow.__main__ import main as run

    import_module(IMPORTS[name])
    while not airflow.is_migrated(embedded()):
        time.sleep(0.3)
    sys.argv = airflow.command(name)[2:]
    run()  # type: ignore[no-untyped-call]  # Airflow's own


if __name__ == "__main__":
    main(sys.argv[1])
