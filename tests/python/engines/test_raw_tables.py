"""What has landed, under the names and types that `source()` gives it on each engine."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from conftest import POCKET, ROOT, Shop

from orchestration.duck import connect
from orchestration.landing.ledger import Event
from orchestration.project import Project
from orchestration.warehouse import attach

QUERIES = {
    "sales": "select sale_id, amount::varchar, _line, _landed_at > '2026-01-01', row_status"
    " from warehouse.entities.int_sales_validated",
    "deliveries": "select file from warehouse.entities.int_current_deliveries",
}


@pytest.fixture
def shop(tmp_path: Path, engine: str) -> Shop:
    """A data folder with a name that SQL must quote; Spark takes no wildcards in a table's path."""
    name = "it's our data 张" if engine == "spark" else "it's [our] *data* 张"
    return Shop(tmp_path / name, POCKET)


def built(shop: Shop, engine: str) -> dict[str, list[tuple]]:
    """What has landed, and no more, as a build finds it."""
    done = shop.dbt(engine, "run", "--select", "+int_sales_validated")
    assert done.returncode == 0, done.stdout
    with connect() as connection:
        attach(connection, Project(POCKET, shop.data, engine).warehouse)
        return {name: connection.execute(query).fetchall() for name, query in QUERIES.items()}


def test_tables_without_files_are_empty_and_files_are_rows(shop: Shop, engine: str) -> None:
    """First nothing has landed, then a file of which one line is no record."""
    assert built(shop, engine) == {"sales": [], "deliveries": []}
    file = shop.data / "landing" / "till" / "sales" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_text("sale_no,sold_on,amount\n1,2026-01-05,10.00\n2,2026-01-05\n")
    assert shop.command("regulars", "land").returncode == 0
    assert built(shop, engine) == {
        "sales": [("till:1", "10.00", 2, True, "accepted")],
        "deliveries": [("till/sales/a.csv",)],
    }
    assert not (shop.data / "published").exists(), "nothing stands in the publication's way"


def test_the_ledger_is_described_as_it_is_written():
    described = yaml.safe_load((ROOT / "models/staging/landing/_landing__sources.yml").read_text())
    [deliveries] = [
        table for table in described["sources"][0]["tables"] if table["name"] == "deliveries"
    ]
    types = {column["name"]: column["data_type"] for column in deliveries["columns"]}
    assert types == {
        field.name: "bigint" if "int" in field.type else "string" for field in fields(Event)
    } | {"landed_at": "timestamp"}
