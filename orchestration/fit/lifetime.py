"""Fits how often customers buy and what they spend, by maximum likelihood.

BG/NBD: Fader, Hardie and Lee (2005), "Counting your customers" the easy way. MBG/NBD: Batislam,
Denizel and Filiztekin (2007). Gamma-Gamma: Fader and Hardie (2013). Time is in weeks. Whatever is
above zero is searched by its logarithm, and its uncertainty is one of the logarithm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1, psi
from threadpoolctl import threadpool_limits

from orchestration.digests import table_digest
from orchestration.fit.arrays import Array
from orchestration.fit.store import DIGITS, Fit, Fitted, Parameter, Table, TooFew, rounded
from orchestration.fit.trial import HOLDOUT, Trial, compared, figures, learn_range

# A view computes its rows each time that they are asked for.
STATISTICS = """
create or replace temp table ltv_statistics as
from warehouse.intermediate.int_ltv_statistics
"""
PURCHASE_MODELS = ("bg_nbd", "mbg_nbd")
# A parameter that may as well be a hundred times as large (log 100 = 4.6) is not known.
MAX_LOG_ERROR = 4.6
# Who brought back all that was bought on repeat days counts with this share of the mean: Gamma-
# Gamma takes the logarithm of what was spent, and knows no zero.
LEAST_SPEND = 0.01
# The sum of log-likelihoods and its gradient, by the parameters' logarithms.
Likelihood = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True)
class Histories:
    """Customers who bought at the same times, counted once.

    `x` purchase days after the first, `t_x` weeks from the first to the last, `T` weeks from the
    first to the end of the observation, `count` of customers: float arrays of one length.
    """

    x: Array
    t_x: Array
    T: Array
    count: Array


@dataclass(frozen=True)
class Estimate:
    """The likeliest parameters.

    `values` by name. `axes` is lower triangular: its columns are a standard deviation each along
    independent axes of the parameters' logarithms; None where the data does not tell them apart.
    """

    values: Mapping[str, float]
    axes: Array | None
    log_likelihood: float

    @property
    def is_determined(self) -> bool:
        return self.axes is not None and bool(np.max(self.log_errors) < MAX_LOG_ERROR)

    @property
    def log_errors(self) -> Array:
        return np.sqrt(np.sum(self.axes**2, axis=1))

    def parameters(self) -> list[Parameter]:
        """As the store keeps them: the values, and of each axis what it adds to the logarithms."""
        errors = [None] * len(self.values) if self.axes is None else list(self.log_errors)
        found = [
            Parameter(name, rounded(value), error and rounded(value * error))
            for (name, value), error in zip(self.values.items(), errors, strict=True)
        ]
        if self.axes is not None:
            found += [
                Parameter(
                    f"log {name}, axis {axis + 1}",
                    rounded(self.axes[row, axis]),
                    feature=name,
                    knot=float(axis + 1),
                )
                for row, name in enumerate(self.values)
                for axis in range(row + 1)
            ]
        return found


@dataclass(frozen=True)
class Known:
    """What the statistics of one day tell: who bought when, and x and the mean spend of repeaters.

    `statistics` is a relation like `int_ltv_statistics`.
    """

    statistics: str
    as_of_date: date
    histories: Histories
    x: Array
    mean_amount: Array


def fit_lifetime(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """The purchase model and Gamma-Gamma on the latest statistics, and how an earlier fit fared.

    `variables` are dbt's. Raises `TooFew` where hardly anybody came back, and `ValueError` where
    there is no such purchase model.
    """
    model, least = variables["ltv_purchase_model"], variables["ltv_min_repeaters"]
    if model not in PURCHASE_MODELS:
        raise ValueError(
            f"ltv_purchase_model is {model}: choose one of {', '.join(PURCHASE_MODELS)}."
        )
    latest, *earlier = _all_known(connection)
    if len(latest.x) < least:
        raise TooFew(
            f"Only {len(latest.x)} customers bought on a second day, and {least} are needed: keep "
            "the parameters that ship with the project until there are more."
        )
    purchases = fit_purchases(latest.histories, model)
    spend = fit_spend(latest.x, latest.mean_amount)
    trials = [
        _trial(connection, known, (until.as_of_date - known.as_of_date).days, model)
        if len(known.x) >= least
        else None
        for known, until in zip(earlier, [latest, *earlier], strict=False)
    ]
    trial, before = [*trials, None, None][:2]
    # A range asks for a forecast, and for no parameters that are told apart; a trial is of a fit
    # that would be used.
    trial = trial if trial and trial.is_determined else None
    rows = compared(trial, before, variables["ltv_common_error"]) if trial else []
    metrics = figures(trial, rows) if trial else {}
    with np.errstate(all="ignore"):
        correlation = np.corrcoef(latest.x, latest.mean_amount)[0, 1]
    of_the_data = {
        "as_of_date": latest.as_of_date,
        "customer_count": int(latest.histories.count.sum()),
        "data_digest": table_digest(connection, "ltv_statistics"),
    }
    fits = [
        Fit(
            model=model,
            parameters=purchases.parameters(),
            metrics={
                "log_likelihood": rounded(purchases.log_likelihood),
                "repeat_customers": float(len(latest.x)),
                **_of(metrics, "purchases"),
            },
            is_promoted=purchases.is_determined,
            reason=_judged_purchases(purchases),
            **of_the_data,
        ),
        Fit(
            model="gamma_gamma",
            parameters=spend.parameters(),
            metrics={
                "log_likelihood": rounded(spend.log_likelihood),
                # The model takes it for 0: who buys often spends neither more nor less each time.
                "frequency_amount_correlation": rounded(np.nan_to_num(correlation)),
                **_of(metrics, "amount"),
            },
            is_promoted=_is_usable(spend),
            reason=_judged_spend(spend),
            **of_the_data,
        ),
    ]
    if found := trial and learn_range(trial):
        fits.append(
            Fit(
                model="ltv_range",
                parameters=found.parameters(),
                metrics=_of(metrics, "share"),
                is_promoted=True,
                reason=f"The range of four of five customers in the latest {found.days} days.",
                **of_the_data,
            )
        )
    return Fitted(fits, {"ltv_holdout": Table(HOLDOUT, rows)})


def _of(metrics: Mapping[str, float], what: str) -> dict[str, float]:
    """The figures of the trial that tell of one of the models, with the time that it took."""
    return {name: value for name, value in metrics.items() if what in name or "days" in name}


def _all_known(connection: duckdb.DuckDBPyConnection) -> list[Known]:
    """What was known on each of the days, the latest first: then in `ltv_statistics`."""
    connection.execute(STATISTICS)
    days = connection.execute(
        "select distinct as_of_date from ltv_statistics order by as_of_date desc"
    ).fetchall()
    found = []
    for number, (day,) in enumerate(days):
        statistics = f"statistics_{number}"
        connection.execute(
            f"create or replace temp view {statistics} as"
            f" select * from ltv_statistics where as_of_date = date '{day}'"
        )
        histories = read_histories(connection, statistics)
        found.append(Known(statistics, day, histories, *read_spend(connection, statistics)))
    return found


def _trial(
    connection: duckdb.DuckDBPyConnection, known: Known, days: int, model: str
) -> Trial | None:
    """The forecast of the coming `days`, and what came; None where spend is not to be expected."""
    purchases = fit_purchases(known.histories, model)
    spend = fit_spend(known.x, known.mean_amount)
    if spend.values["q"] <= 1:
        return None
    found = connection.execute(
        "select repeat_days::double as x, active_days / 7 as t_x, observed_days / 7 as T,"
        " repeat_amount::double as amount, later_days, later_amount::double as later_amount"
        f" from {known.statistics} order by customer_id"
    ).fetchnumpy()
    history = found["x"], found["t_x"], found["T"]
    expected = expected_transactions(purchases.values, model, *history, days / 7)
    return Trial(
        as_of_date=known.as_of_date,
        days=days,
        is_determined=purchases.is_determined and spend.is_determined,
        transactions=expected,
        amount=expected * expected_amount(spend.values, found["x"], found["amount"]),
        came_transactions=found["later_days"],
        came_amount=found["later_amount"],
    )


def _judged_purchases(purchases: Estimate) -> str:
    if not purchases.is_determined:
        return "These purchases don't tell the parameters apart: the present ones stay."
    return "The parameters that fit these purchases best."


def _is_usable(spend: Estimate) -> bool:
    return spend.is_determined and spend.values["q"] > 1


def _judged_spend(spend: Estimate) -> str:
    if spend.values["q"] <= 1:
        return (
            "Spend differs so much between customers that its mean has no end (q is 1 or less): "
            "the present parameters stay."
        )
    if not spend.is_determined:
        return "These amounts don't tell the parameters apart: the present ones stay."
    return "The parameters that fit these amounts best."


def read_histories(connection: duckdb.DuckDBPyConnection, statistics: str) -> Histories:
    """Identical histories, counted by SQL, of a relation like `int_ltv_statistics`."""
    found = connection.execute(
        "select repeat_days, active_days, observed_days, count(*) as customer_count"
        f" from {statistics} group by all order by all"
    ).fetchnumpy()
    return Histories(
        x=found["repeat_days"].astype(float),
        t_x=found["active_days"] / 7,
        T=found["observed_days"] / 7,
        count=found["customer_count"].astype(float),
    )


def read_spend(connection: duckdb.DuckDBPyConnection, statistics: str) -> tuple[Array, Array]:
    """Of each customer who came back: x, and the mean spend of those days, returns off."""
    found = connection.execute(
        "select repeat_days, repeat_amount::double / repeat_days as mean_amount"
        f" from {statistics} where repeat_days > 0 order by repeat_days, mean_amount"
    ).fetchnumpy()
    return found["repeat_days"].astype(float), found["mean_amount"]


def fit_purchases(histories: Histories, model: str) -> Estimate:
    """BG/NBD or MBG/NBD: `r`, `alpha` (weeks), `a` and `b`."""
    likelihood = purchase_likelihood(histories, model)
    start = np.array([0.0, np.log(np.average(histories.T, weights=histories.count) + 1), 0.0, 0.0])
    return _likeliest(("r", "alpha", "a", "b"), likelihood, start)


def purchase_likelihood(histories: Histories, model: str) -> Likelihood:
    """The log-likelihood of all customers.

    MBG/NBD is BG/NBD with b + 1 in place of b and without the exception for those who never came
    back, times (b / (a + b)) for each customer.

    Functions of x, t_x or T alone are computed once for each value that occurs, of which there are
    few: what is left for each history is one exponential and one logarithm.
    """
    x, t_x, T, count = histories.x, histories.t_x, histories.T, histories.count
    shift = float(model == "mbg_nbd")
    customers = np.sum(count)
    xs, of_x = np.unique(x, return_inverse=True)
    Ts, of_T = np.unique(T, return_inverse=True)
    with_x, with_T = np.bincount(of_x, count), np.bincount(of_T, count)
    bought_with_T = np.bincount(of_T, count * x)
    may_have_left = (x > 0) | (shift > 0)
    x, t_x, count, of_x, of_T = (each[may_have_left] for each in (x, t_x, count, of_x, of_T))
    t_xs, of_t_x = np.unique(t_x, return_inverse=True)

    def likelihood(logs: Array) -> tuple[float, Array]:
        r, alpha, a, b = np.exp(logs)
        own_b, b = b, b + shift
        tries = b + np.maximum(xs, 1 - shift) - 1
        log_T, log_t_x = np.log(alpha + Ts), np.log(alpha + t_xs)
        silence = log_T[of_T] - log_t_x[of_t_x]
        log_odds = (np.log(a) - np.log(tries))[of_x] + (r + x) * silence
        # The odds of having left or of having stayed, whichever are below 1: neither overflows.
        odds = np.exp(-np.abs(log_odds))
        left = count * np.where(log_odds > 0, 1, odds) / (1 + odds)
        value = (
            with_x @ (gammaln(r + xs) + gammaln(b + xs) - gammaln(a + b + xs))
            + customers * (r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
            + customers * shift * np.log(own_b / (a + own_b))
            - (r * with_T + bought_with_T) @ log_T
            + count @ (np.maximum(log_odds, 0) + np.log1p(odds))
        )
        together = customers * psi(a + b) - with_x @ psi(a + b + xs)
        slopes = (
            with_x @ psi(r + xs)
            - customers * (psi(r) - np.log(alpha))
            - with_T @ log_T
            + left @ silence,
            customers * r / alpha
            - (r * with_T + bought_with_T) @ (1 / (alpha + Ts))
            + left @ ((r + x) * ((1 / (alpha + Ts))[of_T] - (1 / (alpha + t_xs))[of_t_x])),
            together + np.sum(left) / a - customers * shift / (a + own_b),
            together
            + with_x @ psi(b + xs)
            - customers * psi(b)
            - left @ (1 / tries)[of_x]
            + customers * shift * (1 / own_b - 1 / (a + own_b)),
        )
        return float(value), np.array(slopes) * np.exp(logs)

    return likelihood


def fit_spend(x: Array, mean_amount: Array) -> Estimate:
    """Gamma-Gamma of the mean spend of each customer's repeat days: `p`, `q` and `v` (money)."""
    mean = float(np.mean(np.maximum(mean_amount, 0))) or 1.0
    spent = np.maximum(mean_amount, LEAST_SPEND * mean)
    return _likeliest(("p", "q", "v"), spend_likelihood(x, spent), np.log([1.0, 2.0, mean]))


def spend_likelihood(x: Array, mean_amount: Array) -> Likelihood:
    """The log-likelihood of all customers; gamma functions once for all with the same x."""
    total, log_total = x * mean_amount, np.log(x * mean_amount)
    distinct, place, count = np.unique(x, return_inverse=True, return_counts=True)
    constant = -np.sum(np.log(mean_amount))

    def likelihood(logs: Array) -> tuple[float, Array]:
        p, q, v = np.exp(logs)
        log_both = np.log(total + v)
        by_x = gammaln(p * distinct + q) - gammaln(p * distinct) - gammaln(q) + q * np.log(v)
        value = np.sum(count * by_x) + np.sum(p * x * log_total - (p * x + q) * log_both)
        both = psi(p * distinct + q)
        gradient = np.array(
            [
                np.sum(count * distinct * (both - psi(p * distinct)))
                + np.sum(x * (log_total - log_both)),
                np.sum(count * (both - psi(q) + np.log(v))) - np.sum(log_both),
                np.sum(q / v - (p * x + q) / (total + v)),
            ]
        )
        return float(value + constant), gradient * np.exp(logs)

    return likelihood


@threadpool_limits.wrap(1)
def _likeliest(names: Sequence[str], likelihood: Likelihood, start: Array) -> Estimate:
    """The top of the likelihood: BFGS comes near it, and Newton's steps sharpen the last digits."""
    value, _ = likelihood(start)
    scale = max(1.0, abs(value))

    def loss(logs: Array) -> tuple[float, Array]:
        value, gradient = likelihood(logs)
        return -value / scale, -gradient / scale

    logs = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-12, 14)] * len(start)).x
    for _ in range(20):
        gradient, axes = likelihood(logs)[1], _axes(likelihood, logs)
        if axes is None:
            break
        step = axes @ (axes.T @ gradient)
        logs = logs + np.clip(step, -1, 1)
        if np.max(np.abs(step)) < 10**-DIGITS:
            break
    value, _ = likelihood(logs)
    values = dict(zip(names, map(float, np.exp(logs)), strict=True))
    return Estimate(values, _axes(likelihood, logs), value)


def _axes(likelihood: Likelihood, logs: Array, width: float = 1e-4) -> Array | None:
    """The Cholesky factor of the covariance, which is the inverse of the curvature at the top."""
    around = np.eye(len(logs)) * width
    curvature = -np.array(
        [(likelihood(logs + step)[1] - likelihood(logs - step)[1]) / (2 * width) for step in around]
    )
    try:
        # Factoring first refuses what is no top, and whose inverse would be no covariance.
        np.linalg.cholesky((curvature + curvature.T) / 2)
        return np.linalg.cholesky(np.linalg.inv((curvature + curvature.T) / 2))
    except np.linalg.LinAlgError:
        return None


def probability_alive(
    values: Mapping[str, float], model: str, x: Array, t_x: Array, T: Array
) -> Array:
    """The probability that the customer has not left: 1 for who bought once, under BG/NBD."""
    r, alpha, a, b = (values[name] for name in ("r", "alpha", "a", "b"))
    tries = b + x - (model == "bg_nbd")
    may_have_left = (x > 0) | (model == "mbg_nbd")
    odds = a / np.where(may_have_left, tries, 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)
    return 1 / (1 + may_have_left * odds)


def expected_transactions(
    values: Mapping[str, float], model: str, x: Array, t_x: Array, T: Array, weeks: float
) -> Array:
    """E[Y(t) | x, t_x, T], the purchase days of the coming weeks."""
    r, alpha, a, b = (values[name] for name in ("r", "alpha", "a", "b"))
    b = b + (model == "mbg_nbd")
    z = weeks / (alpha + T + weeks)
    c = a + b + x - 1
    # Nothing times infinity where a and b are in thousands, as where everybody leaves at one pace;
    # Euler's other form of the same is finite there.
    with np.errstate(over="ignore", invalid="ignore"):
        bought_not = (1 - z) ** (a - 1) * hyp2f1(a - 1, a + b - 1 - r, c, z)
        otherwise = (1 - z) ** (r + x) * hyp2f1(r + x, b + x, c, z)
    if_alive = c / (a - 1) * (1 - np.where(np.isfinite(bought_not), bought_not, otherwise))
    return probability_alive(values, model, x, t_x, T) * if_alive


def expected_amount(values: Mapping[str, float], x: Array, repeat_amount: Array) -> Array:
    """E[M | x, m], the money of a purchase day: between the customer's own mean and everybody's.

    Who bought once has everybody's, and who brought back more than was bought since spent nothing.
    """
    p, q, v = (values[name] for name in ("p", "q", "v"))
    spent = np.where(x > 0, np.maximum(repeat_amount, 0), 0)
    return p * (v + spent) / (p * x + q - 1)
