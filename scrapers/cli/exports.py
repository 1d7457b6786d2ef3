"""What users take away: `warta export`."""

from pathlib import Path
from typing import Annotated

import typer

from scrapers.cli.options import Moment, UtcDay
from scrapers.terminal import say_or_json


def export(
    folder: Annotated[Path, typer.Argument(help="Where to; a folder that is not there yet, or is empty.")],
    format: Annotated[str, typer.Option("--format", "-f", help="parquet, jsonl, csv or warc.")] = "parquet",
    outlet: Annotated[list[str] | None, typer.Option(help="Only articles of this outlet; may be repeated.")] = None,
    since: UtcDay = None,
    until: UtcDay = None,
    section: Annotated[str | None, typer.Option(help="Only of this section or subsection.")] = None,
    language: Annotated[str | None, typer.Option(help="Only in this language, such as id.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind, such as article or video.")] = None,
    level: Annotated[
        str, typer.Option(help="all; unique: without exact copies; cluster: one article a cluster.")
    ] = "all",
    as_of: Moment = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest.")] = False,
) -> None:
    """Write articles into a folder, with a manifest and a data card; killed, it goes on where it is called again.

    Days are days of publication. --as-of takes the corpus as it was known then: the same options and --as-of give the
    same bytes at any time.
    """
    from scrapers.publish.export.export import export
    from scrapers.publish.export.progress import shown_on_terminal
    from scrapers.publish.export.selection import Selection

    selection = Selection(
        as_of=as_of,
        level=level,
        outlet=tuple(sorted(set(outlet))) if outlet else None,
        since=since and since.date(),
        until=until and until.date(),
        section=section,
        language=language,
        kind=kind,
    )
    with shown_on_terminal() as on_part:
        manifest = export(folder, selection, format, on_part=on_part)
    line = f"{manifest['articles']} articles as of {manifest['request']['selection']['as_of']}: {folder}"
    say_or_json(line, manifest, as_json=as_json)
