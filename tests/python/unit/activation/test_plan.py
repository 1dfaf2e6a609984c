"""How large an experiment must be."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from numpy.random import default_rng
from scipy.stats import ttest_ind

from orchestration.cli import main
from orchestration.duck import connect
from orchestration.experiments import History, chance_of_one, history, plan

HALF_A_DEVIATION = History(1_000, mean=2, variance=1, correlation=0, arrivals_a_day=10)


def test_half_a_standard_deviation_takes_63_people_an_arm() -> None:
    """The example of every textbook: 2 × (1.96 + 0.84)² ÷ 0.5² = 62.8 in each arm."""
    planned = plan(HALF_A_DEVIATION, days=30, effect=0.25)
    assert (planned.people, planned.control, planned.days) == (126, 63, 30)


def test_one_metric_of_several_must_be_shown_beyond_the_correction(tmp_path: Path) -> None:
    """Of a chance of 0.05 in five parts, 2 × (2.576 + 0.842)² ÷ 0.5² = 93.4 in each arm."""
    (tmp_path / "experiment_metrics.csv").write_text("metric\na\nb\nc\nd\ne\n")
    alpha = chance_of_one(0.05, tmp_path)
    assert alpha == pytest.approx(0.01)
    assert plan(HALF_A_DEVIATION, 30, 0.25, alpha=alpha).people == 187


def test_a_smaller_control_costs_people_and_history_saves_them() -> None:
    assert plan(HALF_A_DEVIATION, 30, 0.25, control_share=0.1).people == 349
    known = History(1_000, mean=2, variance=1, correlation=0.6, arrivals_a_day=10)
    planned = plan(known, 30, 0.25)
    assert (planned.people, planned.people_without_history) == (81, 126)
    assert planned.variance_saved == pytest.approx(0.36)


def test_no_arm_is_planned_of_whom_nothing_would_be_told() -> None:
    """A change by twice the mean takes two people an arm, of whom `too_few` is all that is told."""
    planned = plan(HALF_A_DEVIATION, 30, effect=2, arm_least=30)
    assert (planned.people, planned.people_without_history, planned.control) == (60, 60, 30)
    for control_share in (0.1, 0.9):
        planned = plan(HALF_A_DEVIATION, 30, 2, control_share=control_share, arm_least=30)
        assert min(planned.control, planned.people - planned.control) == 30
    assert plan(HALF_A_DEVIATION, 30, 0.25, arm_least=30).people == 126
    few = History(50, mean=2, variance=1, correlation=0, arrivals_a_day=2)
    assert plan(few, 30, 2, arm_least=30).days == 30 + 5


def test_who_is_missing_must_come_first_or_never_will() -> None:
    few = History(100, mean=2, variance=1, correlation=0, arrivals_a_day=2)
    assert plan(few, 30, 0.25).days == 30 + 13
    silent = History(100, mean=2, variance=1, correlation=0, arrivals_a_day=0)
    assert plan(silent, 30, 0.25).days is None
    assert plan(few, 30, 0.001).days is None


def test_the_power_is_that_of_simulated_experiments() -> None:
    random = default_rng(3)
    planned = plan(History(126, mean=2, variance=1, correlation=0, arrivals_a_day=0), 30, 0.25)
    shown = [
        ttest_ind(random.normal(2.5, 1, 63), random.normal(2, 1, 63)).pvalue < 0.05
        for _ in range(2_000)
    ]
    assert planned.power == pytest.approx(sum(shown) / len(shown), abs=0.03)
    assert planned.smallest == pytest.approx(0.25, abs=0.002)


def test_no_arm_is_planned_of_whom_too_few_would_do_it() -> None:
    """Of a hundred two buy: ten of them are of five hundred people in each arm."""
    rare = History(1_000, 0.02, 0.0196, correlation=0, arrivals_a_day=10, event_share=0.02)
    planned = plan(rare, 30, effect=10, arm_least=30, arm_events=10)
    assert (planned.people, planned.people_without_history, planned.control) == (1_000, 1_000, 500)
    assert plan(rare, 30, effect=10, control_share=0.1, arm_events=10).people == 5_000


def test_of_what_never_happens_nothing_is_planned() -> None:
    with pytest.raises(ValueError, match="None of these customers"):
        plan(History(100, mean=0, variance=0, correlation=0, arrivals_a_day=1), 30, 0.1)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Of the ten days before 1 July: x bought twice, y nothing, z for the first time."""
    folder = tmp_path / "published"
    folder.mkdir()
    with connect(folder / "current.duckdb") as database:
        database.execute("""
            create schema marts;
            create table marts.publication as select date '2026-07-01' as as_of_date;
            create table marts.orders as
            select customer_id, ordered_on::date as ordered_on, is_purchase,
                net_amount::decimal(18, 2) as net_amount
            from (values
                ('x', '2026-06-01', true, 10), ('x', '2026-06-15', true, 20),
                ('x', '2026-06-21', true, 30), ('x', '2026-06-30', true, 40),
                ('x', '2026-06-30', false, -5), ('x', '2026-07-01', true, 99),
                ('y', '2026-06-20', true, 8), ('z', '2026-06-25', true, 7),
                (null, '2026-06-25', true, 7)
            ) as orders (customer_id, ordered_on, is_purchase, net_amount)
        """)
    return folder


def test_history_is_of_who_had_bought_before_the_days_looked_at(published: Path) -> None:
    known = history(published, "revenue", days=10)
    assert (known.customers, known.mean, known.arrivals_a_day) == (2, 32.5, 0.1)
    assert known.variance == 2 * 32.5**2
    assert history(published, "orders", days=10).mean == 1
    assert history(published, "buyers", days=10).mean == 0.5
    assert history(published, "buyers", days=10).correlation == 0


def test_events_are_who_did_it_and_of_a_share_who_did_not_if_they_are_fewer(
    published: Path,
) -> None:
    """x bought, y did not; of x alone, everybody did."""
    assert history(published, "orders", days=10).event_share == 0.5
    assert history(published, "buyers", days=10).event_share == 0.5
    assert history(published, "orders", days=10, silent_days=6).event_share == 1
    assert history(published, "buyers", days=10, silent_days=6).event_share == 0


def test_who_is_silent_does_not_arrive(published: Path) -> None:
    known = history(published, "orders", days=10, silent_days=6)
    assert (known.customers, known.mean, known.arrivals_a_day) == (1, 2, 0)
    with pytest.raises(ValueError, match="silent for 90 days"):
        history(published, "orders", days=10, silent_days=90)


def test_the_command_says_it_in_both_languages_and_what_is_missing(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_DATA", str(published.parent))
    said = CliRunner().invoke(main, ["plan-experiment", "--days", "10", "--effect", "0.5"])
    assert said.exit_code == 0
    assert "2 customers in the last 10 days: revenue a customer 32.5" in said.output
    said = CliRunner().invoke(main, ["plan-experiment", "--days", "10", "--effect", "10"])
    assert "60 customers are needed, 30 of them left out" in said.output
    said = CliRunner().invoke(main, ["plan-experiment", "--days", "10", "--lang", "zh"])
    assert "最近 10 天，2 位客户的人均收入为 32.5" in said.output
    said = CliRunner().invoke(main, ["plan-experiment", "--effect", "nan"])
    assert said.exit_code == 2 and "'nan' is no number." in said.output
    monkeypatch.setenv("REGULARS_DATA", str(published.parent / "elsewhere"))
    said = CliRunner().invoke(main, ["plan-experiment"])
    assert (said.exit_code, said.output) == (
        1,
        "Nothing is published yet: `regulars run` publishes.\n",
    )
