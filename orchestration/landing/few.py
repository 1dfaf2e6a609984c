"""Few rows as Parquet, by Arrow: what DuckDB would write, in a tenth of the time."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pyarrow
from pyarrow import parquet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_few(
    path: Path,
    columns: Mapping[str, Sequence[str | int | None]],
    number: str,
    batch: str,
    landed_at: datetime,
) -> None:
    """Writes columns of texts, but for the one that holds a `number`, and the batch of each row."""
    count = len(columns[number])
    arrays = {
        name: _numbers(values, pyarrow.int64()) if name == number else _texts(values)
        for name, values in {**columns, "_batch": [batch] * count}.items()
    }
    instant = (landed_at.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    arrays["_landed_at"] = _numbers([instant] * count, pyarrow.timestamp("us"))
    table = pyarrow.Table.from_arrays(list(arrays.values()), list(arrays))
    parquet.write_table(table, path, compression="zstd", store_schema=False)


# Of buffers: Arrow loads pandas to know whether a list is one of its own, which takes longer than
# all else here.


def _numbers(values: Sequence[int], kind: pyarrow.DataType) -> pyarrow.Array:
    buffers = [None, pyarrow.py_buffer(array("q", values))]
    return pyarrow.Array.from_buffers(kind, len(values), buffers)


def _texts(values: Sequence[str | None]) -> pyarrow.Array:
    encoded = [(value or "").encode() for value in values]
    ends = pyarrow.py_buffer(array("i", accumulate(map(len, encoded), initial=0)))
    is_there = "".join("01"[value is not None] for value in reversed(values))
    bits = pyarrow.py_buffer(int(is_there or "0", 2).to_bytes(len(values) // 8 + 1, "little"))
    buffers = [bits, ends, pyarrow.py_buffer(b"".join(encoded))]
    return pyarrow.Array.from_buffers(pyarrow.string(), len(values), buffers)
