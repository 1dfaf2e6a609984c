"""Groups of customers in the demo world: found by the fit, told by SQL."""

from __future__ import annotations

from conftest import Shop

from benchmarks.clusters import Agreement, with_table
from orchestration.duck import connect
from orchestration.fit.clusters import MIN_STABILITY, read_groups, read_habits
from orchestration.warehouse import attach


def test_groups_that_are_in_use_are_found_again(world: Shop) -> None:
    found = dict(
        world.query(
            "select metric, value from marts.model_metrics"
            " where model = 'clusters' and status = 'current'"
        )
    )
    assert found["stability"] >= MIN_STABILITY
    assert found["silhouette"] > found["silhouette_of_chance"]


def test_everybody_is_of_the_group_that_is_nearest_by_the_fit(world: Shop) -> None:
    with connect() as connection:
        attach(connection, world.warehouse)
        groups, (habits, _) = read_groups(connection), read_habits(connection)
    told = world.query("""
        select cluster from marts.customer_clusters
        where cluster is not null order by customer_id
    """)
    assert groups is not None
    assert groups.places(habits).tolist() == [cluster for (cluster,) in told]


def test_who_has_no_group_bought_on_too_few_days_or_not_of_late(world: Shop) -> None:
    bought = world.query(
        """
        with bought as (
            select customer_id, count(distinct ordered_on) as days
            from intermediate.int_kpi_orders
            where is_purchase and ordered_on >= (
                select as_of_date - interval '365' day
                from intermediate.int_as_of_dates where is_latest
            )
            group by customer_id
        )
        select cluster_status, list(distinct least(coalesce(days, 0), 3) order by 1)
        from marts.customer_clusters left join bought using (customer_id)
        group by cluster_status
        """,
        world.warehouse,
    )
    days = dict(bought)
    assert days["inactive"] == [0] and days["too_few"] == [1, 2] and days["clustered"] == [3]


def test_who_works_near_offices_is_a_group(world: Shop) -> None:
    """They are the only kind of people of the demo world."""
    [(deviations,)] = world.query("""
        select max(deviations) from marts.cluster_profiles
        where cluster > 0 and trait_kind = 'habit' and trait = 'lunch_share'
    """)
    assert deviations > 1


def test_a_page_takes_what_was_measured() -> None:
    page = "<!-- make proof writes this table -->\nold\n<!-- until here -->\nafter"
    found = Agreement(500, 440, 0.856, 0.7, 9, 0.93, 0.27, ("Families", "Online"))
    written = with_table(page, [(7, found)])
    assert "| 7 | 500 | 440 | 0.86 | 0.70 | 9 | 0.93 | 0.27 | Families; Online |" in written
    assert "old" not in written and written.endswith("after")
