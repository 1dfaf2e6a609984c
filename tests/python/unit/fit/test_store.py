"""The versions of parameters: one in use, none forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.duck import connect, literal_path
from orchestration.fit.store import VERSIONS, Fit, Fitted, Parameter, Store, Table, write_table

FIRST = Fit(
    model="churn",
    parameters=[
        Parameter("intercept", -1.5),
        Parameter("recency > 3", 0.25, 0.1, feature="recency", knot=3.0),
    ],
    metrics={"auc": 0.8},
    as_of_date=date(2026, 7, 1),
    customer_count=900,
    data_digest="d1",
    is_promoted=True,
    reason="It beats recency.",
)
BETTER = replace(FIRST, parameters=[Parameter("intercept", -1.0)], data_digest="d2")
WORSE = replace(BETTER, data_digest="d3", is_promoted=False, reason="No better than what is there.")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "parameters")


def statuses(store: Store) -> list[tuple[str, int, str]]:
    return [(version.model, version.version, version.status) for version in store.versions()]


def in_use(store: Store) -> list[Parameter]:
    current = [
        each for each in store.versions() if (each.model, each.status) == ("churn", "current")
    ]
    return [each for version in current for each in store.parameters("churn", version.version)]


def test_before_any_fit_there_is_nothing(store: Store) -> None:
    assert store.versions() == []
    assert in_use(store) == []


def test_what_is_promoted_takes_the_place_of_what_was_in_use(store: Store) -> None:
    store.keep(Fitted([FIRST]))
    store.keep(Fitted([replace(FIRST, model="bg_nbd"), BETTER]))
    assert statuses(store) == [
        ("bg_nbd", 1, "current"),
        ("churn", 1, "retired"),
        ("churn", 2, "current"),
    ]
    assert in_use(store) == BETTER.parameters
    assert store.parameters("churn", 1) == FIRST.parameters


@pytest.mark.parametrize("written", [1, 2])
def test_of_a_fit_that_was_stopped_nothing_counts(
    store: Store, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its version is written; the next fit has the number that it would have had."""
    store.record(FIRST)
    tables = iter([write_table] * written)
    with monkeypatch.context() as patched:
        patched.setattr("orchestration.fit.store.write_table", lambda *told: next(tables)(*told))
        with pytest.raises(StopIteration):
            store.record(replace(WORSE, metrics={"auc": 0.7, "brier": 0.2}))
    store.record(BETTER)
    assert statuses(store) == [("churn", 1, "retired"), ("churn", 2, "current")]
    assert in_use(store) == BETTER.parameters
    with connect() as connection:
        file = literal_path(store.folder / "model_metrics.parquet")
        found = connection.execute(f"select version, metric, value from {file} order by 1")
        assert found.fetchall() == [(1, "auc", 0.8), (2, "auc", 0.8)]


def test_the_instant_of_a_fit_is_noted(store: Store) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    [version] = store.keep(Fitted([FIRST]))
    assert before <= version.fitted_at <= datetime.now(UTC).replace(tzinfo=None)
    assert store.versions() == [version]


def test_versions_of_a_release_that_noted_no_instant_are_read(store: Store) -> None:
    columns = {name: kind for name, kind in VERSIONS.items() if name != "fitted_at"}
    row = ("churn", 1, "current", "It beats recency.", date(2026, 7, 1), 900, "d1")
    write_table(store.folder / "model_versions.parquet", columns, [row])
    store.keep(Fitted([BETTER]))
    first, second = store.versions()
    assert (first.fitted_at, first.status) == (None, "retired")
    assert second.fitted_at is not None


def test_what_is_rejected_changes_nothing_that_scores(store: Store) -> None:
    store.keep(Fitted([FIRST]))
    [version] = store.keep(Fitted([WORSE]))
    assert version.reason == "No better than what is there."
    assert statuses(store) == [("churn", 1, "current"), ("churn", 2, "rejected")]
    assert in_use(store) == FIRST.parameters


def test_the_same_fit_of_the_same_data_is_no_new_version(store: Store) -> None:
    store.keep(Fitted([FIRST]))
    [again] = store.keep(Fitted([replace(FIRST, parameters=FIRST.parameters[::-1])]))
    assert again.version == 1
    [other_data] = store.keep(Fitted([replace(FIRST, data_digest="d2")]))
    assert other_data.version == 2


def test_further_tables_are_those_of_the_last_fit(store: Store) -> None:
    columns = {"decile": "bigint", "share": "double"}
    store.keep(Fitted([], {"backtest": Table(columns, [(1, 0.5), (2, None)])}))
    store.keep(Fitted([], {"backtest": Table(columns, [(1, 0.25)])}))
    file = store.folder / "backtest.parquet"
    with connect() as connection:
        kept = connection.execute(f"from {literal_path(file)}").fetchall()
    assert kept == [(1, 0.25)]
    assert [path.name for path in store.folder.iterdir()] == ["backtest.parquet"]


def test_a_table_without_rows_has_its_columns(store: Store) -> None:
    store.keep(Fitted([], {"backtest": Table({"decile": "bigint"}, [])}))
    with connect() as connection:
        answer = connection.execute(f"from {literal_path(store.folder / 'backtest.parquet')}")
        assert [(name, str(kind)) for name, kind, *_ in answer.description] == [
            ("decile", "BIGINT")
        ]
