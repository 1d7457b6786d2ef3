"""What keeps it small and sound over years: `warta upkeep`."""

from typing import Annotated

import typer

from scrapers.cli.options import AsJson
from scrapers.errors import UsageError
from scrapers.terminal import say, say_json, working


def upkeep(
    jobs: Annotated[
        list[str] | None,
        typer.Argument(help="retention, compress, dictionaries, orphans, sizes, airflow; without any, all of them."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Delete what is older than it is kept, compress raw pages better, and report sizes; a line for each thing done.

    Safe beside crawls, and to stop and run again. The Dag `upkeep` does it daily.
    """
    from scrapers.local.upkeep import JOBS, run

    for job in jobs or ():
        if job not in JOBS:
            raise UsageError(f"no job {job!r} in `warta upkeep`; known: {', '.join(JOBS)}")
    for job in jobs or JOBS:
        with working(job):
            lines = list(run(job))
        for line in lines:
            if as_json:
                say_json({"job": job, "done": line}, indent=None)
            else:
                say(f"{job}: {line}")
