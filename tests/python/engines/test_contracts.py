"""What becomes of a table whose columns are not those of its contract: the same on both engines."""

from __future__ import annotations

import json

import pytest
import yaml
from conftest import ROOT, Shop

from orchestration.project import Project

CONTRACT = {"id": "bigint", "name": "string", "price": "decimal(18,2)"}
PRICE = "cast(1 as decimal(18,2)) as price"
MODELS = {
    "kept": f"cast(1 as bigint) as id, 'a' as name, {PRICE}",
    "mistyped": f"cast(1 as bigint) as id, 2 as name, {PRICE}",
    "with_one_more": f"cast(1 as bigint) as id, 'a' as name, {PRICE}, 3 as colour",
    "with_one_less": "cast(1 as bigint) as id, 'a' as name",
}


@pytest.fixture(scope="module")
def told(engine: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What dbt says of each model, an empty text of one that was made."""
    root = tmp_path_factory.mktemp("contracts") / "project"
    (root / "models").mkdir(parents=True)
    settings = {
        "name": "contracts",
        "profile": "regulars",
        "macro-paths": [f"{ROOT}/macros"],
        "flags": {"send_anonymous_usage_stats": False},
        "models": {"contracts": {"+materialized": "table", "+contract": {"enforced": True}}},
    }
    (root / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    (root / "profiles.yml").write_text((ROOT / "profiles.yml").read_text())
    columns = [{"name": name, "data_type": kind} for name, kind in CONTRACT.items()]
    models = [{"name": name, "columns": columns} for name in [*MODELS, "seen"]]
    (root / "models" / "models.yml").write_text(yaml.safe_dump({"models": models}))
    for name, query in MODELS.items():
        (root / "models" / f"{name}.sql").write_text(f"select {query}")
    view = f"{{{{ config(materialized='view') }}}} select {MODELS['with_one_more']}"
    (root / "models" / "seen.sql").write_text(view)
    shop = Shop(root.with_name("data"), root)
    shop.data.mkdir()
    shop.dbt(engine, "run")
    results = json.loads((Project(root, shop.data, engine).target / "run_results.json").read_text())
    return {
        each["unique_id"].split(".")[-1]: each["message"] if each["status"] == "error" else ""
        for each in results["results"]
    }


@pytest.mark.parametrize(
    "model, column",
    [("mistyped", "name"), ("with_one_more", "colour"), ("with_one_less", "price")],
)
def test_a_table_that_breaks_its_contract_fails_and_is_told_where(
    told: dict[str, str], model: str, column: str
) -> None:
    assert "This model has an enforced contract that failed" in told[model]
    assert f"| {column}" in told[model]


def test_so_does_a_view(told: dict[str, str]) -> None:
    assert "| colour" in told["seen"]


def test_a_table_that_keeps_it_is_made(told: dict[str, str]) -> None:
    assert told["kept"] == ""
