"""The CDNOW sample from its file to lifetime value, against the literature and against scipy."""

from __future__ import annotations

from decimal import Decimal
from importlib.util import find_spec

import numpy as np
import pytest
from conftest import Shop
from scipy.special import hyp2f1

pytestmark = pytest.mark.skipif(
    find_spec("lifetimes") is None, reason="lifetimes is missing: `make test` installs it"
)

STATISTICS = ("repeat_days", "active_days / 7", "observed_days / 7")


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory) -> Shop:
    """Refreshed once; the first refresh fits."""
    shop = Shop(tmp_path_factory.mktemp("cdnow"))
    shop.run("--example", "cdnow")
    return shop


def parameters(shop: Shop, model: str) -> dict[str, float]:
    """The fitted values and, by `log r, axis 1`, how uncertain they are."""
    return dict(
        shop.query(
            "select parameter, value from marts.model_parameters"
            f" where model = '{model}' and status = 'current' and version > 0"
        )
    )


def customers(shop: Shop, *columns: str) -> np.ndarray:
    """Columns of customer_ltv as doubles, by customer."""
    rows = shop.query(f"select {', '.join(columns)} from marts.customer_ltv order by customer_id")
    return np.array(rows, dtype=float).T


def repeat_amounts(shop: Shop) -> np.ndarray:
    """What customers spent after their first day, by customer."""
    rows = shop.query(
        "select repeat_amount::double from intermediate.int_ltv_statistics"
        " where is_latest order by customer_id",
        shop.warehouse,
    )
    return np.array(rows).T


def published_forecast(values: dict[str, float], x, t_x, T, weeks: float) -> np.ndarray:
    """E[Y(t) | x, t_x, T] of Fader, Hardie and Lee (2005), equation 10, as it stands there."""
    r, alpha, a, b = (values[name] for name in ("r", "alpha", "a", "b"))
    series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + T + weeks))
    ahead = 1 - ((alpha + T) / (alpha + T + weeks)) ** (r + x) * series
    left = (x > 0) * a / np.where(x > 0, b + x - 1, 1)
    gone = left * ((alpha + T) / (alpha + t_x)) ** (r + x)
    return (a + b + x - 1) / (a - 1) * ahead / (1 + gone)


def test_every_purchase_is_an_order_and_every_customer_is_one(cdnow):
    assert cdnow.query("select count(*) from marts.customers") == [(2357,)]
    [(orders, amount)] = cdnow.query("select count(*), sum(net_amount) from marts.orders")
    # Eight of them cost nothing, and are written with a cent each.
    assert (orders, amount) == (6919, Decimal("244091.94") + Decimal("0.08"))


def test_parameters_are_the_published_ones(cdnow):
    found = parameters(cdnow, "bg_nbd")
    assert found["r"] == pytest.approx(0.243, abs=0.005)
    assert found["alpha"] == pytest.approx(4.414, abs=0.02)
    assert found["a"] == pytest.approx(0.793, abs=0.005)
    assert found["b"] == pytest.approx(2.426, abs=0.02)
    found = parameters(cdnow, "gamma_gamma")
    assert found["p"] == pytest.approx(6.25, abs=0.02)
    assert found["q"] == pytest.approx(3.74, abs=0.02)
    assert found["v"] == pytest.approx(15.44, abs=0.02)


def test_likelihoods_are_the_published_ones(cdnow):
    found = dict(
        cdnow.query("select model, value from marts.model_metrics where metric = 'log_likelihood'")
    )
    assert found["bg_nbd"] == pytest.approx(-9582.43, abs=0.1)
    assert found["gamma_gamma"] == pytest.approx(-4055.92, abs=0.01)


def test_sql_predicts_what_scipy_does(cdnow):
    """Every customer, by the published formula, which the SQL has transformed."""
    values = parameters(cdnow, "bg_nbd")
    history = customers(cdnow, *STATISTICS)
    assert history.shape == (3, 2357)
    in_90_days, in_a_year = customers(cdnow, "expected_transactions_90d", "expected_transactions")
    expected = published_forecast(values, *history, 90 / 7)
    assert np.max(np.abs(in_90_days - expected)) < 1e-6
    expected = published_forecast(values, *history, 365 / 7)
    assert np.max(np.abs(in_a_year - expected)) < 1e-6


def test_value_is_discounted_spend_of_every_step(cdnow):
    values, spend = parameters(cdnow, "bg_nbd"), parameters(cdnow, "gamma_gamma")
    history = customers(cdnow, *STATISTICS)
    days = [0, *range(30, 365, 30), 365]
    forecast = [published_forecast(values, *history, day / 7) for day in days[1:]]
    steps = np.diff([np.zeros(2357), *forecast], axis=0)
    middles = (np.array(days[1:]) + days[:-1]) / 2
    [repeat_amount] = repeat_amounts(cdnow)
    amount = spend["p"] * (spend["v"] + repeat_amount) / (spend["p"] * history[0] + spend["q"] - 1)
    expected = amount * (1.1 ** (-middles / 365) @ steps)
    [found] = customers(cdnow, "ltv_amount")
    assert np.max(np.abs(found - expected)) < 0.006


def test_the_interval_is_that_of_the_covariance(cdnow):
    """The delta method once more, with differences a hundredth as wide."""
    history = customers(cdnow, *STATISTICS)
    found, low, high = customers(
        cdnow, "ltv_amount", "ltv_expected_low_amount", "ltv_expected_high_amount"
    )
    [repeat_amount] = repeat_amounts(cdnow)

    def purchases(values: dict[str, float]) -> np.ndarray:
        return published_forecast(values, *history, 365 / 7)

    def amount(values: dict[str, float]) -> np.ndarray:
        p, q, v = (values[name] for name in ("p", "q", "v"))
        return p * (v + repeat_amount) / (p * history[0] + q - 1)

    variance = np.zeros(found.shape)
    for model, names, forecast in (
        ("bg_nbd", ("r", "alpha", "a", "b"), purchases),
        ("gamma_gamma", ("p", "q", "v"), amount),
    ):
        fitted = parameters(cdnow, model)
        for axis in range(1, len(names) + 1):
            step = {name: 0.01 * fitted.get(f"log {name}, axis {axis}", 0) for name in names}
            up = forecast({name: fitted[name] * np.exp(step[name]) for name in names})
            down = forecast({name: fitted[name] / np.exp(step[name]) for name in names})
            variance += (np.log(up / down) / 0.02) ** 2
    worth_something = found > 5  # below that the cent shows
    low, found, high = (amounts[worth_something] for amounts in (low, found, high))
    expected = np.exp(1.96 * np.sqrt(variance[worth_something]))
    assert high / found == pytest.approx(expected, rel=0.03)
    assert found / low == pytest.approx(expected, rel=0.03)


def test_the_range_is_that_of_the_hold_out_at_the_purchase_days_expected(cdnow):
    """Every customer, by numpy's interpolation in place of the SQL's."""
    rows = cdnow.query(
        "select feature, knot, value from marts.model_parameters"
        " where model = 'ltv_range' and status = 'current' order by knot nulls first"
    )
    [(_, _, days), *ends] = rows
    assert days == 136
    value, low, high, expected = customers(
        cdnow, "ltv_amount", "ltv_p10_amount", "ltv_p90_amount", "expected_transactions"
    )
    read = {}
    for end in ("low", "high"):
        knots, multiples = np.array([row[1:] for row in ends if row[0] == end]).T
        read[end] = [np.interp(expected * part, knots, multiples) for part in (1, days / 365)]
    (low_then, low_early), (high_then, high_early) = read["low"], read["high"]
    midway = np.maximum(high_then, (high_then + high_early) / 2)
    multiple = {
        "low": np.minimum(low_then, low_early),
        "high": np.where(low_then > 0, midway, high_then),
    }
    assert np.max(np.abs(low - value * multiple["low"])) < 0.03
    assert np.max(np.abs(high - value * multiple["high"])) < 0.03
    assert np.all(low <= high) and np.mean(high > value) > 0.1


def test_a_range_holds_four_of_five_and_a_sum_is_within_its_error(cdnow):
    """Out of time: what was told of 1997-05-18 against what came since."""
    rows = cdnow.query(
        "select as_of_date::varchar, quintile, customer_count, actual_transactions,"
        " is_within_error, expected_covered_share, covered_share"
        " from marts.ltv_holdout order by quintile"
    )
    assert [quintile for _, quintile, *_ in rows] == list(range(1, 6))
    assert {day for day, *_ in rows} == {"1997-05-18"}
    assert sum(count for _, _, count, *_ in rows) == 2357
    # Purchase days from 1997-05-18 to 1997-09-30, by a plain query of the published orders.
    [(came,)] = cdnow.query(
        "select count(distinct (customer_id, ordered_on)) from marts.orders"
        " where ordered_on >= '1997-05-18' and ordered_on < '1997-10-01'"
    )
    assert sum(actual for _, _, _, actual, *_ in rows) == came
    assert rows[-1][3] > 4 * rows[0][3]
    assert all(is_within for *_, is_within, _, _ in rows)
    assert [held for *_, held in rows] == pytest.approx([due for *_, due, _ in rows], abs=0.05)


def test_with_nearly_a_thousand_who_came_back_nothing_is_provisional(cdnow):
    assert cdnow.query("select distinct is_provisional from marts.customer_ltv") == [(False,)]
