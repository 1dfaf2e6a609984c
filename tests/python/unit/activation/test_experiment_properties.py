"""Intervals and chances of experiments by SQL from sums, and by scipy from the people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pytest
from scipy import stats

from tests.python.reference import experiments as reference
from tests.python.reference.experiments import Arms

MODELS = (
    *("int_experiment_comparisons", "int_experiment_estimates", "int_experiment_corrections"),
    *("int_experiment_draws",),
)
CLOSE = 1e-9
KINDS = {"revenue": "mean", "buyers": "rate", "average_order_value": "ratio"}
INPUTS = """
    create schema intermediate;
    create schema reference;
    create schema entities;
    create table reference.experiment_metrics (metric text, kind text);
    create table intermediate.int_experiment_sums (
        experiment_id text, observation text, metric text, segment_type text, segment text,
        arm text, waiting_n bigint, n bigint, known_n bigint, happened_n bigint,
        y double, yy double, x double,
        xx double, xy double
    );
    create table intermediate.int_experiment_members (
        experiment_id text, customer_id text, arm text, is_crossing boolean
    );
    create table entities.int_campaigns_validated (
        campaign_id text, control_share decimal(18, 4), ends_on date, row_status text
    );
"""

Run = Callable[[Sequence[tuple]], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def queries(compiled) -> dict[str, str]:
    return compiled(MODELS)


@pytest.fixture(scope="module")
def run(queries) -> Run:
    """A warehouse in which the models are made of these sums of arms."""

    def made(rows: Sequence[tuple]) -> duckdb.DuckDBPyConnection:
        connection = _connect()
        connection.executemany(
            "insert into reference.experiment_metrics values (?, ?)", list(KINDS.items())
        )
        connection.executemany(
            f"insert into intermediate.int_experiment_sums values ({', '.join('?' * 15)})", rows
        )
        for model in MODELS[:3]:
            connection.execute(f"create table intermediate.{model} as {queries[model]}")
        return connection

    return made


def _connect() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    connection.execute(INPUTS)
    return connection


def _rows(arms: Arms, key: str, metric: str, segment: str = "all") -> list[tuple]:
    kind = "all" if segment == "all" else "cause"
    return [
        (key, "days_30", metric, kind, segment, arm, 0, *reference.sums(y, x).values())
        for arm, y, x in zip(("treatment", "control"), arms.y, arms.x, strict=True)
    ]


def _is_close(found: float | None, wanted: float | None) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) <= CLOSE * max(1, abs(wanted))


@pytest.mark.filterwarnings("ignore:Precision loss")
def test_intervals_and_chances_are_those_of_scipy_on_a_thousand_experiments(run) -> None:
    random = np.random.default_rng(20)
    cases = {
        f"{number:04}": (metric, reference.drawn(random, KINDS[metric]))
        for number in range(1_000)
        for metric in [list(KINDS)[number % len(KINDS)]]
    }
    connection = run(
        [row for key, (metric, arms) in cases.items() for row in _rows(arms, key, metric)]
    )
    names = list(reference.expected(cases["0000"][1]))
    found = connection.execute(f"""
        select experiment_id, {", ".join(names)}
        from intermediate.int_experiment_estimates where arm = 'treatment'
    """).fetchall()
    assert len(found) == len(cases)
    for key, *values in found:
        wanted = reference.expected(cases[key][1])
        for name, value in zip(names, values, strict=True):
            assert _is_close(value, wanted[name]), (key, cases[key][0], name)


def test_chances_are_corrected_as_by_holm_and_as_by_scipy(run) -> None:
    random = np.random.default_rng(21)
    rows = []
    for key in map(str, range(40)):
        for metric, kind in KINDS.items():
            rows += _rows(reference.drawn(random, kind), key, metric)
        for segment in map(str, range(random.integers(2, 9))):
            rows += _rows(reference.drawn(random, "mean"), key, "revenue", segment)
    found = run(rows).execute("""
        select experiment_id, segment_type, list(best_p), list(corrected_p), list(n + control_n),
            list((high_at_any_look - low_at_any_look) / 2 / best_error)
        from intermediate.int_experiment_corrections where best_p is not null group by all
    """)
    for _, segment_type, chances, corrected, people, reaches in found.fetchall():
        by = reference.holm if segment_type == "all" else stats.false_discovery_control
        assert corrected == pytest.approx(list(by(np.array(chances))), abs=CLOSE)
        looked_at = [reference.sequential_reach(each, len(chances)) for each in people]
        assert reaches == pytest.approx(looked_at, abs=CLOSE)


def test_sizes_of_arms_are_tested_as_by_scipy(queries) -> None:
    random = np.random.default_rng(22)
    connection, wanted = _connect(), {}
    for key in map(str, range(60)):
        arms = int(random.integers(2, 32))
        share = round(float(random.uniform(0.05, 0.6)), 2)
        shares = np.full(arms, (1 - share) / (arms - 1))
        shares[0] = share
        counts = random.multinomial(random.integers(200, 600), shares)
        counts = np.maximum(counts, 1)
        wanted[key] = stats.chisquare(counts, counts.sum() * shares).pvalue
        connection.execute(
            "insert into entities.int_campaigns_validated values (?, ?, null, 'accepted')",
            [key, share],
        )
        names = ["control", *(f"arm {number}" for number in range(1, arms))]
        connection.executemany(
            "insert into intermediate.int_experiment_members"
            " select ?, ?::text || range, ?, false from range(?)",
            [(key, name, name, int(count)) for name, count in zip(names, counts, strict=True)],
        )
    found = connection.execute(
        f"select experiment_id, sample_ratio_p from ({queries['int_experiment_draws']})"
    ).fetchall()
    assert dict(found) == pytest.approx(wanted, abs=CLOSE)
