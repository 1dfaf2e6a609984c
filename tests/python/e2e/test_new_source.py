"""A source that is new to the project: two files, orders and their lines, and nothing else.

tests/python/e2e/stall/ holds all that is written for it; docs/adding_a_source.md tells how.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Shop

from orchestration.progress import silent
from orchestration.project import Project
from orchestration.refresh import Refresh

STALL = Path(__file__).with_name("stall")
SWITCHED_ON = "{sources: {stall: [orders, order_lines]}}"
MARTS = (
    *("orders", "refunds", "products", "customers", "customer_accounts"),
    *("reconciliation", "quarantine_summary"),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The project with one folder more, and a shop that has this source alone; of its marts those
    that are looked at. A whole refresh of a source that was added is in test_strangers.py."""
    root = tmp_path_factory.mktemp("new_source") / "project"
    for folder in ("models", "macros", "seeds", "tests/generic", "tests/singular"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy2(ROOT / "dbt_project.yml", root)
    shutil.copytree(STALL / "staging", root / "models" / "staging" / "stall")
    shop = Shop(root.with_name("data"), root)
    shutil.copytree(STALL / "landing", shop.data / "landing" / "stall")
    project = Project(root, shop.data)
    Refresh(project, variables=yaml.safe_load(SWITCHED_ON)).land(silent)
    shop.build("duckdb", "--vars", SWITCHED_ON, "--select", *(f"+{mart}" for mart in MARTS))
    return shop


def made(shop: Shop, query: str) -> list[tuple]:
    return shop.query(query, shop.warehouse)


def test_a_source_of_two_files_takes_few_lines() -> None:
    written = [path.read_text().splitlines() for path in (STALL / "staging").iterdir()]
    assert sum(map(len, written)) + len(SWITCHED_ON.splitlines()) <= 90


def test_its_orders_are_in_the_marts_and_what_is_wrong_is_told(shop: Shop) -> None:
    assert made(
        shop,
        "select order_id, ordered_on::varchar, net_amount::varchar from marts.orders order by 1",
    ) == [
        ("stall:1", "2026-05-01", "14.50"),
        ("stall:2", "2026-05-02", "13.50"),
        ("stall:3", "2026-05-03", "5.00"),
        ("stall:4", "2026-05-04", "4.50"),
    ]
    assert made(shop, "select entity, reason_code, row_count from marts.quarantine_summary") == [
        ("order_lines", "amount_unreadable", 1)
    ]
    assert made(shop, "select * from marts.reconciliation where not is_reconciled") == []


def test_whom_nothing_but_an_order_names_is_a_customer(shop: Shop) -> None:
    assert made(
        shop,
        "select account_id, purchase_count from marts.customers"
        " inner join marts.customer_accounts using (customer_id) order by 1",
    ) == [("crm:M1", 2), ("crm:M2", 1)]


def test_what_nobody_delivers_is_empty_or_inferred(shop: Shop) -> None:
    assert made(shop, "select count(*) from marts.refunds") == [(0,)]
    assert made(shop, "select product_id, is_inferred from marts.products order by 1") == [
        ("stall:PEAR", True),
        ("stall:PLUM", True),
    ]
