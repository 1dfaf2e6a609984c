"""Publishing a mart of a million rows, beside DuckDB copying it to a file and to Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from benchmarks.timing import Ratio, best_of
from orchestration.publish.generations import publish
from orchestration.publish.marts import Mart
from orchestration.publish.stage import PublicationFacts

ROWS = 1_000_000
FACTS = PublicationFacts(date(2026, 1, 1), None, "bench", "bench", "duckdb")


def ratios(folder: Path) -> Iterator[Ratio]:
    """Publication sorts by the key, digests every row and reads back; the floor only copies."""
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute(f"""
            create schema marts;
            create table marts.orders as
            select md5(range::varchar) as order_id, range % 1000 as store,
                (range / 7)::decimal(18,2) as net_amount, date '2026-01-01' as ordered_on
            from range({ROWS})
        """)

    def floor(run: int) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
            connection.execute(f"attach '{folder}/floor{run}.duckdb' as copy")
            connection.execute("create table copy.orders as from warehouse.marts.orders")
            connection.execute(f"copy copy.orders to '{folder}/floor{run}.parquet'")

    def publication(run: int) -> None:
        marts = [Mart("orders", ["order_id"])]
        publish(marts, warehouse, folder / f"{run}" / "published", FACTS, datetime.now(UTC))

    for run in range(3):
        (folder / f"{run}").mkdir()
    yield Ratio(
        "publish a mart of 1 million rows",
        "DuckDB: copy to a file and to Parquet",
        best_of(3, publication),
        best_of(3, floor),
    )
