"""Recommendations: models run again as of a day, clusters, and which parameters are put in use."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from orchestration.fit import recommendations
from orchestration.fit.replay import Replay

DAY = date(2026, 6, 1)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A warehouse of one table, and two models of which one reads the other."""
    connection = duckdb.connect()
    connection.execute("""
        attach ':memory:' as warehouse;
        create schema warehouse.intermediate;
        create schema warehouse.entities;
        create table warehouse.intermediate.int_a as select 1 as number;
        create temp table compiled_models (model text, query text);
        insert into compiled_models values
            ('int_b', 'select number + 1 as number from "warehouse"."intermediate"."int_a"'),
            ('int_c', 'select number + 1 as number from "warehouse"."intermediate"."int_b"');
    """)
    return connection


def test_a_model_reads_what_was_made_before_it_and_else_the_warehouse(connection) -> None:
    replay = Replay.on(connection)
    replay.run(["int_b", "int_c"])
    assert connection.execute("from replay.int_c").fetchall() == [(3,)]
    replay.put("int_a", "select 10 as number")
    replay.run(["int_b", "int_c"])
    assert connection.execute("from replay.int_c").fetchall() == [(12,)]
    replay.leave("int_a")
    replay.run(["int_b", "int_c"])
    assert connection.execute("from replay.int_c").fetchall() == [(3,)]


def test_the_larger_cluster_is_the_first(connection) -> None:
    """Of 100 customers 60 buy tea alone and 40 milk alone; who said no is not looked at."""
    connection.execute("""
        create schema replay;
        create table warehouse.entities.int_products_validated as
        select * from (values ('t', 'tea', 'accepted'), ('m', 'milk', 'accepted'))
            as products (product_id, category, row_status);
        create table replay.int_customer_products as
        select
            number as customer_number,
            case when number < 60 then 2 else 1 end as item_number,
            1 as purchase_count
        from range(101) as numbers (number);
        create table replay.int_personalised_customers as
        select number as customer_number, number::text as customer_id
        from range(100) as numbers (number);
        create table warehouse.intermediate.int_product_items as
        select * from (values ('m', 1), ('t', 2)) as items (product_id, item_number);
    """)
    found = list(recommendations.centroids(Replay(connection, {})))
    assert [(each.parameter, each.feature, each.knot) for each in found][:2] == [
        ("centroid 1 tea", "tea", 1.0),
        ("centroid 2 milk", "milk", 2.0),
    ]


def test_too_few_to_be_alike_are_one_cluster(connection) -> None:
    connection.execute("""
        create schema replay;
        create table warehouse.entities.int_products_validated as
        select 't' as product_id, 'tea' as category, 'accepted' as row_status;
        create table replay.int_customer_products as
        select 1 as customer_number, 1 as item_number, 1 as purchase_count;
        create table replay.int_personalised_customers as
        select 1 as customer_number, 'x' as customer_id;
        create table warehouse.intermediate.int_product_items as
        select 't' as product_id, 1 as item_number;
    """)
    assert list(recommendations.centroids(Replay(connection, {}))) == []


def test_it_is_chosen_on_a_day_before_all_on_which_it_is_tried() -> None:
    *tried, before = recommendations.days_back(date(2026, 7, 1))
    assert tried == [date(2026, 6, 1), date(2026, 5, 2), date(2026, 4, 2)]
    assert before == date(2026, 3, 3), "its next purchases are over when the first trial begins"


@pytest.mark.parametrize("has_clusters", [False, True])
def test_the_set_in_use_is_that_of_the_last_build(connection, has_clusters: bool) -> None:
    centroid = ", ('recommendations', 'centroid 1 tea', 0.5)" if has_clusters else ""
    connection.execute(f"""
        create table warehouse.intermediate.int_current_parameters as
        select * from (
            values ('recommendations', 'late_weight', 0.2), ('recommendations', 'own_weight', 0.6),
                ('demand', 'offer', 1.5), ('recommendations', 'alike_weight', 0.3){centroid}
        ) as parameters (model, parameter, value)
    """)
    weights, clustered = recommendations.in_use(connection)
    assert [float(each) for each in weights] == [0.6, 0.2, 0.3]
    assert clustered is has_clusters


@pytest.mark.parametrize(("recall", "shown"), [(0.3, (0.7, 0.0, 0.3)), (0.1, (0.6, 0.2, 0.2))])
def test_what_is_told_is_how_the_set_in_use_fared(
    connection, monkeypatch: pytest.MonkeyPatch, recall: float, shown: tuple[float, ...]
) -> None:
    """The new set finds as much as given, the present one .2: what is not put in use is not told.

    Models are not run: each metric is that of the parameters that were put in use last.
    """
    connection.execute("""
        create table warehouse.intermediate.int_as_of_dates as
        select date '2026-07-01' as as_of_date, true as is_latest;
        create table warehouse.intermediate.int_current_parameters as
        select * from (values ('own_weight', 0.6), ('late_weight', 0.2), ('alike_weight', 0.2))
            as parameters (parameter, value), (values ('recommendations')) as models (model);
    """)
    used, told = [], []

    def of(found: float) -> dict[str, float]:
        return dict.fromkeys(("recall", "ndcg", "hit_rate"), found)

    def evaluated(replay: Replay, cutoff: date, has_pages: bool) -> list[tuple]:
        told.append((cutoff, has_pages, tuple(float(each.value) for each in used[-1])))
        return [("recommended", "home", "recall", cutoff, 300, 0.2)]

    pretended = {
        "chosen": lambda replay, cutoff: ((0.7, 0.0, 0.3), False),
        "look_back": lambda replay, day: used.append(None),
        "look_at_today": lambda replay: None,
        "use": lambda replay, found: used.append(found),
        "metrics_of": lambda replay, plain_list: of(0.15),
        "compared": lambda replay: of(recall if used[-1] else 0.2),
        "evaluated": evaluated,
        "table_digest": lambda connection, table: "digest",
    }
    for name, instead in pretended.items():
        monkeypatch.setattr(recommendations, name, instead)
    monkeypatch.setattr(Replay, "run", lambda replay, models: None)
    fitted = recommendations.fit_recommendations(connection, {})
    [fit] = fitted.fits
    assert fit.is_promoted is (recall > 0.2)
    assert told == [
        (date(2026, 6, 1), True, shown),
        (date(2026, 5, 2), False, shown),
        (date(2026, 4, 2), False, shown),
    ]
    assert [each.value for each in fit.parameters] == [0.7, 0.0, 0.3]
    assert (fit.customer_count, len(fitted.tables["recommendation_evaluation"].rows)) == (300, 3)


@pytest.mark.parametrize(
    ("new", "before", "personal", "is_promoted", "reason"),
    [
        (0.20, 0.19, 0.18, True, "they find more than the ones before"),
        (0.20, 0.20, 0.18, False, "the parameters in use find as much"),
        (0.18, 0.10, 0.18, False, "they find no more than what each customer buys most"),
    ],
)
def test_what_finds_more_than_both_is_put_in_use(
    new: float, before: float, personal: float, is_promoted: bool, reason: str
) -> None:
    told = [{"recall": recall, "ndcg": recall} for recall in (new, before, personal)]
    found, words = recommendations.judged(DAY, *told)
    assert found is is_promoted
    assert words.startswith(f"Tried on 2026-06-01, {reason}")


def test_a_list_that_finds_more_in_a_worse_order_is_not_put_in_use() -> None:
    before = {"recall": 0.19, "ndcg": 0.25}
    new = {"recall": 0.20, "ndcg": 0.24}
    assert not recommendations.judged(DAY, new, before, {"recall": 0.1, "ndcg": 0.1})[0]
