"""Churn in the demo world: nothing leaks from later days, and SQL scores as Python predicts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from conftest import Shop

from orchestration.duck import connect
from orchestration.fit import churn
from orchestration.fit.store import Store
from orchestration.warehouse import attach

MEASURED = ("recency_days", "tenure_days", "purchase_day_count", *churn.FEATURES)
TO_FEATURES = (
    "int_as_of_dates",
    "int_churn_purchase_days",
    "int_churn_features",
)


def features(shop: Shop, cutoff: str) -> list[tuple]:
    return shop.query(
        f"select customer_id, {', '.join(MEASURED)} from intermediate.int_churn_features"
        f" where cutoff_on = '{cutoff}' order by customer_id",
        shop.warehouse,
    )


def test_no_feature_knows_what_came_later(world: Shop, parsed: Any, tmp_path: Path) -> None:
    """Where everything after a cut-off is gone, the features of that day are the same."""
    [(cutoff,)] = world.query(
        "select max(cutoff_on)::varchar from intermediate.int_churn_features where not is_latest",
        world.warehouse,
    )
    earlier = Shop(tmp_path / "data")
    earlier.data.mkdir()
    shutil.copy2(world.warehouse, earlier.warehouse)
    with connect(earlier.warehouse) as connection:
        booked = "intermediate.int_transactions"
        connection.execute(f"delete from {booked} where effective_from >= '{cutoff}'")
        connection.execute(
            f"update {booked} set effective_to = null, is_current = true"
            f" where effective_to >= '{cutoff}'"
        )
    asked = ("--select", *TO_FEATURES, "--vars", f"{{as_of_date: '{cutoff}'}}")
    done = earlier.dbt("duckdb", "run", *asked, manifest=parsed)
    assert done.returncode == 0, done.stdout[-3000:]
    assert len(features(world, cutoff)) > 1000
    assert features(earlier, cutoff) == features(world, cutoff)


def test_sql_scores_as_python_predicts(world: Shop) -> None:
    """Every customer, by the parameters in use, within 1e-9."""
    with connect() as connection:
        attach(connection, world.warehouse)
        curves = churn.present_curves(connection, "churn")
        found = connection.execute(
            "select churn_probability, features.*"
            " from warehouse.marts.customer_churn"
            " inner join warehouse.intermediate.int_churn_features as features using (customer_id)"
            " where features.is_latest order by customer_id"
        ).fetchnumpy()
    expected = curves.probability({name: found[name] for name in churn.FEATURES})
    assert len(expected) > 2000
    np.testing.assert_allclose(found["churn_probability"], expected, rtol=0, atol=1e-9)


def test_the_first_refresh_has_fitted_and_scores_with_it(world: Shop) -> None:
    [version] = [
        each for each in Store(world.data / "parameters").versions() if each.model == "churn"
    ]
    assert (version.version, version.status) == (1, "current")
    assert version.reason.startswith("Tried on 2026-04-02, it predicts better")
    assert world.query("select distinct parameters_version from marts.customer_churn") == [(1,)]
    assert world.query(
        "select distinct status, customer_count > 1000, data_digest, as_of_date::varchar"
        " from marts.model_parameters where model = 'churn' and version = 1"
    ) == [("current", True, version.data_digest, "2026-07-01")]


def test_the_backtest_keeps_what_the_document_promises(world: Shop) -> None:
    """On three cut-offs: as good as boosting and any single feature, and calibrated."""
    scores = world.query(
        "select cutoff_on::varchar, model, auc, brier_skill, calibration_error"
        " from marts.churn_backtest"
    )
    cutoffs = {cutoff for cutoff, *_ in scores}
    assert len(cutoffs) == 3
    for cutoff in cutoffs:
        auc = {model: value for day, model, value, *_ in scores if day == cutoff}
        [(skill, error)] = [
            rest for day, model, _, *rest in scores if (day, model) == (cutoff, "logistic")
        ]
        assert auc["logistic"] > max(auc.values()) - 0.005
        assert skill > 0.2
        assert error < 0.03
    [(tenths, fifths)] = world.query(
        "select count(*) filter (where grouping = 'decile'),"
        " count(*) filter (where grouping = 'spend_fifth') from marts.churn_calibration"
    )
    assert (tenths, fifths) == (len(scores) * 10, len(scores) * 5)


def test_nine_of_ten_groups_leave_as_predicted(world: Shop) -> None:
    """Tenths by risk, fifths by spend and levels on three cut-offs: within two deviations."""
    [(within, groups)] = world.query(
        "select count(*) filter (where abs(z_score) < 2), count(*)"
        " from marts.churn_calibration where model = 'logistic'"
    )
    assert groups >= 57
    assert within >= 0.9 * groups


def test_levels_follow_probability_and_spend(world: Shop) -> None:
    levels = dict(world.query("select churn_level, count(*) from marts.customer_churn group by 1"))
    assert set(levels) == {"red", "orange", "yellow", "gone", "none"}
    [(at_risk, wrong)] = world.query(
        "select count(*) filter (where churn_level not in ('gone', 'none')), count(*) filter (where"
        " (churn_level = 'none') <> (churn_probability < 0.5)"
        " or (churn_level in ('red', 'orange', 'yellow') and window_amount <= 0))"
        " from marts.customer_churn"
    )
    assert at_risk > 100
    assert wrong == 0
    [(unexplained,)] = world.query(
        "select count(*) from marts.customer_churn as churn"
        " anti join marts.customer_churn_reasons as reasons using (customer_id)"
        " where churn_level = 'red'"
    )
    assert unexplained < at_risk / 10
