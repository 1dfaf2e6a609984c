"""dbt's tests of the whole warehouse can fail: each of them finds something once a table that it
reads is harmed."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from conftest import ROOT, Shop

from orchestration.duck import connect, literal_path

SINGULAR = ROOT / "tests" / "singular"
NOTHING = "select * from {} limit 0"
TWICE = "select * from {} union all select * from {}"

# By test: the table that is harmed, and what is read in its place.
HARMS = [
    ("attribution_shares_every_order", "marts.order_attribution", NOTHING),
    (
        "attribution_shares_every_order",
        "marts.order_attribution",
        "select * from {} where attribution_model <> 'linear'",
    ),
    ("attribution_shares_every_order", "marts.conversion_paths", NOTHING),
    (
        "attribution_shares_every_order",
        "intermediate.int_order_touches",
        "select * replace (null::double as linear_weight) from {}",
    ),
    (
        "audiences_address_only_who_permits_it",
        "marts.audiences",
        "select * replace ('addressed' as audience_status) from {}",
    ),
    ("audiences_address_only_who_permits_it", "marts.audiences", NOTHING),
    ("channels_hold_every_spend_message_and_order", "marts.channel_performance", NOTHING),
    (
        "equal_values_have_equal_scores",
        "marts.customer_rfm",
        "select * replace (row_number() over () as f_score) from {}",
    ),
    (
        "every_comparison_level_has_a_weight",
        "intermediate.int_identity_weights",
        "select * from {} where comparison <> 'prior'",
    ),
    (
        "every_customer_is_one_person",
        "intermediate.int_account_customers",
        "select * replace ('everybody' as customer_id, null::varchar as known_by) from {}",
    ),
    ("every_figure_of_money_holds_all_of_it", "marts.cohort_retention", NOTHING),
    ("every_landed_row_is_settled", "entities.int_orders_validated", TWICE),
    ("everybody_to_act_on_has_a_strategy", "marts.play_candidates", NOTHING),
    ("experiments_hold_everybody_once", "intermediate.int_experiment_sums", NOTHING),
    ("experiments_hold_everybody_once", "marts.coupon_results", NOTHING),
    (
        "forecasts_add_up",
        "marts.demand_forecast",
        "select * from {} where demand_level <> 'category'",
    ),
    (
        "forecasts_add_up",
        "marts.demand_forecast",
        "select * from {} where demand_level = 'category'",
    ),
    (
        "forecasts_add_up",
        "marts.demand_forecast",
        "select * from {} where demand_level <> 'product_store'",
    ),
    ("golden_record_rules_fit_its_fields", "reference.golden_record_rules", NOTHING),
    ("groups_hold_every_customer", "marts.customer_clusters", NOTHING),
    ("key_figures_hold_all_of_it", "marts.kpi_daily", NOTHING),
    ("key_figures_hold_all_of_it", "marts.kpi_monthly", NOTHING),
    ("key_figures_hold_all_of_it", "marts.customer_flows", NOTHING),
    ("key_figures_hold_all_of_it", "marts.repurchase_rates", NOTHING),
    ("lifecycle_transitions_close", "marts.lifecycle_transitions", NOTHING),
    ("months_hold_all_orders", "marts.product_month", NOTHING),
    ("months_hold_all_orders", "marts.segment_month", NOTHING),
    ("months_hold_all_orders", "marts.kpi_monthly", NOTHING),
    (
        "no_file_is_held",
        "staging.stg_landing__deliveries",
        "select * replace ('held' as status) from {}",
    ),
    (
        "no_file_is_mostly_refused",
        "intermediate.int_delivery_quality",
        "select * replace (9 as row_count, 9 as rows_refused) from {}",
    ),
    (
        "no_source_is_silent",
        "marts.feed_freshness",
        "select * replace ('silent' as coverage) from {}",
    ),
    ("no_two_customers_have_one_number", "intermediate.int_customers", TWICE),
    ("orders_carry_the_money_of_their_lines", "marts.order_lines", NOTHING),
    ("orders_carry_the_money_of_their_lines", "marts.refunds", NOTHING),
    (
        "recommendations_say_what_is_in_the_data",
        "marts.customer_recommendations",
        "select * replace (reason_number + 1 as reason_number) from {}",
    ),
    (
        "recommendations_say_what_is_in_the_data",
        "intermediate.int_consent_answers",
        "select customer_id, 'withdrawn' as answer, 'personalisation' as purpose"
        " from warehouse.marts.customer_recommendations",
    ),
    ("revenue_is_conserved_by_linking", "marts.key_figures", NOTHING),
    ("revenue_is_conserved_by_linking", "marts.customers", TWICE),
    (
        "rules_of_a_tag_ask_of_one_figure",
        "reference.tag_rules",
        "select * replace ('one' as tag) from {}",
    ),
    ("segment_transitions_close", "marts.rfm_segment_transitions", NOTHING),
    ("service_and_loyalty_hold_all_of_it", "marts.service_quality", NOTHING),
    ("service_and_loyalty_hold_all_of_it", "marts.satisfaction", NOTHING),
    ("service_and_loyalty_hold_all_of_it", "marts.loyalty_programme", NOTHING),
    ("sessions_hold_all_events_and_purchases_once", "marts.sessions", NOTHING),
    ("stores_hold_all_that_is_sold_in_them", "marts.store_daily", NOTHING),
    ("stores_hold_all_that_is_sold_in_them", "marts.store_dayparts", NOTHING),
    ("tags_are_of_all_customers_and_purchases", "marts.customer_tags", NOTHING),
    ("there_are_orders", "entities.int_orders", NOTHING),
    ("there_is_one_number_of_lost_customers", "marts.customer_churn_causes", NOTHING),
    ("variables_name_what_seeds_have", "reference.calendar_events", NOTHING),
    ("variables_name_what_seeds_have", "reference.dayparts", NOTHING),
    # The tiny example moves too few prices: what one week sold takes the place of its pieces.
    (
        "weeks_cut_at_offers_hold_all_that_was_sold",
        "intermediate.int_price_weeks",
        "select product_id, week_on, quantity + 1 as quantity"
        " from warehouse.intermediate.int_demand_days",
    ),
]


@pytest.fixture(scope="module")
def warehouse(tiny: Shop) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        connection.execute(f"attach {literal_path(tiny.warehouse)} as warehouse (read_only)")
        yield connection


def test_every_assertion_is_tried() -> None:
    assert {f"assert_{name}" for name, *_ in HARMS} == {
        path.stem for path in SINGULAR.glob("*.sql")
    }


@pytest.mark.parametrize(("name", "table", "harm"), HARMS)
def test_an_assertion_finds_a_harm(
    tiny: Shop, warehouse: duckdb.DuckDBPyConnection, name: str, table: str, harm: str
) -> None:
    folder = tiny.data / "target/compiled/regulars/tests/singular"
    sql = (folder / f"assert_{name}.sql").read_text("utf-8")
    relation = '"warehouse"."{}"."{}"'.format(*table.split("."))
    assert relation in sql
    assert warehouse.execute(sql).fetchall() == []
    harmed = sql.replace(relation, f"({harm.replace('{}', relation)})")
    assert warehouse.execute(harmed).fetchall() != []
