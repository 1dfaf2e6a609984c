"""The tiny example on both engines, delivery by delivery: the same rows everywhere."""

from __future__ import annotations

import shutil

import pytest
from conftest import BIN, ROOT, Shop
from engines.both import assert_engines_agree

FILES = ROOT / "examples" / "tiny" / "landing"
# A correction, refunds of earlier orders, and a month of which a part is quarantined.
LATE = {"receipts_2026-04_corrected.csv", "refunds.jsonl", "receipts_2026-05.csv"}


@pytest.fixture(scope="module")
def shop(spark: str, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A data folder that gets one delivery after the other."""
    return Shop(tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("late", [LATE, set()], ids=["first delivery", "second delivery"])
def test_engines_agree(shop: Shop, late: set[str]) -> None:
    ignored = shutil.ignore_patterns(*late)
    shutil.copytree(FILES, shop.data / "landing", ignore=ignored, dirs_exist_ok=True)
    assert_engines_agree(shop)


def test_every_rule_holds_on_spark(shop: Shop) -> None:
    """The hand-computed rows of dbt's unit tests, which DuckDB passes in tests/python/e2e."""
    done = shop.command(
        *("dbt", "test", "--select", "test_type:unit", "--target", "spark"),
        *("--target-path", str(shop.data / "units"), "--log-path", str(shop.data / "logs")),
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Completed successfully" in done.stdout


def test_a_warehouse_that_another_command_has_written_is_not_published(shop: Shop) -> None:
    before = shop.digest()
    shop.command(
        *("dbt", "seed", "--select", "churn_levels", "--target", "spark"),
        *("--target-path", str(shop.data / "seeds"), "--log-path", str(shop.data / "logs")),
    )
    refused = shop.command("regulars", "publish", "--target", "spark")
    assert refused.returncode == 1
    assert "Another dbt command has written the warehouse since its checks" in refused.stderr
    assert shop.digest() == before


def test_without_java_nothing_is_published_and_it_says_why(shop: Shop) -> None:
    before = shop.digest()
    refused = shop.command("regulars", "run", "--target", "spark", PATH=str(BIN), JAVA_HOME="")
    assert refused.returncode == 1
    assert "Spark needs Java 17 or later: install one, or set JAVA_HOME." in refused.stderr
    assert shop.digest() == before
