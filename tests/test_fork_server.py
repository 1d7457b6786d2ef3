import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from scrapers.config import ROOT
from tests.conftest import Commands
from tests.fork_server import SESSION, can_fork, fork_server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="commands are forked on Linux alone")
OWN_STATE = "from scrapers import config, settings; print(config.WARTA_HOME, settings.USER_AGENT)"
STARTS_ONE = """
import os
from tests.fork_server import fork_server
print(fork_server().start("-c", "import time; time.sleep(60)", environment=os.environ).pid, flush=True)
"""


def start(script, **environment):
    return fork_server().start("-c", script, environment={**os.environ, **environment})


@pytest.mark.parametrize(
    "arguments",
    [
        ("scrapers", "--help"),
        ("scrapers", "dedup", "--nothing"),
        ("scrapers", "articles"),
        ("scrapers", "quarantine", "drop", "--outlet", "nobody"),
        ("scrapy", "crawl", "seeed"),
        ("scrapy", "list"),
    ],
    ids=" ".join,
)
def test_forked_command_ends_and_says_what_one_of_its_own_process_does(tmp_path, arguments):
    environment = {"WARTA_HOME": str(tmp_path), "WARTA_DSN": "host=127.0.0.1 port=9 dbname=none"}

    forked, own = (Commands(environment, forks=forks).run(*arguments) for forks in (True, False))

    assert forked == own


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("pass", 0),
        ("import sys; sys.exit(3)", 3),
        ("import sys; sys.exit('nothing there')", 1),
        ("1 / 0", 1),
        ("import os; os._exit(7)", 7),
        ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL),
        ("import os; os.kill(os.getpid(), 15)", -signal.SIGTERM),
    ],
)
def test_its_end_is_told_as_popen_tells_it(script, code):
    process = start(script)

    process.communicate(timeout=60)

    assert process.returncode == process.wait() == process.poll() == code


def test_it_reads_and_writes_the_pipes_of_its_own():
    one, other = (start("import sys; print(input() * 2); sys.exit('end')") for _ in range(2))

    said = [other.communicate("b", timeout=60), one.communicate("a", timeout=60)]

    assert said == [("bb\n", "end\n"), ("aa\n", "end\n")]


def test_environment_is_read_by_each_anew(tmp_path):
    homes = [tmp_path / "one", tmp_path / "other"]

    said = [start(OWN_STATE, WARTA_HOME=str(home), WARTA_CONTACT=home.name).communicate() for home in homes]

    assert said == [(f"{home} warta/0.1 (+{home.name})\n", "") for home in homes]


def test_one_that_takes_too_long_is_killed():
    process = start("import time; time.sleep(60)")

    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=0.1)

    assert process.wait(timeout=60) == -signal.SIGKILL


def test_variables_that_an_interpreter_reads_as_it_starts_need_one_of_its_own():
    assert can_fork(os.environ | {"WARTA_HOME": "/x"})
    assert not can_fork(os.environ | {"PYTHONIOENCODING": "ascii"})
    assert not can_fork(os.environ | {"LC_ALL": "POSIX"})


@pytest.fixture
def other_worker():
    """Return another worker of this session, which has started a command, and that command."""
    environment = os.environ | {"PYTEST_XDIST_TESTRUNUID": SESSION}
    worker = subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    yield worker, psutil.Process(int(worker.stdout.readline()))
    worker.kill()
    worker.communicate()


def test_workers_have_servers_of_their_own_that_are_forked_from_one_process(other_worker):
    mine = start("input()")

    server, its_server = psutil.Process(mine.pid).parent(), other_worker[1].parent()
    mine.communicate("")

    assert server != its_server
    assert server.parent() == its_server.parent()


def test_command_ends_with_the_worker_that_started_it(other_worker):
    worker, command = other_worker

    worker.kill()
    worker.wait()

    for _ in range(500):
        if not command.is_running():
            break
        time.sleep(0.01)
    assert not command.is_running()
