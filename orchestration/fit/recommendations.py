"""Fits who buys like whom and what counts how much for the next purchase, and tries it.

Each trial knows what was known before its cut-off, by running the models that score once more, and
asks what was on the next day on which a customer bought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from orchestration.digests import table_digest
from orchestration.fit.days import latest_day
from orchestration.fit.replay import Replay
from orchestration.fit.store import Fit, Fitted, Parameter, Table, TooFew, rounded

MODEL, METHOD = "recommendations", "recommended"
# The weights that are tried: the shares of one's own baskets, of those of late, and of those alike.
OWN, LATE, ALIKE = "own_weight", "late_weight", "alike_weight"
WEIGHTS = [(0.7, 0.0, 0.3), (0.6, 0.2, 0.2), (0.5, 0.25, 0.25)]
# Ten clusters tell as much as twenty; fifty customers are few to be alike.
MAX_CLUSTERS, MIN_CLUSTER = 10, 50
# Of a category below a thousandth of what a cluster buys its centroid knows nothing.
MIN_ROOT_SHARE, CENTROID_DIGITS = 0.03, 4
# Tried on three cut-offs, a month apart, and chosen a month before them. A list is judged by its
# first ten.
TRIALS, HORIZON_DAYS, LIST_ITEMS = 3, 30, 10
MIN_CUSTOMERS, MAX_CUSTOMERS = 100, 20_000

# What is bought before a day, whom that is like, and what comes of it by weights, in the order in
# which one needs the other.
HABITS = ["int_customer_products", "int_recommendable_products"]
LIKENESS = ["int_personalised_customers", "int_repurchase_rhythms"]
SCORES = ["int_cluster_products", "int_recommendation_scores"]
AFFINITIES = [
    *("int_learnt_until", "int_affinity_items"),
    *("int_affinity_pairs", "int_item_affinities"),
]
SCENES = [
    *("int_new_product_offers", "int_recommended_products", "int_partner_lists"),
    *("int_recommendation_contexts", "int_recommended_partners"),
]
EVALUATION = {
    "method": "varchar",
    "scene": "varchar",
    "metric": "varchar",
    "cutoff_on": "date",
    "customer_count": "bigint",
    "value": "double",
}

# So many customers tell enough; which of them is decided by their names.
SAMPLE = f"""
select *
from warehouse.intermediate.int_customers
semi join replay.int_customer_products as bought using (customer_number)
order by md5(customer_id) limit {MAX_CUSTOMERS}
"""
NEXT_PURCHASE = f"""
create or replace temp table wanted as
select distinct customer_id, product_id, own.item_number is not null as is_repeat
from (
    select *, min(ordered_on) over (partition by customer_number) as next_on
    from warehouse.intermediate.int_basket_items
    where item_kind = 'product'
        and ordered_on >= $day and ordered_on < $day + {HORIZON_DAYS}
) as items
inner join replay.int_personalised_customers using (customer_number)
inner join warehouse.intermediate.int_product_items using (item_kind, item_number)
semi join replay.int_customer_products as bought using (customer_number)
left join replay.int_customer_products as own using (customer_number, item_number)
where items.ordered_on = items.next_on
"""
KNOWN = """
create or replace temp table known as
select
    product_id,
    count(*) as customer_count,
    (select count(distinct customer_number) from replay.int_customer_products) as buyer_count
from replay.int_customer_products
inner join warehouse.intermediate.int_product_items using (item_number)
group by product_id
"""
# What a shop without any of this would show: what most baskets have, and what one's own have.
POPULAR = f"""
select product_id, row_number() over (order by basket_count desc, product_id) as place
from (
    select item_number, count(*) as basket_count
    from replay.int_basket_items where item_kind = 'product' group by item_number
)
inner join warehouse.intermediate.int_product_items using (item_number)
qualify place <= {LIST_ITEMS}
"""
PERSONAL = f"""
select
    customer_id,
    product_id,
    row_number() over (
        partition by customer_id
        order by purchase_count desc, last_purchase_on desc, product_id
    ) as place
from replay.int_customer_products
inner join warehouse.intermediate.int_customers using (customer_number)
inner join warehouse.intermediate.int_product_items using (item_number)
qualify place <= {LIST_ITEMS}
"""
# What is scored is known by numbers.
NAMED = """
inner join replay.int_personalised_customers using (customer_number)
inner join replay.int_recommendable_products using (product_number)
"""
LISTS = f"""
create or replace temp table lists as
with recommended as (
    select customer_number, product_number, scene, recommendation_rank as place
    from replay.int_recommended_products
    union all
    select customer_number, product_number, scene, recommendation_rank
    from replay.int_recommended_partners
),
scenes as (select distinct scene from recommended)
select '{METHOD}' as method, scene, customer_id, product_id, place
from recommended {NAMED}
where place <= {LIST_ITEMS}
union all
select 'popularity', scenes.scene, customers.customer_id, popular.product_id, popular.place
from replay.int_personalised_customers as customers, scenes, ({POPULAR}) as popular
union all
select 'personal_frequency', scenes.scene, customer_id, product_id, place
from ({PERSONAL}) as personal, scenes
where scenes.scene in ('home', 'buy_again')
"""
MEASURED = f"""
with best as (
    select place, sum(1 / log2(place + 1)) over (order by place) as best_gain
    from range(1, {LIST_ITEMS + 1}) as places (place)
),
customers as (
    select customer_id, wanted, repeats, best_gain
    from (
        select customer_id, count(*) as wanted, count(*) filter (where is_repeat) as repeats
        from wanted group by customer_id
    )
    inner join best on best.place = least(wanted, {LIST_ITEMS})
),
shown as (
    select
        lists.method,
        lists.scene,
        customer_id,
        count(wanted.product_id) as hits,
        count(*) filter (where wanted.is_repeat) as repeat_hits,
        coalesce(sum(1 / log2(lists.place + 1)) filter (where wanted.product_id is not null), 0)
            as gain,
        avg(-log2(coalesce(known.customer_count, 1)
            / (select any_value(buyer_count) from known))) as novelty
    from lists
    semi join customers using (customer_id)
    left join wanted using (customer_id, product_id)
    left join known using (product_id)
    group by all
),
methods as (select distinct method, scene from lists),
covered as (
    select
        method,
        scene,
        count(distinct product_id) / (select count(*) from known) as coverage
    from lists
    semi join known using (product_id)
    group by all
)
select
    method,
    scene,
    count(*) as customer_count,
    unnest([
        'recall', 'ndcg', 'hit_rate', 'recall_of_repeats', 'recall_of_new', 'coverage', 'novelty'
    ]) as metric,
    unnest([
        avg(coalesce(hits, 0) / wanted),
        avg(coalesce(gain, 0) / best_gain),
        avg((coalesce(hits, 0) > 0)::int),
        avg(coalesce(repeat_hits, 0) / repeats) filter (where repeats > 0),
        avg(coalesce(hits - repeat_hits, 0) / (wanted - repeats)) filter (where wanted > repeats),
        any_value(coverage),
        avg(novelty)
    ]) as value
from methods
cross join customers
left join shown using (method, scene, customer_id)
left join covered using (method, scene)
group by method, scene
order by method, scene, metric
"""
# Lists without scenes: sets of parameters are compared by them before one is shown.
PLAIN_LIST = f"""
select
    '{METHOD}' as method,
    'home' as scene,
    customer_id,
    product_id,
    row_number() over (partition by customer_id order by score desc, product_id) as place
from replay.int_recommendation_scores {NAMED}
qualify place <= {LIST_ITEMS}
"""
PERSONAL_LIST = f"""
select 'personal_frequency' as method, 'home' as scene, customer_id, product_id, place
from ({PERSONAL}) as personal
"""
ROOT_SHARES = """
select
    customer_id,
    category,
    sqrt(
        sum(purchase_count) / sum(sum(purchase_count)) over (partition by customer_id)
    ) as root_share
from replay.int_customer_products
inner join replay.int_personalised_customers using (customer_number)
inner join warehouse.intermediate.int_product_items using (item_number)
inner join (
    select product_id, category from warehouse.entities.int_products_validated
    where row_status = 'accepted' and category is not null
) as products using (product_id)
group by customer_id, category
order by customer_id, category
"""


def fit_recommendations(
    connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]
) -> Fitted:
    """Weights and clusters that find more of the next purchase, and how the set in use fared.

    They are chosen on a day before those on which it is tried, and in use when on the last of these
    they find more than the present ones and than personal frequency. Raises `TooFew`.
    """
    as_of_date = latest_day(connection)
    replay = Replay.on(connection)
    if not replay.queries:
        raise TooFew(
            "Recommendations are fitted with the SQL that a build on DuckDB has left: "
            "the parameters that ship with the project stay in use."
        )
    *cutoffs, before = days_back(as_of_date)
    new_set = chosen(replay, before)
    look_back(replay, cutoffs[0])
    personal, present = metrics_of(replay, PERSONAL_LIST), compared(replay)
    use(replay, parameters(replay, *new_set))
    new = compared(replay)
    is_promoted, reason = judged(cutoffs[0], new, present, personal)
    tried = new_set if is_promoted else in_use(connection)
    rows = evaluation(replay, cutoffs[0], *tried, has_pages=True)
    for cutoff in cutoffs[1:]:
        look_back(replay, cutoff)
        rows += evaluation(replay, cutoff, *tried, has_pages=False)
    look_at_today(replay)
    fit = Fit(
        model=MODEL,
        parameters=parameters(replay, *new_set),
        metrics={
            **{name: new[name] for name in ("recall", "ndcg", "hit_rate")},
            "personal_frequency_recall": personal["recall"],
            "recall_of_the_parameters_before": present["recall"],
        },
        as_of_date=as_of_date,
        customer_count=rows[0][4],
        data_digest=table_digest(connection, "replay.int_customer_products"),
        is_promoted=is_promoted,
        reason=reason,
    )
    return Fitted([fit], {"recommendation_evaluation": Table(EVALUATION, rows)})


def days_back(as_of_date: date) -> list[date]:
    """The days on which it is tried, the last first, and the one before on which it is chosen."""
    return [as_of_date - timedelta(days=HORIZON_DAYS * number) for number in range(1, TRIALS + 2)]


def in_use(connection: duckdb.DuckDBPyConnection) -> tuple[Sequence[float], bool]:
    """The weights that the last build scored with, and whether with clusters."""
    found = dict(
        connection.execute(
            "select parameter, value from warehouse.intermediate.int_current_parameters"
            f" where model = '{MODEL}'"
        ).fetchall()
    )
    weights = [found.pop(name) for name in (OWN, LATE, ALIKE)]
    return weights, bool(found)


def evaluation(
    replay: Replay, cutoff: date, weights: Sequence[float], has_clusters: bool, *, has_pages: bool
) -> list[tuple]:
    """Rows of `EVALUATION` of the day on which the replay is.

    Clusters are those that were known by then, also of a set that is in use: its own know later
    purchases.
    """
    use(replay, parameters(replay, weights, has_clusters))
    replay.run(SCORES)
    return evaluated(replay, cutoff, has_pages)


def chosen(replay: Replay, cutoff: date) -> tuple[Sequence[float], bool]:
    """The weights that find most, and whether with clusters does; of equals the simplest."""
    look_back(replay, cutoff)
    use(replay, parameters(replay, WEIGHTS[0], has_clusters=False))
    found = {}
    for weights in WEIGHTS:
        put_in_use(replay, parameters(replay, weights, has_clusters=False))
        found[weights] = compared(replay)["recall"]
    best = max(found, key=lambda weights: found[weights])
    use(replay, parameters(replay, best, has_clusters=True))
    return best, compared(replay)["recall"] > found[best]


def look_back(replay: Replay, day: date) -> None:
    """Makes what was known before a day, and what was bought next. Raises `TooFew`."""
    # The sample is of another day, and habits are everybody's.
    replay.leave("int_customers")
    replay.put(
        "int_as_of_dates",
        f"select as_of_date, false as is_latest from warehouse.intermediate.int_as_of_dates"
        f" where as_of_date < date '{day}' union all select date '{day}', true",
    )
    replay.see(
        "int_basket_items",
        f"select * from warehouse.intermediate.int_basket_items where ordered_on < date '{day}'",
    )
    use_present(replay)
    replay.run(HABITS)
    _sample(replay)
    replay.run(LIKENESS)
    replay.connection.execute(NEXT_PURCHASE, {"day": day})
    replay.connection.execute(KNOWN)


def look_at_today(replay: Replay) -> None:
    """Makes what the last build knows of the customers."""
    for table in ("int_customer_products", "int_personalised_customers"):
        replay.put(table, f"select * from warehouse.intermediate.{table}")
    _sample(replay)


def _sample(replay: Replay) -> None:
    """Leaves as many customers as tell enough."""
    replay.put("int_customers", SAMPLE)
    replay.connection.execute(
        "delete from replay.int_customer_products"
        " where customer_number not in (select customer_number from replay.int_customers)"
    )


def use_present(replay: Replay) -> None:
    """Puts in use what the last build scored with."""
    replay.put(
        "int_current_parameters", "select * from warehouse.intermediate.int_current_parameters"
    )


def use(replay: Replay, found: Sequence[Parameter]) -> None:
    """Puts a set of parameters in use, and makes whom each customer is like by its clusters."""
    put_in_use(replay, found)
    replay.run(LIKENESS)


def put_in_use(replay: Replay, found: Sequence[Parameter]) -> None:
    """Puts a set of parameters in use whose clusters are those of the one before."""
    use_present(replay)
    connection = replay.connection
    connection.execute(f"delete from replay.int_current_parameters where model = '{MODEL}'")
    connection.executemany(
        "insert into replay.int_current_parameters"
        " (model, version, parameter, feature, knot, value)"
        f" values ('{MODEL}', 0, ?, ?, ?, ?)",
        [(each.parameter, each.feature, each.knot, each.value) for each in found],
    )


def compared(replay: Replay) -> dict[str, float]:
    """The metrics of the parameters in use, by the scores alone."""
    replay.run(SCORES)
    return metrics_of(replay, PLAIN_LIST)


def metrics_of(replay: Replay, plain_list: str) -> dict[str, float]:
    """The metrics of one list without scenes."""
    replay.connection.execute(f"create or replace temp table lists as {plain_list}")
    return {
        metric: rounded(value) for _, _, _, metric, value in _measured(replay) if value is not None
    }


def evaluated(replay: Replay, cutoff: date, has_pages: bool) -> list[tuple]:
    """Rows of `EVALUATION`: the scenes as they would have been shown, beside plain lists.

    Pages and baskets where asked for: what is bought together is a count of its own each time.
    """
    if has_pages:
        replay.run(AFFINITIES)
    else:
        replay.put(AFFINITIES[-1], f"from warehouse.intermediate.{AFFINITIES[-1]} where false")
    replay.run(SCENES)
    replay.connection.execute(LISTS)
    return [
        (method, scene, metric, cutoff, count, rounded(value))
        for method, scene, count, metric, value in _measured(replay)
        if value is not None
    ]


def _measured(replay: Replay) -> list[tuple]:
    found = replay.connection.execute(MEASURED).fetchall()
    count = found[0][2] if found else 0
    if count < MIN_CUSTOMERS:
        raise TooFew(
            f"To fit recommendations, {count} customers who had bought before a cut-off bought "
            f"again within {HORIZON_DAYS} days where {MIN_CUSTOMERS} are needed: "
            "the parameters that ship with the project stay in use."
        )
    return found


def parameters(replay: Replay, weights: Sequence[float], has_clusters: bool) -> list[Parameter]:
    """Weights as given, and clusters of the customers as they are known in the replay."""
    named = zip((OWN, LATE, ALIKE), weights, strict=True)
    plain = [Parameter(name, value) for name, value in named]
    return [*plain, *(centroids(replay) if has_clusters else ())]


@threadpool_limits.wrap(1)
def centroids(replay: Replay) -> Iterator[Parameter]:
    """Of k-means over the square roots of the shares of categories; the largest cluster is 1."""
    found = replay.connection.execute(ROOT_SHARES).fetchnumpy()
    people, row = np.unique(found["customer_id"].astype(str), return_inverse=True)
    categories, column = np.unique(found["category"].astype(str), return_inverse=True)
    count = min(MAX_CLUSTERS, len(people) // MIN_CLUSTER)
    if count < 2:
        return
    shares = np.zeros((len(people), len(categories)))
    shares[row, column] = found["root_share"]
    means = KMeans(count, n_init=3, random_state=0).fit(shares)
    sizes = np.bincount(means.labels_, minlength=count)
    for cluster, place in enumerate(np.argsort(-sizes, kind="stable"), start=1):
        for category, value in zip(categories, means.cluster_centers_[place], strict=True):
            if value >= MIN_ROOT_SHARE:
                yield Parameter(
                    f"centroid {cluster} {category}",
                    rounded(value, CENTROID_DIGITS),
                    feature=str(category),
                    knot=float(cluster),
                )


def judged(
    cutoff: date,
    new: Mapping[str, float],
    present: Mapping[str, float],
    personal: Mapping[str, float],
) -> tuple[bool, str]:
    """Whether the new parameters find more than the present ones, and than personal frequency.

    All by plain lists of the same customers: what a page leaves out for variety is left out of all.
    """
    beaten = f"recall {new['recall']:.4f} against {personal['recall']:.4f}"
    beats_personal = new["recall"] > personal["recall"] and new["ndcg"] > personal["ndcg"]
    before = f"recall {new['recall']:.4f} against {present['recall']:.4f}"
    beats_present = new["recall"] > present["recall"] and new["ndcg"] >= present["ndcg"]
    if not beats_personal:
        verdict = f"they find no more than what each customer buys most ({beaten})"
    elif not beats_present:
        verdict = f"the parameters in use find as much ({before})"
    else:
        verdict = (
            f"they find more than the ones before ({before}), "
            f"and than what each customer buys most ({beaten})"
        )
    return beats_personal and beats_present, f"Tried on {cutoff}, {verdict}."
