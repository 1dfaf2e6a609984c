"""The causes of leaving against what is true of the demo world."""

from __future__ import annotations

import pytest
from conftest import Shop

from benchmarks.causes import Agreement, OfCause, agreement, by_cause, with_causes, with_table
from orchestration.duck import connect, literal


def built(world: Shop) -> tuple[str, str]:
    marts = world.data / "published" / "current"
    return (
        literal(marts / "customer_churn_causes.parquet"),
        literal(marts / "customer_accounts.parquet"),
    )


@pytest.fixture(scope="module")
def found(world: Shop) -> Agreement:
    with connect() as connection:
        return agreement(connection, world.data / "truth", *built(world))


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


def test_every_cause_that_evidence_asserts_is_counted_as_right_or_wrong(world: Shop) -> None:
    with connect() as connection:
        alone = agreement(connection, world.data / "truth", *built(world), without_surveys=True)
        causes = by_cause(connection, world.data / "truth", *built(world))
    assert {each.cause for each in causes} == {"competition", "experience", "price"}
    assert sum(each.asserted for each in causes) == alone.asserted
    assert sum(each.agreeing for each in causes) == alone.agreeing
    assert sum(each.left_for_it for each in causes) == alone.left_for_a_cause


def test_a_cause_is_told_of_all_worlds_together() -> None:
    worlds = [
        *(OfCause("price", 7, 2, 1), OfCause("experience", 6, 5, 4)),
        *(OfCause("price", 3, 1, 1), OfCause("experience", 4, 3, 1)),
    ]
    page = "<!-- make proof writes this table: causes -->\nold\n<!-- until here -->\n"
    lines = with_causes(page, worlds).splitlines()
    assert lines[3:5] == [
        "| experience | 10 | 8 | 5 | 62.5 % | 50.0 % |",
        "| price | 10 | 3 | 2 | 66.7 % | 20.0 % |",
    ]
    assert "old" not in lines


def test_shares_of_nobody_are_not_made_up() -> None:
    page = "<!-- make proof writes this table -->\nold\n<!-- until here -->\nafter"
    written = with_table(page, [("seed 1 | all", Agreement(0, 0, 0, 0, 0, 0, 0))])
    assert "| none | none |" in written
    assert "old" not in written and written.endswith("after")
