"""`python -m scrapers.local.airflow_tables`: `airflow db migrate`, and a note in the database that it was done.

The note, not the exit code, tells that all of it was done: also the one who starts next, after an `up` that was killed.
"""

import sys

from scrapers.local import airflow
from scrapers.local.postgres import embedded


def main() -> None:
    """Run `airflow db migrate`; raises what it raises."""
    from airflow.__main__ import main as run

    sys.argv = ["airflow", "db", "migrate"]
    run()  # type: ignore[no-untyped-call]  # Airflow's own
    airflow.note_migrated(embedded())


if __name__ == "__main__":
    main()
