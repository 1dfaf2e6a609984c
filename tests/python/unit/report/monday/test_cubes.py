"""The tables in the page: each figure is what a query on the marts answers, or is not there."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from itertools import zip_longest

import duckdb
import pytest

from orchestration.duck import rows
from orchestration.report.monday import cubes as tables
from orchestration.report.monday.cubes import FEW, Guard, cubes, guarded
from orchestration.report.monday.page import TABLES
from orchestration.report.monday.shield import FEWEST

AS_OF = date(2026, 3, 2)
DAYS = {"week": 7, "four_weeks": 28, "quarter": 91, "year": 364}
COUNTS = ("people", "buyers", "visitors", "reachable", "worthwhile", "within_30")
OFFSETS = {"now": 0, "month_before": 28, "year_before": 364}


@pytest.fixture(scope="module")
def told(shop_marts):
    """The tables as rows, as the page unpacks them."""
    with duckdb.connect(shop_marts, read_only=True) as connection:
        names = {row["table_name"] for row in rows(connection, TABLES)}
        packed = cubes(connection, names)
    return {name: unpacked(columns) for name, columns in packed.items()}


def unpacked(columns):
    lists = {
        name: [values["of"][place] for place in values["at"]]
        if isinstance(values, dict)
        else values
        for name, values in columns.items()
    }
    return [dict(zip(lists, row, strict=True)) for row in zip_longest(*lists.values())]


def stretch(period: str, frame: str) -> tuple[date, date]:
    """The first day, and that after the last."""
    if period == "month":
        months = {"now": (2026, 2), "before": (2026, 1), "year_before": (2025, 2)}
        year, month = months[frame]
        return date(year, month, 1), date(year, month + 1, 1)
    long = DAYS[period]
    end = AS_OF - timedelta(days=OFFSETS.get(frame, long))
    return end - timedelta(days=long), end


def test_every_cell_of_every_filter_is_what_the_orders_come_to(told, ask):
    """Counted order by order, as somebody would who has never seen the page."""
    orders = ask(
        """
        select ordered_on, orders.customer_id, is_purchase, cast(net_amount as double), units,
            ['all', coalesce(region, 'no_store'), orders.store_id], ['all', channel],
            ['all', if(orders.customer_id is null, 'guest', segment_code)]
        from marts.orders
        left join marts.stores using (store_id)
        left join marts.customer_rfm as rfm
            on orders.customer_id = rfm.customer_id and is_latest
        inner join (select order_id, sum(quantity) as units from marts.order_lines group by 1)
            using (order_id)
        """
    )
    assert len(told["cells"]) > 400 and any(row["is_few"] for row in told["cells"])
    for row in told["cells"]:
        start, end = stretch(row["period"], row["frame"])
        sold = [
            (customer, is_purchase, amount, units)
            for day, customer, is_purchase, amount, units, places, channels, segments in orders
            if start <= day < end
            and row["place"] in places
            and row["channel"] in channels
            and row["segment"] in segments
        ]
        bought = [order for order in sold if order[1]]
        buyers = {order[0] for order in bought if order[0]}
        if row["is_few"]:
            assert row["buyers"] is row["known_amount"] is row["guest_orders"] is None
            continue
        assert len(buyers) >= FEWEST or not buyers
        assert row["buyers"] == len(buyers)
        assert row["known_orders"] + row["guest_orders"] == len(bought)
        assert row["known_units"] + row["guest_units"] == sum(order[3] for order in bought)
        parts = ("known_amount", "guest_amount", "other_amount")
        net = sum(order[2] for order in sold)
        assert sum(row[part] for part in parts) == pytest.approx(net, abs=1.5)


def test_cells_that_are_not_there_sold_nothing(told, ask):
    """A missing cell is shown as nought."""
    known = {(row["place"], row["channel"]) for row in told["cells"] if row["period"] == "year"}
    assert known >= set(
        ask("select distinct store_id, channel from marts.orders where store_id > ''")
    )
    assert ("s1", "app") not in known


def test_the_parts_of_every_move_add_up_to_it_to_the_cent(told):
    assert len(told["movers"]) > 100
    for row in told["movers"]:
        parts = sum(row.get(factor) or 0 for factor in tables.FACTORS)
        assert parts == row["now"] - row["before"]


def test_moves_of_all_parts_add_up_to_that_of_the_whole(told):
    """Of a week, by place: no part is of too few."""
    moved = {
        row["place"]: row["now"] - row["before"]
        for row in told["movers"]
        if row["period"] == "quarter"
        and row["frame"] == "before"
        and (row["channel"], row["segment"]) == ("all", "all")
    }
    assert moved["north"] + moved["south"] + moved["no_store"] == moved["all"]
    assert moved["s1"] + moved["s2"] == moved["north"]


def test_visitors_are_a_cause_only_where_somebody_counts_them(told):
    moved = {
        (row["period"], row["place"]): row
        for row in told["movers"]
        if row["frame"] == "before" and (row["channel"], row["segment"]) == ("all", "all")
    }
    online, north = moved["four_weeks", "no_store"], moved["quarter", "north"]
    assert online["visitors"] and online["conversion"] and not online["buyers"]
    assert not north["visitors"] and not north["conversion"] and north["frequency"]


def test_weeks_end_on_the_day_of_analysis_and_begin_after_the_first_order(told, ask):
    of_all = {
        row["weeks_back"]: row
        for row in told["weeks"]
        if (row["place"], row["channel"], row["segment"]) == ("all", "all", "all")
    }
    assert sorted(of_all) == list(range(560 // 7))
    [(net,)] = ask("select sum(net_amount) from marts.orders where ordered_on >= '2026-02-23'")
    assert of_all[0]["net_amount"] == round(net)


def test_what_was_expected_comes_with_the_range_of_eight_in_ten_weeks(told):
    """Every day came to 1/0.9 of what was expected of it, and so did every week."""
    [week] = [
        row
        for row in told["figures"]
        if (row["period"], row["frame"], row["kpi"]) == ("week", "now", "net_revenue")
        and (row["place"], row["channel"]) == ("all", "all")
    ]
    assert week["low"] == pytest.approx(week["expected_numerator"] / 0.9, rel=1e-3)
    assert week["high"] == pytest.approx(week["low"], rel=1e-3)
    [year] = [
        row
        for row in told["figures"]
        if (row["period"], row["frame"], row["kpi"]) == ("year", "now", "net_revenue")
        and (row["place"], row["channel"]) == ("all", "all")
    ]
    assert year["low"] is None and year["expected_numerator"] > 0


def test_expected_losses_add_up_to_those_of_the_customers(told, ask):
    shown = {
        (row["place"], row["channel"], row["segment"], row["level"]): row
        for row in told["risk"]
        if not row["is_few"]
    }
    assert len(shown) > 20
    for (place, channel, segment, level), row in shown.items():
        [(people, loss)] = ask(
            f"""
            select count(*), round(sum(round(ltv_amount * churn_probability, 2)))
            from marts.customer_churn
            inner join marts.customer_ltv using (customer_id)
            inner join marts.customer_360 using (customer_id)
            inner join marts.customer_rfm as rfm using (customer_id)
            inner join marts.customers using (customer_id)
            left join marts.stores on home_store_id = store_id
            where rfm.is_latest and '{channel}' in (main_channel, 'all')
                and '{segment}' in (segment_code, 'all') and '{level}' in (churn_level, 'all')
                and '{place}' in (home_store_id, coalesce(region, 'no_store'), 'all')
            """
        )
        assert (row["people"], row["loss_amount"]) == (people, loss)


def test_the_list_has_those_with_most_to_lose_who_are_likely_to_leave(told, ask):
    worst = ask(
        """
        select customer_id
        from marts.customer_churn
        inner join marts.customer_ltv using (customer_id)
        where churn_level in ('red', 'orange', 'yellow')
        order by round(ltv_amount * churn_probability, 2) desc, customer_id
        limit 300
        """
    )
    assert [row["customer_id"] for row in told["slipping"]] == [customer for (customer,) in worst]


# Who is where: of people by where they are at home and spend most, of what they did by where they
# did it.
AT_HOME = """
    select customer_id, ['all', coalesce(region, 'no_store'), home_store_id] as places,
        ['all', main_channel] as channels, ['all', segment_code] as segments
    from marts.customers
    inner join marts.customer_360 using (customer_id)
    inner join marts.customer_rfm as rfm using (customer_id)
    left join marts.stores on home_store_id = store_id
    where rfm.is_latest
"""
STARTED = """
    select
        arg_min(['all', coalesce(region, 'no_store'), store_id], (ordered_at, order_id)) as places,
        arg_min(['all', channel], (ordered_at, order_id)) as channels,
        ['all', any_value(segment_code)] as segments, customer_id, min(ordered_on) as began_on,
        list(ordered_on) as days
    from marts.orders
    left join marts.stores using (store_id)
    inner join marts.customer_rfm as rfm using (customer_id)
    where is_purchase and is_latest
    group by customer_id
"""
COUNTED = {
    "plays": (
        "select play, count(*) from marts.play_candidates"
        " inner join ({at_home}) using (customer_id) where {cell} group by play",
        ("play",),
    ),
    "audiences": (
        "select audience, count(*) from marts.audiences inner join ({at_home}) using (customer_id)"
        " where {cell} group by audience",
        ("audience",),
    ),
    "states": (
        "select cast(as_of_date as text), state, count(*) from marts.customer_lifecycle"
        " inner join ({at_home}) using (customer_id) where {cell} group by all",
        ("as_of_date", "state"),
    ),
    "newcomers": (
        "select cast(date_trunc('month', began_on) as date)::text, count(*) from ({started})"
        " where {cell} group by all",
        ("cohort_month",),
    ),
    "cohorts": (
        "select cast(date_trunc('month', began_on) as date)::text,"
        " date_diff('month', began_on, day), count(distinct customer_id)"
        " from (select *, unnest(days) as day from ({started})) where {cell} group by all",
        ("cohort_month", "months_since"),
    ),
}


@pytest.mark.parametrize("name", COUNTED)
def test_people_of_every_filter_are_those_that_somebody_else_counts(told, ask, name):
    query, keys = COUNTED[name]
    cells = {(row["place"], row["channel"], row["segment"]) for row in told[name]}
    assert len(cells) > 3
    for place, channel, segment in cells:
        cell = (
            f"list_contains(places, '{place}') and list_contains(channels, '{channel}')"
            f" and list_contains(segments, '{segment}')"
        )
        asked = ask(query.format(at_home=AT_HOME, started=STARTED, cell=cell))
        counted = {tuple(row[:-1]): row[-1] for row in asked}
        for row in told[name]:
            if (row["place"], row["channel"], row["segment"]) == (place, channel, segment):
                people = counted[tuple(row[key] for key in keys)]
                assert row["people"] == people or row["is_few"], row


def test_segments_and_moves_of_every_filter_are_counted_likewise(told, ask):
    for row in told["segments"]:
        [(people,)] = ask(
            f"""
            select count(*) from marts.customer_rfm as rfm
            inner join ({AT_HOME}) using (customer_id)
            where rfm.as_of_date = '{row["as_of_date"]}' and segment_code = '{row["segment"]}'
                and list_contains(places, '{row["place"]}')
                and list_contains(channels, '{row["channel"]}')
            """
        )
        assert row["people"] == people or row["is_few"]
    for row in told["moves"]:
        start, end = stretch(row["period"], row["frame"])
        [(people,)] = ask(
            f"""
            select count(*) from marts.customer_moves as moves
            inner join marts.customer_rfm as rfm using (customer_id)
            where rfm.is_latest and move = '{row["move"]}'
                and moved_on >= '{start}' and moved_on < '{end}'
                and '{row["place"]}' in ('all', moves.region, store_id)
                and '{row["channel"]}' in ('all', channel)
                and '{row["segment"]}' in ('all', segment_code)
            """
        )
        assert row["people"] == people or row["is_few"]


def test_days_and_weeks_of_every_filter_come_to_what_the_orders_do(told, ask):
    for name, days in (("days", 1), ("weeks", 7)):
        for row in told[name]:
            if row["is_few"]:
                continue
            last = AS_OF - timedelta(1 + days * row[f"{name}_back"])
            [(net,)] = ask(
                f"""
                select sum(net_amount) from marts.orders
                left join marts.stores using (store_id)
                left join marts.customer_rfm as rfm
                    on orders.customer_id = rfm.customer_id and is_latest
                where ordered_on between '{last - timedelta(days - 1)}' and '{last}'
                    and '{row["place"]}' in ('all', coalesce(region, 'no_store'), store_id)
                    and '{row["channel"]}' in ('all', channel)
                    and '{row["segment"]}' in (
                        'all', if(orders.customer_id is null, 'guest', segment_code)
                    )
                """
            )
            assert row["net_amount"] == pytest.approx(float(net), abs=0.51)


def test_a_line_of_gaps_for_the_most_part_is_left_out(told):
    for name in tables.LINES:
        lines = {}
        for row in told[name]:
            lines.setdefault(tables._drawn(row), []).append(row["is_few"])
        for line, hidden in lines.items():
            assert 2 * sum(map(bool, hidden)) <= len(hidden) or set(line[1:]) == {"all"}


def test_customers_are_named_in_the_list_alone(told, ask):
    ids = {customer for (customer,) in ask("select customer_id from marts.customer_rfm")}
    for name, answer in told.items():
        texts = {value for row in answer for value in row.values() if isinstance(value, str)}
        assert not texts & ids or name == "slipping", name


def test_few_people_are_told_of_nowhere_but_in_the_list(told):
    """Counts of people are 0, five or more, or said to be few."""
    for name in told.keys() - {"movers"}:
        for row in told[name]:
            for column in COUNTS:
                count = row.get(column)
                assert count is None or count in (0, FEW) or count >= FEWEST, (name, row)


def test_what_few_of_the_people_did_is_not_told():
    guard = Guard((), ("segment",), (), ("worthwhile",), {"value_amount": "worthwhile"})
    row = {"segment": "a", "people": 90, "worthwhile": 2, "value_amount": 7}
    [shown] = guarded([row], guard)
    assert shown == {
        "segment": "a",
        "people": 90,
        "worthwhile": FEW,
        "value_amount": None,
        "is_few": False,
    }


def test_a_campaign_of_few_has_no_effect_to_show(told):
    tiny = {row["campaign_id"]: row for row in told["campaigns"]}["k3"]
    assert (tiny["people"], tiny["member_count"], tiny["revenue_difference"]) == (FEW, FEW, None)


def test_what_is_not_over_yet_is_null_and_not_nought(told):
    february = [row for row in told["newcomers"] if row["cohort_month"] == "2026-02-01"]
    assert {row["within_30"] for row in february} <= {None}


def test_marts_that_are_not_published_leave_their_tables_out(shop_marts):
    with duckdb.connect(shop_marts, read_only=True) as connection:
        names = {row["table_name"] for row in rows(connection, TABLES)}
        lacking = cubes(connection, names - {"customer_360", "stores", "audiences"})
    assert not lacking.keys() & {
        "cells",
        "weeks",
        "movers",
        "risk",
        "slipping",
        "audiences",
        "dims",
    }
    assert lacking.keys() >= {"acquisition", "figures", "expected_weeks"}


def test_of_many_stores_a_dozen_stand_alone_and_the_others_together(shop_marts, tmp_path):
    many = tmp_path / "many.duckdb"
    shutil.copyfile(shop_marts, many)
    many.chmod(0o644)
    with duckdb.connect(many) as connection:
        for mart in ("stores", "orders"):
            connection.execute(f"""
                insert into marts.{mart} select there.* replace (store_id || '-' || n as store_id)
                from marts.{mart} as there, range(20) as numbers (n) where store_id > ''
            """)
        names = {row["table_name"] for row in rows(connection, TABLES)}
        answer = {name: unpacked(columns) for name, columns in cubes(connection, names).items()}
        areas = rows(connection, "select * from areas order by all")
        [worst], [best] = (
            connection.execute(f"""
                select coalesce({least_or_most}(amount), 0) from (
                    select sum(net_amount) as amount from areas left join marts.orders
                        on areas.store_id = orders.store_id and ordered_on >= '{AS_OF}'::date - 364
                    where {which} group by areas.store_id
                )
            """).fetchone()
            for least_or_most, which in (
                ("min", "store = areas.store_id"),
                ("max", "store <> areas.store_id"),
            )
        )
    alone = [row for row in areas if row["store"] == row["store_id"]]
    together = {row["store"] for row in areas} - {row["store_id"] for row in areas}
    assert len(alone) == 12 and together == {f"others_of_{row['region']}" for row in areas}
    offered = {row["code"]: row["name_en"] for row in answer["dims"] if row["dim"] == "store"}
    assert offered.keys() == {row["store"] for row in areas}
    assert sum(name.startswith("Other stores (") for name in offered.values()) == len(together)
    assert worst >= best > 0
    assert {row["place"] for row in answer["stores"]} <= offered.keys()  # the copies have no days


def test_the_same_marts_give_the_same_tables(shop_marts, told):
    with duckdb.connect(shop_marts, read_only=True) as connection:
        names = {row["table_name"] for row in rows(connection, TABLES)}
        again = {name: unpacked(columns) for name, columns in cubes(connection, names).items()}
    assert json.dumps(again) == json.dumps(told)


def test_a_source_too_small_to_be_asked_is_neither_late_nor_odd(told):
    [trust] = told["trust"]
    assert (trust["feeds"], trust["late_feeds"]) == (3, 0)
