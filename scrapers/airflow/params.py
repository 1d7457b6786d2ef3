"""What the trigger forms of Dags ask for, beside those of crawls."""

from typing import Any

from airflow.sdk import Param

from scrapers.spiders.arguments import ADDRESS, DAY

DATE: dict[str, Any] = {"type": ["null", "string"], "format": "date", "pattern": f"^{DAY}$"}
NAME: dict[str, Any] = {"type": ["null", "string"], "pattern": r"^\w[\w.-]{0,99}$"}
EXPORT_PARAMS = {
    "outlet": Param(None, "Only articles of this outlet.", **NAME),
    "since": Param(None, "Only articles published on this day (UTC) or later.", **DATE),
    "until": Param(None, "Only articles published on this day (UTC) or earlier.", **DATE),
    "format": Param("parquet", enum=["parquet", "jsonl", "csv", "warc"]),
    "level": Param(
        "all", "`unique`: without exact copies; `cluster`: one article a cluster.", enum=["all", "unique", "cluster"]
    ),
    "as_of": Param(
        None, "The corpus as it was known then; UTC without an offset.", type=["null", "string"], format="date-time"
    ),
    "folder": Param(None, "The folder's name; by default the moment.", **NAME),
}
REEXTRACT_PARAMS = {
    "outlet": Param(None, "Only this outlet.", **NAME),
    "since": Param(None, "Only articles of this day and later, in UTC.", **DATE),
    "until": Param(None, "Only articles of this day and earlier, in UTC.", **DATE),
    "fields": Param([], "Only these fields; none: all.", type="array", items={"type": "string"}),
    "dry_run": Param(True, "Store nothing: count and show what would change.", type="boolean"),
    "workers": Param(2, "Processes that read pages.", type="integer", minimum=1, maximum=64),
}
QUARANTINE_PARAMS = {
    "outlet": Param(None, "Only pages of this outlet.", **NAME),
    "url": Param(None, "Only this page.", type=["null", "string"], pattern=f"^{ADDRESS}$"),
}
