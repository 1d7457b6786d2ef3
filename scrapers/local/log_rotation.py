"""`python -m scrapers.local.log_rotation`: keep the services' logs small while they run.

A log is copied to NAME.old.log and cut to nothing in its place: the services go on writing to the file that they have
open, at its end (they opened it to append), and wait for nobody. What is written between the copy and the cut is lost.
Where this process is killed, the logs grow until the next `warta up`.
"""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from scrapers import config
from scrapers.local.processes import LOG_BYTES

LOOK_S = 10.0


def main() -> None:
    """Look at the logs for ever."""
    while True:
        rotate([*(config.WARTA_HOME / "logs").glob("*.log"), config.POSTGRES_HOME / "postgres.log"])
        time.sleep(LOOK_S)


def rotate(logs: Iterable[Path], most: int = LOG_BYTES) -> list[Path]:
    """Put aside the content of each log that is longer; return these. One that cannot be copied is cut all the same."""
    long = [log for log in logs if not log.name.endswith(".old.log") and _size(log) > most]
    for log in long:
        try:
            shutil.copyfile(log, log.with_suffix(".old.log"))
        except OSError:  # a full disk, most likely because of it
            with suppress(OSError):
                log.with_suffix(".old.log").unlink(missing_ok=True)
        with log.open("r+b") as file:
            file.truncate()
    return long


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except OSError:
        return 0


if __name__ == "__main__":
    main()
