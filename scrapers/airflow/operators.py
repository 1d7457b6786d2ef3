"""The Airflow operator that runs a crawl as its own process, and what the Dags share."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from contextvars import copy_context
from datetime import timedelta
from logging import getLevelNamesMapping
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from airflow.sdk import Asset, BaseOperator, Context, Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from scrapers.airflow.params import DATE
from scrapers.config import ROOT
from scrapers.errors import Forbidden, UsageError
from scrapers.parent import dying_with_us
from scrapers.spiders import arguments
from scrapers.spiders.arguments import ADDRESS

if TYPE_CHECKING:
    from scrapers.storage.runs import Run

ARTICLES = Asset("articles")  # updated by each crawl that succeeded; wakes `dedup`

# The rules are those of `scrapy crawl`: what the form takes, the crawl takes (scrapers/spiders/arguments.py).
PAGES = {"type": "string", "pattern": f"^{ADDRESS}$"}
CRAWL_PARAMS = {  # what the trigger form of a crawl asks for
    "limit": Param(
        None, "Fetch at most so many pages.", type=["null", "integer"], minimum=1, maximum=arguments.MOST_PAGES
    ),
    "since": Param(None, "Only articles of this day and later.", **DATE),
    "until": Param(None, "Only articles of this day and earlier.", **DATE),
    "urls": Param(
        None,
        "Only these pages, one address a line.",
        type=["null", "array"],
        items=PAGES,
        maxItems=arguments.MOST_URLS,
    ),
    "mode": Param("incremental", "`full` fetches known pages again.", enum=["incremental", "full"]),
}
GRACE = 15.0  # seconds from SIGTERM to SIGKILL; where a task is failed by hand, Airflow itself waits only 5
LONGEST_LINE = 64 * 1024  # bytes of the crawl's log that are handed on at once
LEVEL = re.compile(r"\] (DEBUG|INFO|WARNING|ERROR|CRITICAL): ")  # Scrapy logs `time [logger] LEVEL: message`
NOT_RETRIED = {UsageError.exit_code, Forbidden.exit_code}  # a second try would end the same


class CrawlOperator(BaseOperator):
    """Crawl one outlet in its own process and return what came of it.

    **Inputs** are the parameters of the Dag run: `limit`, `since`, `until`, `urls`, `mode`; an empty one
    is left to the spider. **Outputs** are the articles in Postgres, one row in `runs` under the id of the
    task instance, the update of the asset `articles`, and as the task's result
    `{"run_id", "outcome", "discovered", "stored", "counts", "alarms"}`, where `counts` gives the pages by state and
    `alarms` what of the outlet needs somebody: its template or its volume has changed, a feed fails.

    A run of a **backfill** crawls the days of its own data interval; where a day has several runs, its first one
    crawls the day and the others are skipped, since no feed tells hours apart.

    **Rerun** at any time: every write is an upsert, and what an earlier run left undone is taken up again.
    **A retry** does just that. A wrong argument and a robots.txt that forbids the crawl are not retried,
    since they would end the same. A crawl that was stopped is never a success; one that found nothing new is.

    Where the task is killed, the crawl ends with it: by SIGTERM and, 15 seconds later, SIGKILL. On Linux the
    kernel ends it even when the task itself gets SIGKILL; elsewhere it then runs on to its own time limit.
    """

    ui_color = "#d9ead3"
    command: tuple[str, ...] = (sys.executable, "-m", "scrapy", "crawl")
    process: subprocess.Popen[bytes] | None = None

    def __init__(self, *, outlet: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outlet = outlet

    def execute(self, context: Context) -> dict[str, Any]:
        """Run the crawl to its end and return its counts.

        Raises AirflowSkipException where another run of a backfill crawls the day, AirflowFailException where a
        retry would be in vain (as for a form that the crawl would refuse), AirflowException where the crawl failed
        otherwise, all but the first with the reason in one line, and DatabaseError where its end can't be read.
        """
        instance = context["ti"]
        run_id = UUID(str(instance.id))  # Airflow gives each try of each task a new one
        asked_by = f"airflow:{instance.dag_id}/{instance.run_id}"
        try:
            given = crawl_arguments({**context["params"], **backfilled_days(context)}, run_id, asked_by)
        except UsageError as error:
            raise AirflowFailException(f"the crawl of {self.outlet} was not started: {error}") from None
        last_line, exit_code = self._crawl(given)
        run = recorded(run_id) if exit_code != UsageError.exit_code else None
        if run is not None:
            trace(self.outlet, run_id, run)
        if exit_code == 0 and run is not None and run.outcome == "succeeded":
            result = result_of(run_id, run)
            context["outlet_events"][ARTICLES].extra = {key: result[key] for key in ("run_id", "stored")}
            return result
        message = failure(self.outlet, exit_code, run.reason if run and run.reason else last_line)
        raise AirflowFailException(message) if exit_code in NOT_RETRIED else AirflowException(message)

    def on_kill(self) -> None:
        """Ask the crawl to stop, and end it by force where it still runs after `GRACE`; returns at once."""
        if self.process is None or self.process.poll() is not None:
            return
        signal_group(self.process, signal.SIGTERM)
        self.log.warning("Stopping the crawl of %s, process %s", self.outlet, self.process.pid)
        deadline = threading.Timer(GRACE, signal_group, (self.process, signal.SIGKILL))
        deadline.daemon = True
        deadline.start()

    def _crawl(self, given: Mapping[str, str]) -> tuple[str, int]:
        """Run the crawl and log each line as it comes; return its last message and its exit code.

        Addresses go through its standard input: all together may be longer than the arguments of a process.

        The lines are read in a thread, and this one wakes up each second, for the handlers of signals run in it: one
        that interrupts the writing of a line would wait for ever for the lock that its own thread holds, and one
        whose signal came just before a call that waits would not run until that call returns.
        """
        with (
            subprocess.Popen(
                dying_with_us([*self.command, self.outlet, *argument_list(given)]),
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as self.process,
            ThreadPoolExecutor(max_workers=2) as threads,
        ):
            threads.submit(_write, self.process.stdin, given.get("urls", ""))
            last = threads.submit(copy_context().run, self._log_lines, self.process.stdout)
            try:
                while not last.done():
                    wait([last], timeout=1)
                return last.result(), self.process.wait()
            except BaseException:  # the task's time limit strikes anywhere
                self.on_kill()
                raise

    def _log_lines(self, lines: IO[bytes] | None) -> str:
        """Log each line at the level that Scrapy gave it until the stream ends; return the last message."""
        level, last = "INFO", ""
        while lines and (raw := lines.readline(LONGEST_LINE)):
            line = raw.decode(errors="replace").rstrip()
            found = LEVEL.search(line)
            level = found[1] if found else level  # the lines of a traceback keep the level of its first
            self.log.log(getLevelNamesMapping()[level], "%s", line)
            last = (line[found.end() :] if found else line) or last
        return last


def backfilled_days(context: Context) -> dict[str, str]:
    """Return `since` and `until` of a backfill's run, the first and the last day of its data interval; else nothing.

    Days are those of the Dag's time zone. Raises AirflowSkipException in a run that is not the first of its day.
    """
    run = context["dag_run"]
    if run.run_type != "backfill" or run.data_interval_start is None or run.data_interval_end is None:
        return {}
    length = run.data_interval_end - run.data_interval_start
    first = run.data_interval_start.astimezone(context["dag"].timezone)
    last = first + length - timedelta(microseconds=1)
    if length < timedelta(days=1) and (first - length).date() == first.date():
        raise AirflowSkipException(f"an earlier run of this backfill crawls {first:%Y-%m-%d}")
    return {"since": first.date().isoformat(), "until": last.date().isoformat()}


def crawl_arguments(params: Mapping[str, Any], run_id: UUID, requested_by: str) -> dict[str, str]:
    """Return the crawl's arguments; what the form left empty is left out.

    Raises UsageError for what the crawl would refuse: Airflow checks a form, and not what other programs send.
    """
    for name in params.keys() - CRAWL_PARAMS.keys():
        raise UsageError(f"no field {name!r} in the form of a crawl; known: {', '.join(CRAWL_PARAMS)}")
    limit = params["limit"]
    given = {
        "limit": int(limit) if isinstance(limit, float) and limit.is_integer() else limit,  # JSON knows no other 1.0
        "since": params["since"],
        "until": params["until"],
        "urls": "\n".join(params["urls"] or ()),
        "full": "true" if params["mode"] == "full" else None,
        "run_id": run_id,
        "requested_by": requested_by,
    }
    texts = {key: str(value) for key, value in given.items() if value not in (None, "")}
    arguments.read_arguments(texts, time_zone="UTC")
    return texts


def argument_list(given: Mapping[str, str]) -> list[str]:
    """Return the arguments as `scrapy crawl` takes them, addresses from its standard input."""
    texts = {**given, "urls": "@-"} if "urls" in given else given
    return [part for key, value in texts.items() for part in ("-a", f"{key}={value}")]


def _write(pipe: IO[bytes] | None, text: str) -> None:
    """Write the text and nothing more; who has ended needs none of it."""
    with suppress(OSError):
        if pipe:
            with pipe:
                pipe.write(text.encode())


def environment() -> dict[str, str]:
    """Return the variables that the crawl gets: all but Airflow's, which hold its keys and its database."""
    return {key: value for key, value in os.environ.items() if "AIRFLOW" not in key}


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send the signal to the process and all that it started, if it still runs."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def recorded(run_id: UUID) -> "Run | None":
    """Return the crawl's own account of its end; raises DatabaseError."""
    from scrapers.storage.connection import connect
    from scrapers.storage.runs import find_run

    with connect() as conn:
        return find_run(conn, run_id)


def trace(outlet: str, run_id: UUID, run: "Run") -> None:
    """Add the crawl and its counts to Airflow's span of the task, where Airflow sends traces."""
    from opentelemetry.trace import get_current_span

    counts = {f"warta.pages.{state}": number for state, number in run.counts.items()}
    named = {"warta.outlet": outlet, "warta.run_id": str(run_id), "warta.outcome": run.outcome}
    get_current_span().set_attributes({**named, **counts})


def result_of(run_id: UUID, run: "Run") -> dict[str, Any]:
    """Return the run as the task's result."""
    return {
        "run_id": str(run_id),
        "outcome": run.outcome,
        "discovered": run.discovered,
        "stored": run.counts.get("stored", 0),
        "counts": run.counts,
        "alarms": run.alarms,
    }


def failure(outlet: str, exit_code: int, reason: str) -> str:
    """Return one line that says how the crawl ended and why."""
    ended = f"ended with exit code {exit_code}"
    if exit_code < 0:
        ended = f"was killed by {signal.Signals(-exit_code).name}"
    return f"the crawl of {outlet} {ended}: {' '.join(reason.split()) or 'it gave no reason'}"
