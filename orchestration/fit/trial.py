"""How a forecast of lifetime value fared on an earlier day, and the range that is learnt from it.

The range holds four of five customers, as multiples of the spend expected of them. It is split
conformal prediction (Vovk, Gammerman and Shafer 2005; Romano, Patterson and Candès 2019) on the
hold-out, by groups of equal expectations: the quantiles are those of customers, not of a model,
which knows neither seasons nor people who change. Groups go by expected purchase days, which are no
money and tell how much of the spread is chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from orchestration.fit.arrays import Array
from orchestration.fit.store import Parameter, rounded

# The range holds this share of the customers; this share spends less than its lower end, and as
# many more than its upper one, where nobody spends nothing.
RANGE_SHARE, TAIL = 0.8, 0.1
# A tenth of fifty customers is five; finer than fifteen groups no curve needs to be.
MIN_GROUP, MIN_GROUPS, MAX_GROUPS = 50, 5, 15
QUINTILES = 5
HOLDOUT = {
    "as_of_date": "date",
    "holdout_days": "bigint",
    "quintile": "bigint",
    "customer_count": "bigint",
    "predicted_transactions": "double",
    "actual_transactions": "bigint",
    "predicted_amount": "double",
    "predicted_amount_standard_error": "double",
    "actual_amount": "decimal(18,2)",
    "zero_spend_share": "double",
    "expected_covered_share": "double",
    "covered_share": "double",
}


@dataclass(frozen=True)
class Trial:
    """A forecast on a day, and what came in the `days` after it: arrays by customer.

    `transactions` are purchase days, `amount` is money; `came` stands for what was seen. It
    `is_determined` where the data told the parameters apart.
    """

    as_of_date: date
    days: int
    is_determined: bool
    transactions: Array
    amount: Array
    came_transactions: Array
    came_amount: Array

    @property
    def error(self) -> Array:
        return self.came_amount - self.amount


@dataclass(frozen=True)
class Range:
    """The ends of the range at some numbers of expected purchase days, the `knots`.

    `low` and `high` are multiples of the spend expected within `days`, as long as the hold-out was.
    """

    days: int
    knots: Array
    low: Array
    high: Array

    def multiples(self, transactions: Array, days: int) -> tuple[Array, Array]:
        """The ends for customers with so many purchase days expected within `days`.

        They are read at these purchase days, since the spread of few is chance, which evens out.
        Where the range doesn't begin at 0, purchases are many, and much of the spread is of people
        who change, which doesn't: there the reading of the time that it was learnt on has a say, if
        it is wider. The lower end is then of that, and the upper one midway.
        """
        low, high = self._read(transactions)
        early_low, early_high = self._read(transactions * self.days / days)
        midway = np.maximum(high, (high + early_high) / 2)
        return np.minimum(low, early_low), np.where(low > 0, midway, high)

    def _read(self, transactions: Array) -> list[Array]:
        return [np.interp(transactions, self.knots, ends) for ends in (self.low, self.high)]

    def parameters(self) -> list[Parameter]:
        """As the store keeps them."""
        ends = {"low": self.low, "high": self.high}
        return [
            Parameter("days", float(self.days)),
            *(
                Parameter(f"{name} at {knot:g}", rounded(end), feature=name, knot=float(knot))
                for name, values in ends.items()
                for knot, end in zip(self.knots, values, strict=True)
            ),
        ]


def learn_range(trial: Trial) -> Range | None:
    """The range of four of five in groups of equal expectations; None of too few customers."""
    count = len(trial.amount) // MIN_GROUP
    if count < MIN_GROUPS or not np.isfinite(trial.amount).all():
        return None
    ends = {}
    for group in _groups(trial.transactions, min(count, MAX_GROUPS)):
        knot = rounded(trial.transactions[group].mean(), 6)
        ends[knot] = _ends(trial.came_amount[group] / trial.amount[group])
    return Range(trial.days, np.array(list(ends)), *np.array(list(ends.values())).T)


def _ends(multiples: Array) -> tuple[float, float]:
    """The closed interval that begins at the lowest tenth, at 0 at least, and holds four of five.

    With one more customer than there are, as is due to the next one. Where more than a tenth are 0,
    it begins with all of them, and so ends earlier.
    """
    multiples = np.sort(multiples)
    low = max(0.0, multiples[int(TAIL * len(multiples))])
    below = np.searchsorted(multiples, low)
    last = int(np.ceil(below + RANGE_SHARE * (len(multiples) + 1))) - 1
    return low, max(low, multiples[min(last, len(multiples) - 1)])


def _groups(values: Array, count: int) -> Iterator[Array]:
    """Places of the values in groups of about one size; equal values share a group."""
    limits = np.quantile(values, np.arange(1, count) / count, method="higher")
    numbers = np.searchsorted(np.unique(limits), values, side="right")
    for number in np.unique(numbers):
        yield np.flatnonzero(numbers == number)


def compared(
    trial: Trial, before: Trial | None, least_common_error: Sequence[float]
) -> list[tuple]:
    """Rows of `HOLDOUT`: five groups by the spend expected, with the error and the range stated.

    Both are as they would have been on the day, from the trial `before` it. `least_common_error`
    is by group.
    """
    common = np.zeros(len(trial.amount))
    known = None if before is None else learn_range(before)
    if known:
        common = _common_error(before, trial.transactions)
        low, high = known.multiples(trial.transactions, trial.days)
        multiple = trial.came_amount / trial.amount
        is_covered = (low <= multiple) & (multiple <= high)
    groups = np.array_split(np.argsort(trial.amount, kind="stable"), QUINTILES)
    return [
        (
            trial.as_of_date,
            trial.days,
            quintile,
            len(group),
            rounded(trial.transactions[group].sum()),
            int(trial.came_transactions[group].sum()),
            rounded(trial.amount[group].sum()),
            rounded(
                _standard_error(
                    trial.error[group], trial.amount[group] * np.maximum(common[group], least)
                )
            ),
            round(float(trial.came_amount[group].sum()), 2),
            zero := float(np.mean(trial.came_amount[group] == 0)),
            max(RANGE_SHARE, zero),
            float(np.mean(is_covered[group])) if known else None,
        )
        for quintile, (group, least) in enumerate(
            zip(groups, least_common_error, strict=True), start=1
        )
    ]


def _standard_error(error: Array, common: Array) -> float:
    """Of a sum: what chance makes of so many customers, and what all of them have in common."""
    return float(np.sqrt(len(error) * np.var(error) + np.sum(common) ** 2))


def _common_error(trial: Trial, transactions: Array) -> Array:
    """By how much, as a share, sums of such customers were off, by purchase days expected."""
    found = [
        (
            trial.transactions[group].mean(),
            abs(trial.error[group].sum()) / trial.amount[group].sum(),
        )
        for group in _groups(trial.transactions, QUINTILES)
    ]
    return np.interp(transactions, *np.array(found).T)


def figures(trial: Trial, rows: Sequence[tuple]) -> Mapping[str, float]:
    """Metrics of the trial, by name; what can't be told is left out."""
    covered = dict(zip(HOLDOUT, zip(*rows, strict=True), strict=True))
    found = {
        "holdout_days": float(trial.days),
        **_errors("purchases", trial.transactions, trial.came_transactions),
        **_errors("amount", trial.amount, trial.came_amount),
    }
    if covered["covered_share"][0] is not None:
        for name in ("covered_share", "expected_covered_share"):
            share = np.average(covered[name], weights=covered["customer_count"])
            found[f"holdout_{name}"] = rounded(share)
    return {name: figure for name, figure in found.items() if np.isfinite(figure)}


def _errors(what: str, predicted: Array, came: Array) -> dict[str, float]:
    """Total error as a share of what came, mean absolute error per customer, and correlation."""
    with np.errstate(all="ignore"):
        found = {
            "predicted": predicted.sum(),
            "came": came.sum(),
            "total_error": predicted.sum() / came.sum() - 1,
            "mean_absolute_error": np.mean(np.abs(predicted - came)),
            "correlation": np.corrcoef(predicted, came)[0, 1],
        }
    return {f"holdout_{what}_{name}": rounded(figure) for name, figure in found.items()}
