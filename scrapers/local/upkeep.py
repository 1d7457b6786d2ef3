"""`warta upkeep`: the database's jobs, and the tables and logs of the Airflow that `warta up` runs here."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapers import config
from scrapers.errors import StartError
from scrapers.local import airflow
from scrapers.maintenance import upkeep
from scrapers.parent import dying_with_us
from scrapers.storage.connection import connect

MONTH = timedelta(days=30)


def run(job: str) -> Iterator[str]:
    """Do one of JOBS; yield a line for each thing that was done."""
    if job == "airflow":
        yield from clean_airflow()
    else:
        with connect() as connection:
            yield from upkeep.JOBS[job](connection)


JOBS = (*upkeep.JOBS, "airflow")


def clean_airflow() -> Iterator[str]:
    """Delete what Airflow's tables and task logs have of long ago; yield what was done.

    An Airflow that is not run by `warta up` is left alone. Raises StartError where `airflow db clean` fails.
    """
    months = config.kept_months("logs")
    if not (airflow.HOME / "airflow.cfg").exists():
        yield "not run by `warta up` on this machine; see docs/how-to/keep-it-for-years.md"
    elif months:
        before = datetime.now(UTC) - months * MONTH
        _clean_tables(before)
        yield f"what its tables had of before {before:%Y-%m-%d} is gone"
        yield f"{delete_logs(airflow.HOME / 'logs', before):,} logs of before {before:%Y-%m-%d} deleted"


def _clean_tables(before: datetime) -> None:
    """Run `airflow db clean` with the configuration of `warta up`: a task's own environment hides the database."""
    clean = ["--clean-before-timestamp", before.isoformat(), "--skip-archive", "--error-on-cleanup-failure", "--yes"]
    ended = subprocess.run(
        dying_with_us([*airflow.command("db clean"), *clean]),
        env=airflow.environment(),
        cwd=config.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        lines = (ended.stderr.strip() or ended.stdout.strip()).splitlines() or ["it printed nothing"]
        raise StartError(f"`airflow db clean` failed: {lines[-1][:300]}; is Postgres there? `warta status`")


def delete_logs(folder: Path, before: datetime) -> int:
    """Delete files that were last written before, and folders that were empty for a month; return how many files."""
    deleted = 0
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder comes before it
        with suppress(OSError):  # another process was faster, or the folder is not empty
            if path.is_dir() and not path.is_symlink():
                if time.time() - path.stat().st_mtime > MONTH.total_seconds():
                    path.rmdir()
            elif path.lstat().st_mtime < before.timestamp():
                path.unlink()
                deleted += 1
    return deleted
