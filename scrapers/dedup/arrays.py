"""Arrays between numpy and Postgres in binary."""

import struct
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from psycopg.abc import Buffer, DumperKey
from psycopg.adapt import Dumper, Loader, PyFormat
from psycopg.postgres import adapters
from psycopg.pq import Format


class ArrayDumper(Dumper):
    """Sends a numpy array in Postgres' binary format: of 64-bit or 32-bit integers, or of truth values."""

    format = Format.BINARY
    _types: ClassVar = {"int64": ("int8", ">i8"), "int32": ("int4", ">i4"), "bool": ("bool", "i1")}

    def get_key(self, obj: NDArray[Any], format: PyFormat) -> DumperKey:
        """Return what tells dumpers of arrays apart."""
        return self.cls, obj.dtype.name  # type: ignore[return-value]

    def upgrade(self, obj: NDArray[Any], format: PyFormat) -> "ArrayDumper":
        """Return a dumper of such arrays."""
        dumper = type(self)(self.cls)
        dumper.oid = adapters.types[self._types[obj.dtype.name][0]].array_oid
        return dumper

    def dump(self, obj: NDArray[Any]) -> bytes:
        """Return a header (dimensions, nulls, type, length, lower bound), then each element behind its size."""
        name, written = self._types[obj.dtype.name]
        elements = np.empty(len(obj), [("size", ">i4"), ("value", written)])
        elements["size"], elements["value"] = obj.itemsize, obj
        return struct.pack(">5i", 1, 0, adapters.types[name].oid, len(obj), 1) + elements.tobytes()


class BytesLoader(Loader):
    """Leaves a value as Postgres sends it."""

    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        """Return the bytes."""
        return bytes(data)
