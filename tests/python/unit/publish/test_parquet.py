"""A file that begins as another has the bytes of one that was written at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest

from orchestration.publish.parquet import write_after

GROUP = 2048
ROWS = {
    "texts that repeat, with Bloom filters": "select (i % 40)::varchar as town, i as id",
    "no Bloom filter": "select random() as ratio",
    "nulls, and a column of them": "select nullif(i % 3, 0) as some, null::date as none",
    "nested values": "select [i, i + 1] as basket, {'shop': 'a', 'till': i % 7} as place",
    "all plain types": "select i % 2 = 0 as is_even, i::decimal(38, 2) as amount,"
    " date '2026-01-01' + (i % 99)::integer as day, to_seconds(i) as pause, uuid() as id",
    "many columns": "select columns(*)::bigint from (select "
    + ", ".join(f"i % {n} as c{n}" for n in range(1, 40))
    + ")",
}


def written(folder: Path, name: str, rows: str) -> Path:
    path = folder / f"{name}.parquet"
    options = f"format parquet, row_group_size {GROUP}, kv_metadata {{layout: 'as told'}}"
    duckdb.execute(f"copy ({rows}) to '{path}' ({options})")
    return path


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS.keys())
@pytest.mark.parametrize("groups", [0, 1, 20])
def test_it_has_the_bytes_of_one_written_at_once(tmp_path, rows, groups):
    selected = rows if "from" in rows else f"{rows} from numbers"
    selected = selected.replace("c39)", "c39 from numbers)")
    duckdb.execute(
        "create or replace temp table numbers as select i, hash(i) as h from range(50_000) n(i)"
    )
    duckdb.execute("select setseed(0.5)")
    duckdb.execute(f"create or replace temp table made as {selected}")
    whole = written(tmp_path, "whole", "from made")
    begin = written(tmp_path, "begin", "from made where rowid < 42_000")
    end = written(tmp_path, "end", f"from made where rowid >= {groups * GROUP}")
    assert write_after(begin, groups * GROUP, end, tmp_path / "joined.parquet")
    assert (tmp_path / "joined.parquet").read_bytes() == whole.read_bytes()


def test_no_group_is_cut(tmp_path):
    begin = written(tmp_path, "begin", "select i from range(9_000) numbers(i)")
    assert not write_after(begin, GROUP + 1, begin, tmp_path / "joined.parquet")
    assert not (tmp_path / "joined.parquet").exists()


def test_what_is_told_of_other_places_is_left_alone(tmp_path):
    whole, begin = tmp_path / "whole.parquet", tmp_path / "begin.parquet"
    numbers = pyarrow.table({"number": range(9_000)})
    pyarrow.parquet.write_table(numbers, begin, row_group_size=GROUP, write_page_index=True)
    assert not write_after(begin, GROUP, begin, whole)
    assert not whole.exists()
