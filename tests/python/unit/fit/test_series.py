"""The series of demand are read by whole categories, as many as memory should hold."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.fit import series
from orchestration.fit.store import TooFew

WEEKS = 10


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Two categories: three products that sold once each, and one; none is on offer."""
    connection = duckdb.connect()
    connection.execute("""
        create temp table pair_weeks as
        select
            number // 3 as category,
            number as product,
            number as pair,
            number as week,
            1::double as sold,
            1::double as demand,
            2::double as amount
        from range(4) as numbers (number);
        create temp table offers (product bigint, week bigint, cut double, known bigint);
    """)
    return connection


@pytest.mark.parametrize(
    ("min_weeks", "cells", "handfuls"),
    [(1, 80, [4]), (1, 79, [3, 1]), (2, 44, [4]), (2, 43, [3, 1])],
)
def test_a_handful_is_as_many_categories_as_fit(
    connection, monkeypatch: pytest.MonkeyPatch, min_weeks: int, cells: int, handfuls: list[int]
) -> None:
    monkeypatch.setattr(series, "CELLS", cells)
    bounds = series.handfuls(connection, WEEKS, min_weeks)
    found = list(series.read_chunks(connection, WEEKS, bounds))
    assert [chunk.demand.shape for chunk in found] == [(each, WEEKS) for each in handfuls]
    assert sum(chunk.demand.sum() for chunk in found) == 4
    assert found[-1].first == (0 if len(found) == 1 else 1)


def test_a_category_that_is_too_large_for_memory_is_refused_in_words(
    connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MOST_CELLS", 60)
    assert len(series.handfuls(connection, WEEKS, 1)) == 1
    monkeypatch.setattr(series, "MOST_CELLS", 59)
    with pytest.raises(TooFew, match="one has 3 products in stores.*give the products more"):
        series.handfuls(connection, WEEKS, 1)
