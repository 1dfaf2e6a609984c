"""Of a campaign of several arms each is told by its name, wherever campaigns are listed: with one
arm beside its control nobody needs the word."""

from __future__ import annotations

import duckdb
import pytest
from conftest import ROOT

LISTS = (
    "excel/sheets/6_campaigns/01_campaigns.sql",
    "report/panels/8_trials/01_campaigns.sql",
    "report/panels/8_trials/02_comparisons.sql",
    "report/panels/8_trials/03_segment_effects.sql",
    "ask/findings/5_did_it_work.sql",
)
NUMBERS = {
    "campaign_results": (
        "contacted_count, contact_count, contact_cost_amount, member_count, orders_difference,"
        " low_orders_difference, high_orders_difference, revenue_difference,"
        " low_revenue_difference, high_revenue_difference, revenue_per_contact,"
        " low_revenue_per_contact, high_revenue_per_contact, naive_orders_change,"
        " usual_orders_change"
    ),
    "experiment_results": (
        "member_count, control_count, arm_mean, control_mean, difference, best_difference,"
        " low_best_difference, high_best_difference, shrunk_difference, low_shrunk_difference,"
        " high_shrunk_difference, variance_saved_share, corrected_p_value, segments_p_value"
    ),
}


@pytest.fixture(scope="module")
def marts() -> duckdb.DuckDBPyConnection:
    """A campaign of one arm, and one of two."""
    numbers = {
        mart: ", ".join(f"1.0 as {column}" for column in columns.split(", "))
        for mart, columns in NUMBERS.items()
    }
    with duckdb.connect() as connection:
        connection.execute(f"""
            create schema marts;
            create table marts.publication as select date '2026-07-01' as as_of_date;
            create table marts.campaigns as
            select unnest(['c1', 'c2']) as campaign_id, unnest(['Tea', 'Coffee']) as campaign_name,
                date '2026-06-01' as starts_on, date '2026-06-30' as ends_on;
            create table arms as
            select unnest(['c1', 'c2', 'c2']) as campaign_id,
                unnest(['treatment', 'treatment', 'half price']) as arm;
            create table marts.campaign_results as
            select arms.*, campaign_name, 'sms' as channel, 'randomised' as assignment,
                true as is_measurable, 'pays' as verdict_en, '划算' as verdict_zh,
                {numbers["campaign_results"]}
            from arms join marts.campaigns using (campaign_id);
            create table marts.experiment_results as
            select campaign_id as experiment_id, arm, 'orders' as metric,
                'Orders' as metric_name_en, '订单' as metric_name_zh, 'better' as verdict,
                'Better' as verdict_en, '更好' as verdict_zh,
                unnest(['all', 'cause']) as segment_type, unnest(['all', 'price']) as segment,
                true as is_valid, true as is_complete, true as is_main_observation,
                {numbers["experiment_results"]}
            from arms;
        """)
        yield connection


@pytest.mark.parametrize("path", LISTS)
def test_each_arm_of_several_is_named(marts: duckdb.DuckDBPyConnection, path: str) -> None:
    query = (ROOT / "orchestration" / path).read_text("utf-8")
    names = {row[0] for row in marts.execute(query).fetchall()}
    assert names == {"Tea", "Coffee", "Coffee · half price"}
