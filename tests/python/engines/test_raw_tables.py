"""What has landed, under the names and types that `source()` gives it on each engine."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Shop

from orchestration.landing.ledger import Event

MEMBERS = "member_no;joined;mobile;email;full_name;birthday;gender;city;tier;valid_until\n"
QUERY = """
select 'members' as part, cast(count(*) as string) as row_count, min(mobile) as a, min(_file) as b,
    cast(min(_line) as string) as c, min(tier) as d
from {{ source('crm', 'members') }}
union all
select 'receipts', cast(count(*) as string), min(receipt_no), min(_file),
    cast(min(_line) as string), cast(min(_landed_at) as string)
from {{ source('pos', 'receipts') }}
union all
select 'rejected', cast(count(*) as string), min(text), min(file), cast(min(line) as string),
    min(reason_code)
from {{ source('landing', 'rejected_lines') }}
union all
select 'deliveries', cast(count(*) as string), min(status), min(file),
    cast(sum(rows_accepted) as string), cast(null as string)
from {{ source('landing', 'deliveries') }}
where landed_at < cast('2999-01-01' as timestamp)
"""


def rows(shop: Shop, engine: str) -> dict[str, list]:
    """The query's answer after `dbt seed`, a command that begins as each other does."""
    for words in (
        ["seed", "--select", "churn_levels"],
        ["show", "--output", "json", "--inline", QUERY],
    ):
        done = shop.command(
            *("dbt", "--quiet", *words, "--target", engine),
            *("--target-path", str(shop.data / "target"), "--log-path", str(shop.data / "logs")),
        )
        assert done.returncode == 0, done.stdout
    found = json.loads(done.stdout[done.stdout.index("{") :])["show"]
    return {row.pop("part"): list(row.values()) for row in found}


@pytest.fixture
def shop(tmp_path: Path, engine: str) -> Shop:
    """A data folder with a name that SQL must quote; Spark takes no wildcards in a table's path."""
    return Shop(tmp_path / ("it's our data 张" if engine == "spark" else "it's [our] *data* 张"))


def test_files_are_rows_and_a_table_without_files_is_empty(shop: Shop, engine: str) -> None:
    file = shop.data / "landing" / "crm" / "members" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_text(f"{MEMBERS}M1;2026/01/05;1372222;;Ann;;;;gold;\nM2;2026/01/05\n")
    assert shop.command("regulars", "land").returncode == 0
    found = rows(shop, engine)
    landed = "crm/members/a.csv"
    assert found["members"] == ["1", "1372222", landed, "2", "gold"]
    assert found["rejected"] == ["1", "M2;2026/01/05", landed, "3", "wrong_field_count"]
    assert found["receipts"] == ["0", None, None, None, None]
    assert found["deliveries"][1:4] == ["landed", landed, "1"]


def test_the_ledger_is_described_as_it_is_written():
    described = yaml.safe_load((ROOT / "models/staging/landing/_landing__sources.yml").read_text())
    [deliveries] = [
        table for table in described["sources"][0]["tables"] if table["name"] == "deliveries"
    ]
    types = {column["name"]: column["data_type"] for column in deliveries["columns"]}
    assert types == {
        field.name: "bigint" if "int" in field.type else "string" for field in fields(Event)
    } | {"landed_at": "timestamp"}
