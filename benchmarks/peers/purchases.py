"""BG/NBD with the covariances of its parameters, fitted on a million customers, beside lifetimes.

Theirs is the library's own call, on a row a customer, and once more on customers with one history
counted together, which it can do if it is asked. Ours reads the rows and counts them itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.peers.sides import Comparison, Side, alone, in_turns
from orchestration.duck import connect, literal
from orchestration.fit.lifetime import (
    fit_purchases,
    purchase_likelihood,
    read_histories,
)

CUSTOMERS = 1_000_000
# Those of CDNOW in the literature, and as long as its customers were watched.
R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
WEEKS_WATCHED = (27, 78)
WORSE = 1e-6  # by which a likelihood may be less, relatively
HISTORIES = ("repeat_days", "active_days", "observed_days")


def comparisons(folder: Path, customers: int = CUSTOMERS) -> Iterator[Comparison]:
    """Raises `RuntimeError` where our likelihood is worse than that of lifetimes."""
    alone(write_histories, folder / "histories.parquet", customers)
    sides = [
        Side("ours", partial(by_us, folder)),
        Side("lifetimes", partial(by_lifetimes, folder), ("lifetimes", "pyarrow.parquet")),
        Side("lifetimes, grouped", partial(by_lifetimes_grouped, folder), ("lifetimes",)),
    ]
    costs = in_turns(sides)
    for side in sides[1:]:
        alone(require_as_likely, folder, side.name)
        bar = 1 / 15 if side.name == "lifetimes" else None
        what = f"BG/NBD with covariances, {customers / 1e6:g} M customers"
        yield Comparison(what, side.name, costs["ours"], costs[side.name], bar)


def write_histories(file: Path, customers: int) -> None:
    """Customers who buy and leave as the model says, watched in days: x, t_x and T of each."""
    random = np.random.default_rng(1)
    observed = random.integers(*(7 * week for week in WEEKS_WATCHED), customers, endpoint=True)
    rate, leaving = random.gamma(R, 1 / ALPHA, customers) / 7, random.beta(A, B, customers)
    now, last, repeated = np.zeros(customers), np.zeros(customers, int), np.zeros(customers, int)
    here = np.arange(customers)
    while len(here):
        now[here] += random.exponential(1 / rate[here])
        here = here[now[here] <= observed[here]]
        day = np.ceil(now[here]).astype(int)
        repeated[here] += day > last[here]
        last[here] = day
        here = here[random.random(len(here)) >= leaving[here]]
    drawn = dict(zip(HISTORIES, (repeated, last, observed), strict=True))
    with connect() as connection:
        columns = ", ".join(f"unnest(${name}) as {name}" for name in drawn)
        connection.execute(f"create table histories as select {columns}", drawn)
        connection.execute(f"copy histories to {literal(file)} (format parquet)")


def by_us(folder: Path) -> None:
    with connect() as connection:
        histories = read_histories(connection, f"read_parquet({_file(folder)})")
    found = fit_purchases(histories, "bg_nbd")
    if not found.is_determined:
        raise RuntimeError("The parameters are not determined.")
    np.save(folder / "ours.npy", list(found.values.values()))


def by_lifetimes(folder: Path) -> None:
    import pandas

    rows = pandas.read_parquet(folder / "histories.parquet")
    _fit(folder, "lifetimes", *(rows[name] for name in HISTORIES))


def by_lifetimes_grouped(folder: Path) -> None:
    with connect() as connection:
        found = read_histories(connection, f"read_parquet({_file(folder)})")
    days = (found.x, found.t_x * 7, found.T * 7)
    _fit(folder, "lifetimes, grouped", *days, weights=found.count)


def _fit(folder: Path, name: str, x, t_x, T, **options) -> None:
    """In weeks; the variance matrix comes with the fit."""
    from lifetimes import BetaGeoFitter

    fitter = BetaGeoFitter().fit(x, t_x / 7, T / 7, **options)
    np.save(folder / f"{name}.npy", fitter.params_[["r", "alpha", "a", "b"]].to_numpy())


def require_as_likely(folder: Path, peer: str) -> None:
    """Both parameters are judged by one likelihood."""
    with connect() as connection:
        histories = read_histories(connection, f"read_parquet({_file(folder)})")
    likelihood = purchase_likelihood(histories, "bg_nbd")
    ours, theirs = (
        likelihood(np.log(np.load(folder / f"{name}.npy")))[0] for name in ("ours", peer)
    )
    if ours < theirs - WORSE * abs(theirs):
        raise RuntimeError(f"The log-likelihood is {ours}, that of {peer} {theirs}.")


def _file(folder: Path) -> str:
    return literal(folder / "histories.parquet")
