"""The schema of a database as text; `make schema` writes scrapers/storage/schema.sql anew."""

import re
import subprocess
import tempfile
from pathlib import Path

from scrapers.local.postgres import Cluster, binaries
from scrapers.settings import ROOT
from scrapers.storage.migrate import migrate

KEPT = ROOT / "scrapers" / "storage" / "schema.sql"
HEADING = "-- What the migrations arrive at, as pg_dump {major} tells it; `make schema` writes it anew.\n\n"
# what pg_dump says of itself and its session
ITS_OWN = re.compile(r"^(--.*|SET .*;|SELECT pg_catalog\.set_config.*|\\.*)\n", re.MULTILINE)
GRANTS = re.compile(r"(?:^GRANT .*\n)+", re.MULTILINE)  # which stand in the order in which they were given


def pg_dump(dsn: str) -> str:
    """Return the tables, views, functions, comments and grants of a database as SQL."""
    command = [binaries() / "pg_dump", "--schema-only", "--no-owner", dsn]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    statements = re.sub(r"\n{2,}", "\n\n", ITS_OWN.sub("", dumped).replace("public.", "")).strip()
    packed = re.sub(r";\n\n(?=COMMENT|GRANT)", ";\n", statements)
    return GRANTS.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True))), packed + "\n")


def major() -> int:
    """Return the release of Postgres whose pg_dump is at hand."""
    version = subprocess.run([binaries() / "pg_dump", "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"(\d+)\.", version)[0])


def write() -> None:
    """Write the file that is kept, from a new database."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            cluster.create_database("schema")
            migrate(cluster.dsn("schema"))
            KEPT.write_text(HEADING.format(major=major()) + pg_dump(cluster.dsn("schema")), encoding="utf-8")
        finally:
            cluster.stop()


if __name__ == "__main__":
    write()
