"""Lifetime value: the figures of the literature on CDNOW, and customers drawn from the models."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.special import hyp2f1

from orchestration.fit.lifetime import (
    Histories,
    expected_amount,
    expected_transactions,
    fit_lifetime,
    fit_purchases,
    fit_spend,
    probability_alive,
    purchase_likelihood,
    read_histories,
    read_spend,
    spend_likelihood,
)
from orchestration.fit.store import Parameter, TooFew
from orchestration.fit.trial import HOLDOUT

# Fader, Hardie and Lee (2005).
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
BOTH = pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])

# A plain query of the published file; nothing of it is shared with the models.
CDNOW = """
    create table warehouse.intermediate.int_ltv_statistics as
    with lines as (
        select regexp_split_to_array(trim(line), ' +') as words
        from read_csv('{path}', columns = {{'line': 'varchar'}}, header = false, delim = '~')
    ),
    days as (
        select words[2] as customer_id, strptime(words[3], '%Y%m%d')::date as day,
            sum(words[5]::decimal(18,2)) as amount
        from lines group by all
    ),
    cutoffs as (
        from (values (date '1997-10-01', null), (date '1997-05-18', date '1997-10-01'),
            (date '1997-03-11', date '1997-05-18')) as cutoffs (as_of_date, held_out_until)
    )
    select customer_id, as_of_date, held_out_until is null as is_latest,
        count(*) filter (day < as_of_date) - 1 as repeat_days,
        max(day) filter (day < as_of_date) - min(day) as active_days,
        as_of_date - min(day) - 1 as observed_days,
        sum(amount) filter (day < as_of_date) - arg_min(amount, day) as repeat_amount,
        sum(amount) filter (day < as_of_date) as total_amount,
        count(*) filter (day >= as_of_date and day < held_out_until) as later_days,
        coalesce(sum(amount) filter (day >= as_of_date and day < held_out_until), 0) as later_amount
    from days, cutoffs group by customer_id, as_of_date, held_out_until
    having min(day) < as_of_date
"""
VARIABLES = {
    "ltv_purchase_model": "bg_nbd",
    "ltv_min_repeaters": 50,
    "ltv_common_error": [0.5, 0.4, 0.3, 0.3, 0.125],
}


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    """A connection with an empty warehouse."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; create schema warehouse.intermediate")
        yield connection


@pytest.fixture
def cdnow(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The 39 weeks of CDNOW that the literature fits on."""
    package = find_spec("lifetimes")
    if package is None:
        pytest.skip("lifetimes is missing: `make test` installs it")
    path = Path(package.origin).parent / "datasets" / "CDNOW_sample.txt"
    warehouse.execute(CDNOW.format(path=path))
    warehouse.execute(
        "create view latest as from warehouse.intermediate.int_ltv_statistics where is_latest"
    )
    return warehouse


def test_bg_nbd_is_the_published_one(cdnow):
    found = fit_purchases(read_histories(cdnow, "latest"), "bg_nbd")
    assert found.values == {
        "r": pytest.approx(0.243, abs=0.005),
        "alpha": pytest.approx(4.414, abs=0.02),
        "a": pytest.approx(0.793, abs=0.005),
        "b": pytest.approx(2.426, abs=0.02),
    }
    assert found.log_likelihood == pytest.approx(-9582.43, abs=0.1)
    assert found.is_determined


def test_gamma_gamma_is_the_published_one(cdnow):
    x, mean_amount = read_spend(cdnow, "latest")
    assert len(x) == 946
    found = fit_spend(x, mean_amount)
    assert found.values == {
        "p": pytest.approx(6.25, abs=0.02),
        "q": pytest.approx(3.74, abs=0.02),
        "v": pytest.approx(15.44, abs=0.02),
    }
    assert found.log_likelihood == pytest.approx(-4055.92, abs=0.01)


def test_the_first_customer_is_expected_as_published():
    [expected] = expected_transactions(
        PUBLISHED, "bg_nbd", *map(np.array, ([2], [30.43], [38.86])), 39
    )
    assert expected == pytest.approx(1.226, abs=0.0005)


@BOTH
@pytest.mark.parametrize("scale", [1.0, 1e2, 1e4, 1e6])
def test_expected_transactions_are_finite_where_everybody_leaves_at_one_pace(
    model: str, scale: float
) -> None:
    """As a and b grow the chance of leaving comes to be a ÷ (a + b) for all; nothing overflows."""
    x, t_x, T = np.array([0.0, 3, 60]), np.array([0.0, 40, 99]), np.array([10.0, 50, 100])
    values = {"r": 2.0, "alpha": 8.0, "a": 0.9 * scale, "b": 12.0 * scale}
    found = expected_transactions(values, model, x, t_x, T, 13)
    assert np.isfinite(found).all()
    assert (found >= 0).all()


@BOTH
def test_gradients_are_those_of_the_likelihoods(model):
    histories = Histories(*np.array([[0.0, 1, 7], [0, 3, 30], [9, 11, 39], [5, 2, 1]]))
    likelihood = purchase_likelihood(histories, model)
    at = np.log([0.3, 5, 0.8, 2.5])
    assert check_grad(lambda p: likelihood(p)[0], lambda p: likelihood(p)[1], at) < 1e-4
    likelihood = spend_likelihood(np.array([1.0, 1, 7]), np.array([3.0, 30, 12]))
    at = np.log([6.0, 4, 15])
    assert check_grad(lambda p: likelihood(p)[0], lambda p: likelihood(p)[1], at) < 1e-4


@BOTH
def test_a_long_silence_after_many_purchases_overflows_nothing(model: str) -> None:
    histories = Histories(*np.array([[900.0, 900], [0.1, 1999], [2000, 2000], [1, 1]]))
    value, gradient = purchase_likelihood(histories, model)(np.log([0.3, 5, 0.8, 2.5]))
    assert np.isfinite([value, *gradient]).all()


def test_mbg_nbd_is_a_shifted_bg_nbd():
    """Against the formulas of Batislam, Denizel and Filiztekin (2007), as they stand there."""
    x, t_x, T = np.array([0.0, 3, 20]), np.array([0.0, 20, 21]), np.array([10.0, 30, 40])
    r, alpha, a, b = PUBLISHED.values()
    alive = 1 / (1 + a / (b + x) * ((alpha + T) / (alpha + t_x)) ** (r + x))
    series = hyp2f1(r + x, b + x + 1, a + b + x, 39 / (alpha + T + 39))
    scale = ((alpha + T) / (alpha + T + 39)) ** (r + x)
    expected = alive * (a + b + x) / (a - 1) * (1 - scale * series)
    found = expected_transactions(PUBLISHED, "mbg_nbd", x, t_x, T, 39)
    assert found == pytest.approx(expected, rel=1e-10)
    assert probability_alive(PUBLISHED, "mbg_nbd", x, t_x, T) == pytest.approx(alive, rel=1e-12)


def test_who_bought_once_is_never_taken_for_gone_by_bg_nbd():
    once = np.zeros(2)
    alive = probability_alive(PUBLISHED, "bg_nbd", once, once, np.array([1.0, 500]))
    assert alive.tolist() == [1, 1]


def drawn(model: str, customers: int) -> tuple[Histories, np.ndarray, np.ndarray]:
    """Customers who buy and leave as the model says, and how often each buys in 26 weeks more."""
    random = np.random.default_rng(1)
    rate = random.gamma(0.6, 1 / 5, customers)
    leaving = random.beta(0.9, 3, customers)
    observed = random.integers(10, 80, customers).astype(float)
    x, t_x, later = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = random.random(customers) >= (leaving if model == "mbg_nbd" else 0)
    now = np.zeros(customers)
    while here.any():
        now = now + random.exponential(1 / rate)
        bought = here & (now <= observed)
        x, t_x = x + bought, np.where(bought, now, t_x)
        later += here & (now > observed) & (now <= observed + 26)
        here &= (now <= observed + 26) & (random.random(customers) >= leaving)
    return Histories(x, t_x, observed, np.ones(customers)), later, random.gamma(4, 1, customers)


@BOTH
def test_parameters_are_found_again_and_what_comes_is_what_was_predicted(model):
    histories, later, _ = drawn(model, 40_000)
    found = fit_purchases(histories, model)
    truth = np.log([0.6, 5, 0.9, 3])
    errors = np.log(list(found.values.values())) - truth
    assert np.all(np.abs(errors) < 3 * found.log_errors)
    assert np.max(found.log_errors) < 0.2
    predicted = expected_transactions(
        found.values, model, histories.x, histories.t_x, histories.T, 26
    )
    assert predicted.sum() == pytest.approx(later.sum(), rel=0.03)


def test_equal_histories_count_once():
    histories, *_ = drawn("bg_nbd", 500)
    once = np.unique(np.stack([histories.x, np.floor(histories.t_x), histories.T]), axis=1)
    twice = np.repeat(once, 2, axis=1)
    grouped = purchase_likelihood(Histories(*once, np.full(once.shape[1], 2.0)), "bg_nbd")
    apart = purchase_likelihood(Histories(*twice, np.ones(twice.shape[1])), "bg_nbd")
    assert grouped(np.zeros(4))[0] == pytest.approx(apart(np.zeros(4))[0], rel=1e-12)


def test_spend_is_found_again():
    random = np.random.default_rng(2)
    x = random.integers(1, 9, 40_000).astype(float)
    mean_amount = random.gamma(6 * x, 1 / random.gamma(4, 1 / 15, len(x))) / x
    found = fit_spend(x, mean_amount)
    errors = np.log(list(found.values.values())) - np.log([6, 4, 15])
    assert np.all(np.abs(errors) < 3 * found.log_errors)
    expected = expected_amount(found.values, x, x * mean_amount)
    assert expected.mean() == pytest.approx(6 * 15 / 3, rel=0.02)


def test_what_is_kept(cdnow):
    """The parameters, each with its axes, a trial on the last half of the data, and its range."""
    fitted = fit_lifetime(cdnow, VARIABLES)
    purchases, spend, around = fitted.fits
    assert (purchases.model, spend.model, around.model) == ("bg_nbd", "gamma_gamma", "ltv_range")
    assert [p.parameter for p in purchases.parameters if p.knot is None] == list(PUBLISHED)
    assert [len(purchases.parameters), len(spend.parameters)] == [4 + 10, 3 + 6]
    assert purchases.customer_count == 2357
    assert purchases.metrics["repeat_customers"] == 946
    assert purchases.metrics["holdout_days"] == 136
    assert spend.metrics["frequency_amount_correlation"] == pytest.approx(0.11, abs=0.01)
    assert spend.metrics["holdout_amount_came"] == pytest.approx(41946, abs=1)
    assert around.parameters[0] == Parameter("days", 136)
    quintiles = fitted.tables["ltv_holdout"].rows
    assert sum(row[3] for row in quintiles) == 2357
    assert [row[2] for row in quintiles] == list(range(1, 6))
    again = fit_lifetime(cdnow, VARIABLES)
    assert again == fitted


def test_ranges_and_errors_hold_on_cdnow(cdnow):
    """Out of time: both are of the day from which the last 136 days are predicted."""
    for row in fit_lifetime(cdnow, VARIABLES).tables["ltv_holdout"].rows:
        found = dict(zip(HOLDOUT, row, strict=True))
        assert found["covered_share"] == pytest.approx(found["expected_covered_share"], abs=0.05)
        error = 1.96 * found["predicted_amount_standard_error"]
        assert found["predicted_amount"] == pytest.approx(found["actual_amount"], abs=error)


def test_ten_times_the_money_gives_ten_times_the_spend_and_the_same_ranges(cdnow):
    one = fit_lifetime(cdnow, VARIABLES)
    cdnow.execute("""
        update warehouse.intermediate.int_ltv_statistics
        set repeat_amount = 10 * repeat_amount, total_amount = 10 * total_amount,
            later_amount = 10 * later_amount
    """)
    ten = fit_lifetime(cdnow, VARIABLES)
    for fit, tenfold in zip(one.fits, ten.fits, strict=True):
        factors = [10 if p.parameter == "v" else 1 for p in fit.parameters]
        expected = [p.value * factor for p, factor in zip(fit.parameters, factors, strict=True)]
        assert [p.value for p in tenfold.parameters] == pytest.approx(expected, rel=1e-6, abs=1e-6)


def statistics(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """A table of statistics from rows of (x, t_x, T, amount)."""
    connection.execute(f"""
        create table warehouse.intermediate.int_ltv_statistics as
        select row_number() over () as customer_id, date '2026-07-01' as as_of_date,
            true as is_latest, x as repeat_days, t_x as active_days, T as observed_days,
            amount::decimal(18,2) as repeat_amount, amount::decimal(18,2) as total_amount,
            0 as later_days, 0 as later_amount
        from ({rows}) as drawn(x, t_x, T, amount)
    """)


def test_too_few_who_came_back(warehouse):
    statistics(warehouse, "select 1, 10, 20 + i, 30 from range(49) as r(i)")
    with pytest.raises(TooFew, match="Only 49 customers bought on a second day"):
        fit_lifetime(warehouse, VARIABLES)


def test_spend_without_a_mean_is_rejected(warehouse):
    """Amounts that grow tenfold from one customer to the next."""
    statistics(
        warehouse,
        "select 1 + i % 3, 10 + i % 50, 70 + i % 90, pow(10, i % 12) from range(600) as r(i)",
    )
    purchases, spend = fit_lifetime(warehouse, VARIABLES).fits
    assert not spend.is_promoted
    assert "q is 1 or less" in spend.reason


def test_customers_who_all_do_the_same_tell_no_parameters(warehouse):
    statistics(warehouse, "select 2, 20, 30, 50 from range(100)")
    fits = fit_lifetime(warehouse, VARIABLES).fits
    assert [fit.is_promoted for fit in fits] == [False, False]
    assert all("don't tell the parameters apart" in fit.reason for fit in fits)


def test_who_brought_all_back_spends_next_to_nothing_and_who_bought_once_what_all_do(warehouse):
    """Nothing is as good as below nothing; the fit holds, and the money is none below zero."""
    statistics(
        warehouse,
        "select 1 + i % 3, 10 + i % 50, 70 + i % 90, (i % 20) * 10 - 20 from range(600) as r(i)",
    )
    _, spend = fit_lifetime(warehouse, VARIABLES).fits
    values = {p.parameter: p.value for p in spend.parameters}
    x, amount = np.array([0.0, 0, 2, 2, 2]), np.array([0.0, -50, -50, 0, 90])
    found = expected_amount(values, x, amount)
    assert found[0] == found[1] > 0
    assert 0 < found[2] == found[3] < found[4]


def test_an_unknown_model_is_refused(warehouse):
    with pytest.raises(ValueError, match="choose one of bg_nbd, mbg_nbd"):
        fit_lifetime(warehouse, {**VARIABLES, "ltv_purchase_model": "pareto"})
