"""What has landed, under the names and types that `source()` gives it on each engine."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Shop

from orchestration.duck import connect
from orchestration.landing.ledger import Event
from orchestration.project import Project
from orchestration.warehouse import attach

MEMBERS = "member_no;joined;mobile;email;full_name;birthday;gender;city;tier;valid_until\n"
QUERIES = {
    "accounts": "select account_id, phone, _line, _landed_at > '2026-01-01', row_status"
    " from warehouse.entities.int_accounts_validated",
    "deliveries": "select file from warehouse.entities.int_current_deliveries",
}


@pytest.fixture
def shop(tmp_path: Path, engine: str) -> Shop:
    """A data folder with a name that SQL must quote; Spark takes no wildcards in a table's path."""
    return Shop(tmp_path / ("it's our data 张" if engine == "spark" else "it's [our] *data* 张"))


def test_files_are_rows_and_a_table_without_files_is_empty(shop: Shop, engine: str) -> None:
    """Members have landed, with a line that is no record; users of the shop have not."""
    file = shop.data / "landing" / "crm" / "members" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_text(f"{MEMBERS}M1;2026/01/05;137-2222-0009;;Ann;;;;gold;\nM2;2026/01/05\n")
    assert shop.command("regulars", "land").returncode == 0
    done = shop.command(
        *("dbt", "run", "--select", "+int_accounts_validated", "--target", engine),
        *("--target-path", str(shop.data / "target"), "--log-path", str(shop.data / "logs")),
    )
    assert done.returncode == 0, done.stdout
    assert not (shop.data / "published").exists(), "nothing stands in the publication's way"
    with connect() as connection:
        attach(connection, Project(ROOT, shop.data, engine).warehouse)
        found = {name: connection.execute(query).fetchall() for name, query in QUERIES.items()}
    assert found == {
        "accounts": [("crm:M1", "137-2222-0009", 2, True, "accepted")],
        "deliveries": [("crm/members/a.csv",)],
    }


def test_the_ledger_is_described_as_it_is_written():
    described = yaml.safe_load((ROOT / "models/staging/landing/_landing__sources.yml").read_text())
    [deliveries] = [
        table for table in described["sources"][0]["tables"] if table["name"] == "deliveries"
    ]
    types = {column["name"]: column["data_type"] for column in deliveries["columns"]}
    assert types == {
        field.name: "bigint" if "int" in field.type else "string" for field in fields(Event)
    } | {"landed_at": "timestamp"}
