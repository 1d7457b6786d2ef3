"""The operator against real processes: a small script stands in for Scrapy."""

import multiprocessing
import os
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psutil
import pytest
import structlog
from airflow.sdk.bases.operator import ExecutorSafeguard
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowSkipException,
    AirflowTaskTimeout,
    ParamValidationError,
)
from airflow.sdk.execution_time.context import OutletEventAccessors
from airflow.sdk.execution_time.timeout import timeout
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from scrapers.airflow import operators
from scrapers.airflow.operators import ARTICLES, CrawlOperator
from scrapers.errors import UsageError
from scrapers.storage.connection import connect
from scrapers.storage.runs import begin_run, finish_run

EMPTY_FORM = {name: param.value for name, param in operators.CRAWL_PARAMS.items()}

SLEEPS_UNTIL_STOPPED = """
    import os, pathlib, signal, sys, time

    def stop(*_):
        print("stopping", flush=True)
        sys.exit(6)

    signal.signal(signal.SIGTERM, stop)
    print("ready", flush=True)
    pathlib.Path("pid.new").write_text(str(os.getpid()))
    pathlib.Path("pid.new").rename("pid")
    time.sleep(60)
"""
IGNORES_SIGTERM_WITH_A_CHILD = """
    import os, pathlib, signal, subprocess, sys, time

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pathlib.Path("pid.new").write_text(f"{os.getpid()} {child.pid}")
    pathlib.Path("pid.new").rename("pid")
    time.sleep(60)
"""


IGNORES_SIGTERM = """
    import os, pathlib, signal, time

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path("pid.new").write_text(str(os.getpid()))
    pathlib.Path("pid.new").rename("pid")
    time.sleep(60)
"""


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], CrawlOperator]:
    """Return what makes an operator whose Scrapy is the given script, working in `tmp_path`."""

    def operator(script: str) -> CrawlOperator:
        file = tmp_path / "scrapy stand-in.py"
        file.write_text(textwrap.dedent(script))
        monkeypatch.setattr(operators, "ROOT", tmp_path)
        made = CrawlOperator(task_id="crawl", outlet="seed")
        made.command = (sys.executable, str(file))
        return made

    return operator


@contextmanager
def stopping_on_sigterm(operator: CrawlOperator) -> Iterator[None]:
    """Handle SIGTERM as Airflow's task process does."""
    before = signal.signal(signal.SIGTERM, lambda *_: operator.on_kill())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def pids_written_to(folder: Path) -> list[int]:
    """Return the process ids that the stand-in has written, as soon as it has."""
    wait_until((folder / "pid").exists)
    return [int(pid) for pid in (folder / "pid").read_text().split()]


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return when the condition holds; fails after so many seconds."""
    waiting = threading.Event()
    for _ in range(int(seconds * 50)):
        if condition():
            return
        waiting.wait(0.02)
    pytest.fail(f"{condition} did not come true within {seconds} s")


def after(condition: Callable[[], bool], act: Callable[[], None]) -> None:
    """Act as soon as the condition holds, while the caller goes on."""
    threading.Thread(target=lambda: (wait_until(condition), act()), daemon=True).start()


def is_gone(pid: int) -> bool:
    """Tell whether the process has ended; a zombie has."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def executed(operator: CrawlOperator, run_id: UUID, **params: object) -> tuple[dict[str, object], dict[str, object]]:
    """Run the operator as Airflow's task runner does; return its result and what the asset's event says."""
    events = OutletEventAccessors()
    instance = SimpleNamespace(id=run_id, dag_id="crawl_seed", run_id="manual__1")
    run = SimpleNamespace(run_type="manual")
    context = {"ti": instance, "dag_run": run, "params": EMPTY_FORM | params, "outlet_events": events}
    token = ExecutorSafeguard.tracker.set(operator)
    try:
        return operator.execute(context), events[ARTICLES].extra
    finally:
        ExecutorSafeguard.tracker.reset(token)


def test_each_line_is_logged_at_its_level_while_the_crawl_runs(crawl, tmp_path):
    operator = crawl("""
        import sys, time

        print("2026-01-02 03:04:05 [scrapy.core.engine] WARNING: slow", flush=True)
        print("  next line of it", flush=True)
        sys.stdout.buffer.write(b"[inews] INFO: caf\\xe9\\n")
        sys.stdout.buffer.flush()
        for _ in range(6000):  # a minute
            if __import__("os").path.exists("go on"):
                break
            time.sleep(0.01)
        else:
            print("nobody has read what is above")
    """)

    with structlog.testing.capture_logs() as logged:
        watcher = threading.Thread(target=lambda: (wait_until(lambda: len(logged) == 3), (tmp_path / "go on").touch()))
        watcher.start()
        last, exit_code = operator._crawl({})

    assert [(line["log_level"], line["event"]) for line in logged] == [
        ("warning", "2026-01-02 03:04:05 [scrapy.core.engine] WARNING: slow"),
        ("warning", "  next line of it"),
        ("info", "[inews] INFO: caf\N{REPLACEMENT CHARACTER}"),
    ]
    assert (last, exit_code) == ("caf\N{REPLACEMENT CHARACTER}", 0)


def test_a_line_without_end_is_handed_on_in_pieces(crawl):
    operator = crawl(f"print('x' * {operators.LONGEST_LINE + 1})")

    with structlog.testing.capture_logs() as logged:
        operator._crawl({})

    assert [len(line["event"]) for line in logged] == [operators.LONGEST_LINE, 1]


def test_arguments_reach_the_crawl_as_they_are_and_through_no_shell(crawl):
    operator = crawl("import sys; print(sys.argv[1:], sys.stdin.read())")

    last, _ = operator._crawl({"since": "$(id) `id`", "urls": "http://a/$(id)?x=1&y='`id`'"})

    assert last == f"{['seed', '-a', 'since=$(id) `id`', '-a', 'urls=@-']} http://a/$(id)?x=1&y='`id`'"


def test_any_number_of_addresses_reaches_the_crawl(crawl):
    operator = crawl("import sys; print(len(sys.stdin.read().split()))")
    urls = [f"https://www.example.com/berita/{'a' * 100}-{n}" for n in range(10_000)]

    given = operators.crawl_arguments(EMPTY_FORM | {"urls": urls}, uuid4(), "airflow:crawl_seed/manual__1")

    assert operator._crawl(given) == ("10000", 0)


def test_crawl_that_reads_no_addresses_is_no_failure_of_the_task(crawl):
    operator = crawl("print('done')")

    assert operator._crawl({"urls": "https://www.example.com/a\n" * 100_000}) == ("done", 0)


def test_the_crawl_gets_no_variable_of_airflow_but_the_others(crawl, monkeypatch):
    monkeypatch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "secret")
    monkeypatch.setenv("WARTA_CONTACT", "desk@example.com")
    operator = crawl("import os; print([name for name in os.environ if name.startswith(('AIRFLOW', 'WARTA_C'))])")

    last, _ = operator._crawl({})

    assert last == "['WARTA_CONTACT']"


def test_the_form_becomes_arguments_and_what_is_empty_is_left_out():
    run_id = uuid4()
    form = {
        "limit": 5,
        "since": "2026-01-02",
        "until": None,
        "urls": ["http://a/1", "http://a/2"],
        "mode": "full",
    }

    arguments = operators.crawl_arguments(form, run_id, "airflow:crawl_seed/manual__1")

    assert arguments == {
        "limit": "5",
        "since": "2026-01-02",
        "urls": "http://a/1\nhttp://a/2",
        "full": "true",
        "run_id": str(run_id),
        "requested_by": "airflow:crawl_seed/manual__1",
    }
    assert operators.argument_list(arguments)[:6] == ["-a", "limit=5", "-a", "since=2026-01-02", "-a", "urls=@-"]


def test_an_empty_form_says_only_who_asks():
    arguments = operators.crawl_arguments(EMPTY_FORM, uuid4(), "airflow:crawl_seed/manual__1")

    assert list(arguments) == ["run_id", "requested_by"]


TOO_MANY = ["https://www.example.com/"] * 10_001
AS_THE_CRAWL = [
    *((True, {"limit": value}) for value in (1, 1.0, 1_000_000, None)),
    *((False, {"limit": value}) for value in (0, -1, 1.5, 1_000_001, 10**400, "ten")),
    *((True, {name: value}) for name in ("since", "until") for value in ("2026-01-02", "1900-01-01", "2199-12-31")),
    *(
        (False, {name: value})
        for name in ("since", "until")
        for value in ("9999-12-31", "0001-01-01", "2026-02-30", "x")
    ),
    *((True, {"urls": value}) for value in (["https://www.example.com/a"], [], TOO_MANY[1:])),
    *((False, {"urls": value}) for value in (["ftp://a/"], ["https://a/" + "a" * 2000], TOO_MANY)),
]


@pytest.mark.parametrize(("is_taken", "form"), AS_THE_CRAWL, ids=lambda value: str(value)[:40])
def test_the_form_takes_what_the_crawl_takes_and_nothing_else(is_taken, form):
    def taken(check, *refusals):
        try:
            check()
        except refusals:
            return False
        return True

    [(name, value)] = form.items()
    by_form = taken(lambda: copy(operators.CRAWL_PARAMS[name]).resolve(value), ParamValidationError)
    by_crawl = taken(lambda: operators.crawl_arguments(EMPTY_FORM | form, uuid4(), "cli"), UsageError)

    assert (by_form, by_crawl) == (is_taken, is_taken)


@pytest.mark.parametrize("params", [{"since": "9999-12-31"}, {"since": "2026-02-02", "until": "2026-01-01"}, {"x": 1}])
def test_a_form_that_no_crawl_takes_fails_at_once_and_is_not_retried(crawl, params):
    operator = crawl("raise SystemExit('it was started')")

    with pytest.raises(AirflowFailException, match="the crawl of seed was not started: "):
        executed(operator, uuid4(), **params)


def backfilled(start: str, hours: float) -> dict[str, str]:
    """Return the days that a backfill's run of so many hours crawls, in WIB."""
    began = datetime.fromisoformat(start)
    run = SimpleNamespace(
        run_type="backfill", data_interval_start=began, data_interval_end=began + timedelta(hours=hours)
    )
    return operators.backfilled_days({"dag_run": run, "dag": SimpleNamespace(timezone=ZoneInfo("Asia/Jakarta"))})


@pytest.mark.parametrize(
    ("hours", "until"), [(7 * 24, "2025-12-20"), (24, "2025-12-14"), (0.5, "2025-12-14"), (5, "2025-12-14")]
)
def test_a_run_of_a_backfill_crawls_the_days_of_its_interval(hours, until):
    assert backfilled("2025-12-13T17:00:00+00:00", hours) == {"since": "2025-12-14", "until": until}


def test_a_run_of_a_backfill_that_is_not_the_first_of_its_day_is_skipped():
    with pytest.raises(AirflowSkipException, match="crawls 2025-12-14"):
        backfilled("2025-12-13T17:30:00+00:00", 0.5)


def test_sigterm_stops_the_crawl_and_its_last_words_are_logged(crawl, tmp_path):
    operator = crawl(SLEEPS_UNTIL_STOPPED)
    stopper = threading.Thread(target=lambda: (pids_written_to(tmp_path), os.kill(os.getpid(), signal.SIGTERM)))

    with stopping_on_sigterm(operator):
        stopper.start()
        last, exit_code = operator._crawl({})

    assert (last, exit_code) == ("stopping", 6)


def test_sigterm_that_interrupts_no_call_stops_the_crawl_all_the_same(crawl, tmp_path):
    operator = crawl(SLEEPS_UNTIL_STOPPED)

    def stop() -> None:  # a signal to this thread, whose handler runs in the main one
        pids_written_to(tmp_path)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    with stopping_on_sigterm(operator):
        threading.Thread(target=stop).start()
        last, exit_code = operator._crawl({})

    assert (last, exit_code) == ("stopping", 6)


def test_sigterm_in_the_middle_of_a_line_of_the_log_stops_the_crawl(crawl):
    operator = crawl(SLEEPS_UNTIL_STOPPED)
    log = Mock(wraps=sys.stdout)
    log.write.side_effect = lambda line: "ready" in line and os.kill(os.getpid(), signal.SIGTERM)

    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
    try:
        with stopping_on_sigterm(operator):
            last, exit_code = operator._crawl({})
    finally:
        structlog.configure(**before)

    assert (last, exit_code) == ("stopping", 6)


def test_a_crawl_that_does_not_stop_is_killed_with_all_that_it_started(crawl, tmp_path, monkeypatch):
    monkeypatch.setattr(operators, "GRACE", 0.1)
    operator = crawl(IGNORES_SIGTERM_WITH_A_CHILD)
    stopper = threading.Thread(target=lambda: (pids_written_to(tmp_path), os.kill(os.getpid(), signal.SIGTERM)))

    with stopping_on_sigterm(operator):
        stopper.start()
        _, exit_code = operator._crawl({})

    assert exit_code == -signal.SIGKILL
    wait_until(lambda: all(is_gone(pid) for pid in pids_written_to(tmp_path)))


def test_the_time_limit_of_the_task_stops_the_crawl(crawl, tmp_path):
    operator = crawl(SLEEPS_UNTIL_STOPPED)

    with structlog.testing.capture_logs() as logged, timeout(60):
        after((tmp_path / "pid").exists, lambda: os.kill(os.getpid(), signal.SIGALRM))  # the limit's own signal
        with pytest.raises(AirflowTaskTimeout):
            operator._crawl({})

    assert logged[-1]["event"] == "stopping"
    assert all(is_gone(pid) for pid in pids_written_to(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
def test_the_crawl_dies_with_a_task_that_is_killed(crawl, tmp_path):
    operator = crawl(IGNORES_SIGTERM)
    task = multiprocessing.get_context("fork").Process(target=operator._crawl, args=({},))
    task.start()
    pids = pids_written_to(tmp_path)

    task.kill()
    task.join()

    wait_until(lambda: all(is_gone(pid) for pid in pids))
    assert pids


def test_on_kill_before_and_after_the_crawl_does_nothing(crawl):
    operator = crawl("print('done')")

    operator.on_kill()
    last, exit_code = operator._crawl({})
    operator.on_kill()

    assert (last, exit_code) == ("done", 0)


@pytest.fixture
def run_ended(dsn: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., UUID]:
    """Return what stores a run of `seed` with the given end."""
    monkeypatch.setenv("WARTA_DSN", dsn)

    def store(outcome: str, reason: str | None = None) -> UUID:
        run_id = uuid4()
        with connect() as connection:
            begin_run(connection, run_id, outlet="seed")
            finish_run(connection, run_id, outcome, reason)
        return run_id

    return store


def test_a_crawl_that_succeeded_returns_its_counts_and_updates_the_asset(crawl, run_ended):
    operator, run_id = crawl("pass"), run_ended("succeeded")

    result, event = executed(operator, run_id)

    assert result == {
        "run_id": str(run_id),
        "outcome": "succeeded",
        "discovered": 0,
        "stored": 0,
        "counts": {},
        "alarms": [],
    }
    assert event == {"run_id": str(run_id), "stored": 0}


def test_the_span_of_the_task_says_which_crawl_it_was_and_what_came_of_it(crawl, run_ended):
    operator, run_id = crawl("raise SystemExit(1)"), run_ended("failed", "the site answered 500")
    ended = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ended))

    with provider.get_tracer("airflow").start_as_current_span("worker.crawl"), suppress(AirflowException):
        executed(operator, run_id)

    [span] = ended.get_finished_spans()
    assert span.attributes == {"warta.outlet": "seed", "warta.run_id": str(run_id), "warta.outcome": "failed"}


@pytest.mark.parametrize(
    ("exit_code", "outcome"), [(1, "failed"), (3, "failed"), (4, "failed"), (6, "stopped"), (0, "stopped")]
)
def test_a_crawl_that_did_not_succeed_fails_with_its_reason_and_is_retried(crawl, run_ended, exit_code, outcome):
    operator = crawl(f"raise SystemExit({exit_code})")
    run_id = run_ended(outcome, "the site\nanswered 500")

    with pytest.raises(AirflowException) as raised:
        executed(operator, run_id)

    assert str(raised.value) == f"the crawl of seed ended with exit code {exit_code}: the site answered 500"
    assert not isinstance(raised.value, AirflowFailException)


def test_a_crawl_that_robots_txt_forbids_is_not_retried(crawl, run_ended):
    operator, run_id = crawl("raise SystemExit(5)"), run_ended("failed", "robots.txt forbids /")

    with pytest.raises(AirflowFailException, match=r"exit code 5: robots\.txt forbids /"):
        executed(operator, run_id)


def test_a_wrong_argument_is_not_retried_and_needs_no_database(crawl, monkeypatch):
    monkeypatch.setenv("WARTA_DSN", "host=127.0.0.1 port=1")
    operator = crawl("print('[warta] ERROR: no outlet \"sed\"'); raise SystemExit(2)")

    with pytest.raises(AirflowFailException, match='exit code 2: no outlet "sed"'):
        executed(operator, uuid4())


def test_a_crawl_without_a_run_in_the_database_is_no_success(crawl, run_ended):
    run_ended("succeeded")
    operator = crawl("pass")

    with pytest.raises(AirflowException, match="exit code 0: it gave no reason"):
        executed(operator, uuid4())


def test_a_crawl_that_the_kernel_killed_says_so(crawl, dsn, monkeypatch):
    monkeypatch.setenv("WARTA_DSN", dsn)
    operator = crawl("import os; print('last words', flush=True); os.kill(os.getpid(), 9)")

    with pytest.raises(AirflowException, match="the crawl of seed was killed by SIGKILL: last words"):
        executed(operator, uuid4())


def test_the_run_is_named_after_the_task_instance_and_the_dag_run(crawl, run_ended):
    operator = crawl("import sys; print(*sys.argv[1:], file=open('argv', 'w'))")
    run_id = run_ended("succeeded")

    executed(operator, run_id, limit=3)

    argv = (operators.ROOT / "argv").read_text()
    assert argv == f"seed -a limit=3 -a run_id={run_id} -a requested_by=airflow:crawl_seed/manual__1\n"
