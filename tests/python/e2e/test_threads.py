"""The marts are the same whatever the number of threads and the order of the rows in the files."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import Shop

from benchmarks.components import profiles_of_threads
from orchestration.digests import table_digest
from orchestration.duck import connect, literal
from orchestration.warehouse import attach
from orchestration.world import World, make_world


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The smallest demo world, landed: a year of two hundred customers in seven systems."""
    shop = Shop(tmp_path_factory.mktemp("in_order"))
    make_world(World(customers=200, days=365, seed=7), shop.data, print)
    assert shop.command("regulars", "land").returncode == 0
    return shop


def digests_by(threads: int, shop: Shop, folder: Path, parsed: Any) -> dict[str, str]:
    """The digest of each mart, after a build by so many threads of dbt and of DuckDB."""
    profiles = profiles_of_threads(folder, threads)
    options = ("--threads", str(threads), "--profiles-dir", str(profiles))
    shop.build("duckdb", *options, manifest=parsed)
    with connect() as connection:
        attach(connection, shop.warehouse)
        marts = connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'warehouse' and schema_name = 'marts'"
        ).fetchall()
        return {mart: table_digest(connection, f"warehouse.marts.{mart}") for (mart,) in marts}


def shuffle(path: Path) -> None:
    """Writes the rows of a file in another order."""
    if path.suffix == ".parquet":
        with connect() as connection:
            connection.execute(f"create table rows as from {literal(path)}")
            connection.execute(
                f"copy (from rows order by hash(rowid)) to {literal(path)} (format parquet)"
            )
    elif path.suffix in {".csv", ".jsonl"}:
        lines = path.read_bytes().splitlines()
        header = [lines.pop(0)] if path.suffix == ".csv" else []
        random.Random(path.name).shuffle(lines)
        path.write_bytes(b"\n".join([*header, *lines, b""]))


@pytest.mark.long
def test_four_threads_make_of_rows_in_any_order_what_one_makes(
    shop: Shop, parsed: Any, tmp_path: Path
) -> None:
    digests = digests_by(1, shop, tmp_path, parsed)
    assert {"customer_rfm", "customer_churn", "customer_lifecycle"} < digests.keys()
    shuffled = Shop(tmp_path / "data")
    shutil.copytree(shop.data / "landing", shuffled.data / "landing")
    for path in (shuffled.data / "landing").rglob("*.*"):
        shuffle(path)
    assert shuffled.command("regulars", "land").returncode == 0
    assert digests_by(4, shuffled, tmp_path, parsed) == digests
