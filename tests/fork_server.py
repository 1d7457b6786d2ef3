"""Commands that start at once: each is forked from a process that has imported everything and done nothing yet.

A command of its own process spends seconds on imports before its first line runs. Here one process does that once for
all workers of a test session. It forks a server for each worker, which forks the commands and tells how each ended.
What reads pages for a crawl is forked from the crawl, where a user's crawl starts a process that imports as much again.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import platform
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from types import SimpleNamespace
from typing import Any, NoReturn, TextIO
from uuid import uuid4

import typer.main
from scrapy import cmdline
from scrapy.settings import default_settings as settings

from scrapers import config
from scrapers.extract import pool_worker, process_pool
from scrapers.extract.dom.links import same_site
from scrapers.parent import die_with_parent

PACKAGES = ("scrapers", "scrapy.commands")  # of which each module is imported
MODULES = (
    *("numba.typed", "scrapy.core.engine", "scrapy.squeues"),
    *("httpx", "rich.progress", "typer._adapters"),
)
# Not imported, or anew by each command: what reads the environment, starts something, or is no command's.
LEFT = {"scrapers.__main__", "scrapers.airflow", "scrapers.local", "scrapers.settings", "scrapers.spiders.seed"}
FRESH = ("PYTHON", "NUMBA_", "LANG", "LC_", "FORCE_COLOR")  # variables that Python and libraries read as they start
MOST_OPEN = 4096  # files of a crawl
SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
IDLE_S = 1.0  # between two looks whether a worker is left
NUMBER = struct.Struct("!i")  # of a process, and how it ended


class ForkedProcess:
    """A command under way, or ended; what it has is what `subprocess.Popen` calls so."""

    def __init__(self, watcher: socket.socket, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self.returncode: int | None = None
        self._watcher = watcher
        self.pid = self._hear(timeout=200)  # the server may still import

    def _hear(self, timeout: float | None) -> int:
        self._watcher.settimeout(timeout)
        try:
            return int(NUMBER.unpack(self._watcher.recv(NUMBER.size))[0])
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired("a forked command", timeout or 0) from None

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code, or the negative of the signal that ended it; raises TimeoutExpired after seconds."""
        if self.returncode is None:
            self.returncode = self._hear(timeout)
            self._watcher.close()
        return self.returncode

    def poll(self) -> int | None:
        """Return the same, or None where it has not ended."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(timeout=0)
        return None

    def communicate(self, input: str = "", timeout: float | None = None) -> tuple[str, str]:
        """Write the input, and return the outputs once it has ended; one that takes too long is killed."""
        with ThreadPoolExecutor() as threads:
            threads.submit(self._write, input)
            out, err = threads.submit(self.stdout.read), threads.submit(self.stderr.read)
            try:
                self.wait(timeout)
            except BaseException:
                self.kill()
                raise
        return out.result(), err.result()

    def _write(self, text: str) -> None:
        with suppress(BrokenPipeError), self.stdin:
            self.stdin.write(text)

    def send_signal(self, number: int) -> None:
        """Send the signal unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """The process that forks, until the one that made this ends."""

    def __init__(self, address: str) -> None:
        self._orders = _connected(address)

    def start(self, *arguments: str, environment: Mapping[str, str]) -> ForkedProcess:
        """Start what `python ARGUMENTS` would, `-m MODULE …` or `-c SCRIPT`, from the root of the checkout."""
        ours, theirs = socket.socketpair()
        (stdin, to_stdin), (from_stdout, stdout), (from_stderr, stderr) = os.pipe(), os.pipe(), os.pipe()
        given = [theirs.detach(), stdin, stdout, stderr]
        socket.send_fds(self._orders, [b"+"], given)
        for number in given:
            os.close(number)
        order = {"arguments": arguments, "environment": dict(environment)}
        ours.sendall(json.dumps(order).encode() + b"\n")
        return ForkedProcess(ours, os.fdopen(to_stdin, "w"), os.fdopen(from_stdout), os.fdopen(from_stderr))


@cache
def fork_server() -> ForkServer:
    """Return the one of this process; those of all workers are forked from one process."""
    return ForkServer(f"\0warta-{SESSION}")  # an abstract address, which ends with who listens


def _connected(address: str) -> socket.socket:
    """Return a connection to the process that imports, which is started where there is none."""
    while True:
        connection = socket.socket(socket.AF_UNIX)
        with suppress(ConnectionRefusedError):
            connection.connect(address)
            return connection
        connection.close()
        with socket.socket(socket.AF_UNIX) as listener:
            if _is_mine(listener, address):
                _start(listener)


def _is_mine(listener: socket.socket, address: str) -> bool:
    """Return whether it listens at the address from now on; False where another worker was first."""
    try:
        listener.bind(address)
    except OSError:
        return False
    listener.listen()
    return True


def _start(listener: socket.socket) -> None:
    subprocess.Popen(
        [sys.executable, "-m", __name__, str(listener.fileno())],
        cwd=config.ROOT,
        pass_fds=[listener.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the tests
    )


def can_fork(environment: Mapping[str, str]) -> bool:
    """Return whether a forked command is as good as one that has started with these variables.

    On macOS none is: its own libraries end a process that uses them after a fork.
    """
    changed = environment.items() ^ os.environ.items()
    return sys.platform == "linux" and not any(name.startswith(FRESH) for name, _ in changed)


class ForkedWorker:
    """Stands for the `subprocess.Popen` of a process that reads pages."""

    def __init__(self, command: list[str], *, pass_fds: list[int], **_: Any) -> None:
        self.returncode: int | None = None
        crawl = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _read_pages(pass_fds[0], crawl)

    def poll(self) -> int | None:
        return self._wait(os.WNOHANG)

    def wait(self) -> int | None:
        return self._wait(0)

    def _wait(self, options: int) -> int | None:
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, options)
            self.returncode = os.waitstatus_to_exitcode(status) if ended else None
        return self.returncode

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


def _read_pages(connection: int, crawl: int) -> NoReturn:
    """Do what a process for extraction does; nothing that the crawl has open stays open here."""
    gc.freeze()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    os.closerange(3, connection)
    os.closerange(connection + 1, MOST_OPEN)
    try:
        pool_worker.serve(socket.socket(fileno=connection), crawl)
    finally:
        os._exit(0)


def accept(listener: socket.socket) -> socket.socket:
    """Fork a server for each worker that connects, until the last has ended; return in it, with the connection."""
    listener.settimeout(IDLE_S)
    servers = set()
    while True:
        with suppress(TimeoutError):
            orders = listener.accept()[0]
            if not (server := os.fork()):
                listener.close()
                return orders
            orders.close()
            servers.add(server)
        servers -= {server for server in servers if os.waitpid(server, os.WNOHANG)[0]}
        if not servers:
            sys.exit()


def serve(orders: socket.socket) -> list[str]:
    """Fork for each order, and tell how that ended; return in the forked process, with the arguments of its command."""
    me = os.getpid()
    with selectors.PollSelector() as waiting:  # a forked process shares no state of it, as it would epoll's
        waiting.register(orders, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.data:
                    _tell_end(waiting, key)
                elif not (given := socket.recv_fds(orders, 1, 4)[1]):
                    sys.exit()
                elif arguments := _fork(waiting, me, *given):
                    return arguments


def _fork(waiting: selectors.BaseSelector, me: int, connection: int, *streams: int) -> list[str]:
    """Fork the command and tell its number; return in its process, with its arguments."""
    asker = socket.socket(fileno=connection)
    order = json.loads(asker.makefile().readline())
    if command := os.fork():
        for number in streams:
            os.close(number)
        waiting.register(os.pidfd_open(command), selectors.EVENT_READ, (command, asker))
        _tell(asker, command)
        return []
    die_with_parent(me)
    _close_all(asker, waiting)
    _take_streams(streams)
    os.environ.clear()
    os.environ.update(order["environment"])
    importlib.reload(config)  # which reads the environment
    return list(order["arguments"])


def _close_all(asker: socket.socket, waiting: selectors.BaseSelector) -> None:
    """Close what the server has open: its worker's orders, and what tells and hears of other commands."""
    asker.close()
    for key in list(waiting.get_map().values()):
        waiting.unregister(key.fileobj)
        if key.data:
            os.close(key.fd)
            key.data[1].close()
        else:
            key.fileobj.close()  # type: ignore[union-attr]  # the orders


def _tell_end(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    """Tell how the command ended."""
    command, asker = key.data
    waiting.unregister(key.fd)
    os.close(key.fd)
    _tell(asker, os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
    asker.close()


def _tell(asker: socket.socket, number: int) -> None:
    with suppress(OSError):  # nobody waits for it any more
        asker.sendall(NUMBER.pack(number))


def _take_streams(streams: Sequence[int]) -> None:
    """Make them standard input, output and error."""
    for standard, number in enumerate(streams):
        os.dup2(number, standard)
        os.close(number)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")


def import_all() -> None:
    """Import what commands do, and what only some of them do."""
    middlewares = settings.DOWNLOADER_MIDDLEWARES_BASE | settings.SPIDER_MIDDLEWARES_BASE | settings.EXTENSIONS_BASE
    names = [*MODULES, *(name.rpartition(".")[0] for name in middlewares)]
    for package in map(importlib.import_module, PACKAGES):
        names += [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    for name in names:
        if not name.startswith(tuple(LEFT)):
            importlib.import_module(name)
    for name in LEFT & sys.modules.keys():
        del sys.modules[name]
        package, _, module = name.rpartition(".")
        delattr(sys.modules[package], module)
    same_site("https://a.example/", "https://b.example/")  # has the list of public suffixes read
    platform.platform()  # starts a process
    keep_commands()


def keep_commands() -> None:
    """Have each command find what Scrapy's and Warta's command lines look for: half of what a short one takes."""
    cmdline.entry_points = cache(cmdline.entry_points)
    cmdline.entry_points(group="scrapy.commands")
    typer.main.get_command = cache(typer.main.get_command)
    typer.main.get_command(sys.modules["scrapers.cli.commands"].app)


def run(kind: str, what: str, *arguments: str) -> None:
    """Do what `python KIND WHAT ARGUMENTS` does."""
    sys.argv = [kind, *arguments]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})  # noqa: S102 - a test's script


def leave(codes: list[int]) -> None:
    """End with the code, if there is one; to take apart all that was imported takes longer than most commands."""
    for code in codes:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code & 0xFF)


def main(listener: str) -> None:
    """Import all that commands need; from then on, do what a forked process is told."""
    codes: list[int] = []
    atexit.register(leave, codes)  # the last to be called: those of what is imported come before
    import_all()
    process_pool.subprocess = SimpleNamespace(Popen=ForkedWorker, DEVNULL=subprocess.DEVNULL)
    gc.freeze()
    arguments = serve(accept(socket.socket(fileno=int(listener))))
    try:
        run(*arguments)
    except SystemExit as end:
        if isinstance(end.code, int | None):
            codes.append(end.code or 0)
        raise
    codes.append(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
