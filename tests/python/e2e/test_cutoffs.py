"""Of what was known at cut-offs a build asks for the latest alone: no audit looks at them."""

from __future__ import annotations

import json

import pytest
from conftest import Shop


@pytest.mark.parametrize(
    ("view", "key", "rules"),
    [
        (
            "int_churn_features",
            "customer_id, cutoff_on",
            [
                "recency_days between 1 and tenure_days",
                "greatest(recent_purchase_day_count, window_purchase_day_count)"
                " <= purchase_day_count",
                "(purchase_day_count > 1) = (last_gap_days is not null)",
            ],
        ),
        (
            "int_churn_outcomes",
            "customer_id, cutoff_on",
            ["not is_latest", "has_churned is not null"],
        ),
        (
            "int_ltv_statistics",
            "customer_id, as_of_date",
            [
                "repeat_days <= active_days and active_days <= observed_days",
                "(repeat_days > 0) = (active_days > 0)",
            ],
        ),
        (
            "int_propensity_features",
            "customer_id, category, cutoff_on",
            [
                "recency_days between 1 and tenure_days",
                "recent_purchase_day_count <= purchase_day_count",
                "is_latest = (has_bought is null)",
            ],
        ),
    ],
)
def test_each_is_told_once_and_knows_nothing_later(
    world: Shop, view: str, key: str, rules: list[str]
) -> None:
    [(rows, keys, *kept)] = world.query(
        f"select count(*), count(distinct ({key})),"
        f" {', '.join(f'count(*) filter ({rule})' for rule in rules)} from intermediate.{view}",
        world.warehouse,
    )
    assert rows > 1000
    assert [keys, *kept] == [rows] * (1 + len(rules))


@pytest.mark.parametrize(
    "view", ["int_churn_features", "int_ltv_statistics", "int_propensity_features"]
)
def test_of_the_latest_alone_no_other_is_computed(world: Shop, view: str) -> None:
    """DuckDB takes the latest before windows are filled: otherwise a build would pay for fits."""
    assert seen_by_windows(world, f"{view} where is_latest") < seen_by_windows(world, view)


def seen_by_windows(shop: Shop, relation: str) -> int:
    asked = f"explain (analyze, format json) from intermediate.{relation}"
    [(_, profile)] = shop.query(asked, shop.warehouse)

    def rows(operator: dict) -> int:
        own = operator["operator_cardinality"] if operator.get("operator_type") == "WINDOW" else 0
        return own + sum(map(rows, operator["children"]))

    found = rows(json.loads(profile))
    assert found
    return found
