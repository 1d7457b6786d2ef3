"""What keeps it small and sound over years: `warta upkeep`."""

from typing import Annotated

import typer

from scrapers.errors import UsageError
from scrapers.terminal import say


def upkeep(
    jobs: Annotated[
        list[str] | None,
        typer.Argument(help="retention, compress, dictionaries, orphans, sizes, airflow; without any, all of them."),
    ] = None,
) -> None:
    """Delete what is older than it is kept, compress raw pages better, and report sizes; a line for each thing done.

    Safe beside crawls, and to stop and run again. The Dag `upkeep` does it daily.
    """
    from scrapers.local.upkeep import JOBS, run

    for job in jobs or ():
        if job not in JOBS:
            raise UsageError(f"no job {job!r} in `warta upkeep`; known: {', '.join(JOBS)}")
    for job in jobs or JOBS:
        for line in run(job):
            say(f"{job}: {line}")
