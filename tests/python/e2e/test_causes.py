"""The causes of leaving against what is true of the demo world."""

from __future__ import annotations

import pytest
from conftest import Shop

from benchmarks.causes import Agreement, agreement, with_table
from orchestration.duck import connect, literal


@pytest.fixture(scope="module")
def found(world: Shop) -> Agreement:
    marts = world.data / "published" / "current"
    with connect() as connection:
        return agreement(
            connection,
            world.data / "truth",
            literal(marts / "customer_churn_causes.parquet"),
            literal(marts / "customer_accounts.parquet"),
        )


def test_causes_agree_with_the_truth_more_often_than_a_guess(found: Agreement) -> None:
    assert found.agreeing >= 0.6 * found.with_true_cause
    assert found.agreeing > found.guessed


def test_most_asserted_causes_are_right_even_where_customers_just_drifted_away(
    found: Agreement,
) -> None:
    assert found.agreeing >= 0.6 * found.asserted


def test_a_cause_is_asserted_of_few_and_unknown_of_most(found: Agreement) -> None:
    assert 0 < found.asserted < found.unknown
    assert found.asserted + found.unknown == found.silent


def test_shares_of_nobody_are_not_made_up() -> None:
    page = "<!-- make proof writes this table -->\nold\n<!-- until here -->\nafter"
    written = with_table(page, [("seed 1 | all", Agreement(0, 0, 0, 0, 0, 0, 0))])
    assert "| none | none |" in written
    assert "old" not in written and written.endswith("after")
