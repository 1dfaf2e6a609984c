"""The Monday page of the demo world: as light as it must be, and of one mind with the marts."""

from __future__ import annotations

import json
import re
from itertools import zip_longest
from typing import Any

import pytest

# What one page may weigh, in bytes.
LIGHT = 1_500_000


@pytest.fixture(scope="module")
def page(world) -> str:
    return (world.data / "report" / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def told(page) -> dict[str, list[dict[str, Any]]]:
    """The tables in the page, as its scripts unpack them."""
    [text] = re.findall(r'<script type="application/json" id="monday">(.*?)</script>', page)
    return {name: _rows(columns) for name, columns in json.loads(text)["cubes"].items()}


def _rows(columns: dict[str, Any]) -> list[dict[str, Any]]:
    lists = {
        name: values if isinstance(values, list) else [values["of"][at] for at in values["at"]]
        for name, values in columns.items()
    }
    return [dict(zip(lists, row, strict=True)) for row in zip_longest(*lists.values())]


def test_the_page_is_light_and_asks_the_network_for_nothing(page):
    assert len(page.encode("utf-8")) <= LIGHT
    assert "default-src 'none'" in page
    assert '"currency":"CNY"' in page


@pytest.mark.parametrize("frame", ["now", "before", "year_before"])
def test_a_month_is_that_of_the_key_figures_by_channel_and_region(world, told, frame):
    [month] = [
        row["starts_on"]
        for row in told["frames"]
        if (row["period"], row["frame"]) == ("month", frame)
    ]
    figures = world.query(
        f"""
        select channel, region, kpi, customer_type, cast(numerator as double)
        from marts.kpi_monthly
        where calendar_month = '{month}' and customer_type in ('all', 'unknown')
        """
    )
    counted = {tuple(key): number for *key, number in figures}
    cells = [
        row
        for row in told["cells"]
        if (row["period"], row["frame"], row["segment"]) == ("month", frame, "all")
        and (row["channel"], row["place"], "orders", "all") in counted
        and not row["is_few"]
    ]
    assert len(cells) > 8
    for row in cells:
        cell = (row["channel"], row["place"])
        assert row["buyers"] == counted[(*cell, "buyers", "all")]
        assert row["known_orders"] + row["guest_orders"] == counted[(*cell, "orders", "all")]
        assert row["guest_orders"] == counted.get((*cell, "orders", "unknown"), 0)
        assert row["known_units"] + row["guest_units"] == counted[(*cell, "units", "all")]
        net = row["known_amount"] + row["guest_amount"] + row["other_amount"]
        assert net == pytest.approx(counted[(*cell, "net_revenue", "all")], abs=1.5)


def test_what_is_expected_to_be_lost_is_the_value_at_risk_of_the_segments(world, told):
    at_risk = dict(
        world.query("select segment_code, ltv_at_risk_amount from marts.segment_value_at_risk")
    )
    shown = {
        row["segment"]: row["loss_amount"]
        for row in told["risk"]
        if (row["place"], row["channel"], row["level"]) == ("all", "all", "all")
        and row["segment"] in at_risk
    }
    assert shown == {segment: round(amount) for segment, amount in at_risk.items()}


def test_newcomers_cohorts_and_moves_are_those_of_their_marts(world, told):
    """The page counts them of single customers, for its filters."""
    begun = {
        (str(month), channel): numbers
        for month, channel, *numbers in world.query(
            """
            select cohort_month, first_channel, new_customer_count, converted_within_60_days_count
            from marts.new_customer_conversion
            """
        )
    }
    kept = {
        (str(month), since): people
        for month, since, people in world.query(
            "select cohort_month, months_since, retained_count from marts.cohort_retention"
        )
    }
    moved = {
        kpi: int(number)
        for kpi, number in world.query(
            """
            select kpi, sum(numerator)
            from marts.kpi_daily
            where channel = 'all' and region = 'all' and customer_type = 'all'
                and calendar_day >= (select as_of_date - 91 from marts.publication)
                and kpi in ('new_customers', 'reactivated_customers', 'churned_customers')
            group by kpi
            """
        )
    }

    def shown(name: str, **cell: str) -> list[dict[str, Any]]:
        cell |= {"place": "all", "segment": "all"}
        return [
            row
            for row in told[name]
            if not row["is_few"] and all(row[dim] == value for dim, value in cell.items())
        ]

    counted = [row for row in told["newcomers"] if (row["cohort_month"], row["channel"]) in begun]
    counted = [row for row in counted if row in shown("newcomers")]
    assert len(counted) > 20
    for row in counted:
        people, within = begun[row["cohort_month"], row["channel"]]
        assert row["people"] == people and row["within_60"] in (within, -1)
    for row in shown("cohorts", channel="all"):
        assert row["people"] == kept[row["cohort_month"], row["months_since"]]
    kpis = {"acquired": "new", "reactivated": "reactivated", "churned": "churned"}
    moves = shown("moves", channel="all", period="quarter", frame="now")
    assert {f"{kpis[row['move']]}_customers": row["people"] for row in moves} == moved


def test_every_campaign_and_every_audience_of_the_marts_is_there(world, told):
    for name, column, mart in (
        ("campaigns", "campaign_id", "campaign_results"),
        ("audiences", "audience", "audiences"),
    ):
        listed = world.query(f"select distinct {column} from marts.{mart}")
        assert {row[column] for row in told[name]} == {code for (code,) in listed}


def test_moves_add_up_to_the_cent(told):
    factors = (
        "visitors",
        "conversion",
        "buyers",
        "frequency",
        "items",
        "price",
        "guests",
        "returns",
    )
    assert len(told["movers"]) > 300
    for row in told["movers"]:
        assert sum(row[factor] for factor in factors) == row["now"] - row["before"]
