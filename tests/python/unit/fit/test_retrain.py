"""What a fit may need of the fits before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.fit.retrain import offer_parameters
from orchestration.fit.store import Fit, Fitted, Parameter, Store

DEMAND = Fit(
    model="demand",
    parameters=[
        Parameter("product_store/new/mean_4", 1.0, feature="product_store/new"),
        Parameter("product_store/1/0.98/0", 6.5, feature="product_store/1/0.98", knot=0.0),
    ],
    metrics={},
    as_of_date=date(2026, 7, 1),
    customer_count=900,
    data_digest="d1",
    is_promoted=True,
    reason="No worse than those before.",
)
REJECTED = replace(DEMAND, data_digest="d2", parameters=DEMAND.parameters[:1], is_promoted=False)
SHIPPED = [("churn", "intercept", -1.5), ("demand", "product_store/new/decay_05", 1.0)]
FITTED = [
    ("churn", "intercept", -1.5),
    ("demand", "product_store/1/0.98/0", 6.5),
    ("demand", "product_store/new/mean_4", 1.0),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "parameters")


def offered(store: Store, known_at: str | None = None, built: int = 0) -> list[tuple]:
    """What is offered where the last build scored with what ships, and knew so many versions."""
    connection = duckdb.connect()
    connection.execute("""
        attach ':memory:' as warehouse;
        create schema warehouse.intermediate;
        create table warehouse.intermediate.int_current_parameters as
        from (values
            ('churn', 'intercept', null, null, -1.5),
            ('demand', 'product_store/new/decay_05', 'product_store/new', null, 1.0)
        ) as found (model, parameter, feature, knot, value);
    """)
    connection.execute(
        "create table warehouse.intermediate.int_model_versions as"
        " select 'demand' as model, unnest(range(?)) as version",
        [built + 1],
    )
    offer_parameters(connection, store, {"known_at": known_at})
    return connection.execute(
        "select model, parameter, value from next_parameters order by all"
    ).fetchall()


def test_without_a_fit_the_next_build_scores_as_the_last_one(store: Store) -> None:
    assert offered(store) == SHIPPED


def test_what_was_fitted_since_the_last_build_is_what_the_next_one_scores_with(
    store: Store,
) -> None:
    """What was tried later and rejected changes nothing."""
    store.keep(Fitted([DEMAND]))
    store.keep(Fitted([REJECTED]))
    assert offered(store) == FITTED


def test_what_the_last_build_knew_of_and_left_is_left(store: Store) -> None:
    """It was as of a day before the fit, and so is the next one."""
    store.keep(Fitted([DEMAND]))
    assert offered(store, built=1) == SHIPPED


def test_as_of_a_past_instant_nothing_that_is_fitted_now_is_known(store: Store) -> None:
    store.keep(Fitted([DEMAND]))
    assert offered(store, known_at="2026-07-01 00:00:00") == SHIPPED
