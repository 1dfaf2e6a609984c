"""Prices in the demo world, whose elasticities and effects of leaflets are known."""

from __future__ import annotations

import numpy as np
from conftest import Shop

from benchmarks import prices
from orchestration.duck import connect
from orchestration.fit import propensity
from orchestration.fit.cutoffs import present_curves
from orchestration.warehouse import attach


def test_planted_elasticities_and_effects_lie_in_their_intervals(world: Shop) -> None:
    """Nineteen of twenty should: of ten categories eight do, of 400 effects nine tenths."""
    with connect() as connection:
        attach(connection, world.warehouse)
        found = prices.compared(connection, world.data / "truth")
    assert found["elasticities"].count == 10
    assert found["elasticities"].inside >= 8
    assert found["lift"].count > 350
    assert found["lift"].share > 0.9
    assert found["pulled forward"].share > 0.9


def test_sql_scores_propensity_as_python_predicts(world: Shop) -> None:
    """Every customer and category, by the parameters in use, within 1e-9."""
    with connect() as connection:
        attach(connection, world.warehouse)
        curves = present_curves(connection, "propensity")
        found = connection.execute(
            "select purchase_probability, features.*"
            " from warehouse.marts.category_purchase_propensity"
            " inner join warehouse.intermediate.int_propensity_features as features"
            " using (customer_id, category)"
            " where features.is_latest order by customer_id, category"
        ).fetchnumpy()
    expected = curves.probability({name: found[name] for name in propensity.FEATURES})
    assert len(expected) > 5000
    np.testing.assert_allclose(found["purchase_probability"], expected, rtol=0, atol=1e-9)


def test_propensity_is_tried_beside_recency_and_is_calibrated(world: Shop) -> None:
    metrics = dict(
        world.query("select metric, value from marts.model_metrics where model = 'propensity'")
    )
    assert metrics["least_auc_gain"] >= 0.02
    assert metrics["greatest_calibration_error"] <= 0.03
