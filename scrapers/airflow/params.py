"""What the trigger forms of Dags ask for, beside those of crawls."""

from typing import Any

from airflow.sdk import Param

from scrapers.spiders.arguments import DAY

DATE: dict[str, Any] = {"type": ["null", "string"], "format": "date", "pattern": f"^{DAY}$"}
NAME: dict[str, Any] = {"type": ["null", "string"], "pattern": r"^\w[\w.-]{0,99}$"}
EXPORT_PARAMS = {
    "outlet": Param(None, "Only articles of this outlet.", **NAME),
    "since": Param(None, "Only articles published on this day (UTC) or later.", **DATE),
    "until": Param(None, "Only articles published on this day (UTC) or earlier.", **DATE),
    "format": Param("parquet", enum=["parquet", "jsonl", "csv"]),
    "level": Param(
        "all", "`unique`: without exact copies; `cluster`: one article a cluster.", enum=["all", "unique", "cluster"]
    ),
    "as_of": Param(
        None, "The corpus as it was known then; UTC without an offset.", type=["null", "string"], format="date-time"
    ),
    "folder": Param(None, "The folder's name; by default the moment.", **NAME),
}
