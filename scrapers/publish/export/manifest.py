"""What stands beside the articles of an export: its manifest, and its data card as Croissant."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

import pyarrow as pa
from pyarrow import compute, types

from scrapers.publish.export.articles import Part
from scrapers.publish.export.fields import FIELDS
from scrapers.publish.export.folder import Record
from scrapers.publish.export.formats import Format

RIGHTS = (
    "The articles are works of their outlets and authors; Warta grants no licence to them. Whether they may be used "
    "depends on each outlet's terms, the law of the place, and what the pages opted out of: fields robots and opt_outs."
)
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"  # https://docs.mlcommons.org/croissant/docs/croissant-spec.html
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def versions() -> dict[str, str]:
    """Return what the bytes of an export depend on beside the articles."""
    return {"warta": version("warta"), "pyarrow": pa.__version__}


class Tally:
    """Counts what robots.txt and pages said of the articles of one part."""

    def __init__(self) -> None:
        self.articles = 0
        self.robots: Counter[str] = Counter()
        self.opt_outs: Counter[str] = Counter()

    def add(self, table: pa.Table) -> None:
        """Count the articles of a table."""
        self.articles += len(table)
        self.robots.update(_counts(table["robots"]))
        self.opt_outs.update(_counts(compute.list_flatten(table["opt_outs"])))

    def as_record(self, part: Part, path: str, size: int, sha256: str) -> Record:
        """Return what is recorded of the part when it is finished."""
        said = {"robots": dict(sorted(self.robots.items())), "opt_outs": dict(sorted(self.opt_outs.items()))}
        return {"path": path, "outlet": part.outlet, "articles": self.articles, "bytes": size, "sha256": sha256} | said


def _counts(texts: pa.ChunkedArray) -> dict[str, int]:
    return {one["values"] or "unknown": one["counts"] for one in texts.value_counts().to_pylist()}


def manifest(request: Record, parts: Sequence[Record]) -> Record:
    """Return the manifest of an export: equal exports have equal ones."""
    files = [{name: part[name] for name in ("path", "articles", "bytes", "sha256")} for part in parts]
    return {
        "request": request,
        "articles": sum(part["articles"] for part in parts),
        "outlets": _outlets(parts),
        "rights": RIGHTS,
        "files": files,
    }


def _outlets(parts: Iterable[Record]) -> dict[str, Record]:
    """Return for each outlet its articles, and how many of them have which word of robots.txt and which opt-out."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for part in parts:
        counts[part["outlet"]]["robots"].update(part["robots"])
        counts[part["outlet"]]["opt_outs"].update(part["opt_outs"])
    return {
        outlet: {"articles": said["robots"].total(), "robots": dict(said["robots"]), "opt_outs": dict(said["opt_outs"])}
        for outlet, said in counts.items()
    }


def croissant(found: Record, format: Format) -> Record:
    """Return the data card of an export in Croissant, from its manifest: files, fields and what they mean."""
    request = found["request"]
    as_of, outlets = request["selection"]["as_of"], ", ".join(found["outlets"])
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": "warta-export",
        "description": f"{found['articles']} news articles of {outlets}, as they were known on {as_of}.",
        "datePublished": as_of,
        "version": request["versions"]["warta"],
        "license": RIGHTS,
        "creator": {"@type": "sc:Organization", "name": outlets},
        "isLiveDataset": False,
        "distribution": [*(_file_object(file, format) for file in found["files"]), _file_set(found, format)],
        "recordSet": [_record_set()] if format.is_table else [],
    }


def _record_set() -> Record:
    return {
        "@type": "cr:RecordSet",
        "@id": "articles",
        "key": {"@id": "articles/article_id"},
        "field": [_field(field.name, field.type, field.description) for field in FIELDS],
    }


def _file_object(file: Record, format: Format) -> Record:
    return {
        "@type": "cr:FileObject",
        "@id": file["path"],
        "contentUrl": file["path"],
        "contentSize": f"{file['bytes']} B",
        "encodingFormat": format.media_type,
        "sha256": file["sha256"],
    }


def _file_set(found: Record, format: Format) -> Record:
    return {
        "@type": "cr:FileSet",
        "@id": "files",
        "containedIn": [{"@id": file["path"]} for file in found["files"]],
        "encodingFormat": format.media_type,
        "includes": f"*{format.suffix}",
    }


def _field(name: str, type_: pa.DataType, description: str) -> Record:
    is_list = types.is_list(type_)
    return {
        "@type": "cr:Field",
        "@id": f"articles/{name}",
        "description": description,
        "dataType": _data_type(type_.value_type if is_list else type_),
        "source": {"fileSet": {"@id": "files"}, "extract": {"column": name}},
    } | ({"repeated": True} if is_list else {})


def _data_type(type_: Any) -> str:
    names = {pa.int64(): "sc:Integer", pa.bool_(): "sc:Boolean"}
    return "sc:Date" if types.is_timestamp(type_) else names.get(type_, "sc:Text")
