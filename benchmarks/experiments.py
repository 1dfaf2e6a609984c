"""How well experiments are told: simulated ones, whose truth is known, by the SQL of the models.

`make proof` measures anew, and writes the tables of `docs/experiments.md`. An experiment draws
people, with replacement, from the audience of a campaign of the demo world, of whom both outcomes
are known, and gives them an arm by lot. So the true effect is the mean over the audience.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks.page import between_marks, silent
from benchmarks.sessions import compile_models
from orchestration.duck import connect, literal, rows
from orchestration.project import ROOT
from orchestration.world import World, make_world
from orchestration.world.campaigns import CAMPAIGNS, WINDOW_DAYS
from orchestration.world.scale import LAST_DAY
from tests.python.reference.experiments import Arms, drawn, expected, is_told, sums

PAGE = ROOT / "docs" / "experiments.md"
WORLD = World(30_000, 730, 7)
DRAWS = 200
LOOKED_AT = 2_000  # people of an experiment that is looked at daily
JOINING = 100  # people a day who join one that grows
JOINING_DAYS = 60
INPUTS = 1_000
METRICS = ("orders", "buyers", "revenue", "average_order_value")
FROM_SUMS = (
    *("int_experiment_comparisons", "int_experiment_estimates", "int_experiment_corrections"),
    *("int_experiment_segments", "experiment_results", "campaign_results"),
)
MODELS = ("int_experiment_sums", "int_experiment_draws", *FROM_SUMS)

SCHEMAS = """
attach ':memory:' as warehouse;
create schema warehouse.entities;
create schema warehouse.intermediate;
create schema warehouse.marts;
create schema warehouse.reference;
create table warehouse.intermediate.int_experiment_members (
    experiment_id text, customer_id text, arm text, is_crossing boolean, recency text,
    spend_score text
);
create table warehouse.intermediate.int_experiment_causes (
    experiment_id text, customer_id text, cause text
);
create table warehouse.intermediate.int_experiment_outcomes (
    experiment_id text, customer_id text, observation text, is_over boolean,
    purchase_count decimal(18, 2), net_amount decimal(18, 2), purchase_amount decimal(18, 2),
    sold_amount decimal(18, 2), refunded_amount decimal(18, 2), score decimal(18, 2),
    answer_count decimal(18, 2), earlier_purchase_count decimal(18, 2),
    earlier_net_amount decimal(18, 2)
);
create table warehouse.intermediate.int_campaign_contacts (
    campaign_id text, arm text, contact_count bigint, contacted_count bigint,
    control_contact_count bigint, contact_cost double,
    cost_known_from text
);
create table warehouse.intermediate.int_campaign_changes (
    campaign_id text, arm text, before_orders double, after_orders double,
    usual_orders_change double, before_revenue double, after_revenue double,
    usual_revenue_change double
);
create table warehouse.entities.int_campaigns_validated (
    campaign_id text, control_share decimal(18, 4), ends_on date, row_status text
);
create table warehouse.marts.campaigns (
    campaign_id text, campaign_name text, channel text, assignment text, starts_on date,
    ends_on date
);
"""
SEEDS = (
    *("experiment_metrics", "experiment_segments", "experiment_verdicts"),
    *("campaign_verdicts", "contact_channels"),
)

# Both outcomes of everybody in the audience of a campaign, and what they had bought in as many days
# before.
AUDIENCE = """
create or replace table audience as
select
    row_number() over (order by person_id) - 1 as place,
    person_id, orders_0, orders_1, revenue_0, revenue_1,
    coalesce(earlier_orders, 0) as earlier_orders,
    coalesce(earlier_revenue, 0) as earlier_revenue,
    if(last_on < {starts_on} - 60, 'lapsed', 'recent') as recency
from {outcomes} as outcomes
left join (
    select
        person_id,
        max(ordered_on) as last_on,
        count(*) filter (where ordered_on >= {starts_on} - {days}) as earlier_orders,
        sum(sales_amount) filter (where ordered_on >= {starts_on} - {days}) as earlier_revenue
    from {orders} as orders
    where is_purchase and ordered_on < {starts_on}
    group by person_id
) as earlier using (person_id)
where campaign_id = 'marketing:{code}'
"""

# Texts are hashed, since hashes of several numbers differ by a constant alone, and an arm would be
# that of a place.
EXPERIMENTS = """
create or replace table drawn as
select
    '{code} ' || draw as experiment_id,
    number::text as customer_id,
    hash('{code} arm ' || draw || ' ' || number) % 2 = 0 as is_treated,
    audience.*
from range({draws}) as draws (draw)
cross join range({size}) as numbers (number)
inner join audience on audience.place = hash('{code} ' || draw || ' ' || number) % {people};
insert into warehouse.intermediate.int_experiment_members
select experiment_id, customer_id, if(is_treated, 'treatment', 'control'), false, recency, 'none'
from drawn;
insert into warehouse.intermediate.int_experiment_outcomes
select
    experiment_id, customer_id, 'campaign', true, if(is_treated, orders_1, orders_0),
    if(is_treated, revenue_1, revenue_0), if(is_treated, revenue_1, revenue_0),
    0, 0, 0, 0, earlier_orders, earlier_revenue
from drawn;
insert into warehouse.entities.int_campaigns_validated
select distinct experiment_id, null::decimal(18, 4), date '2026-01-28', 'accepted' from drawn;
insert into warehouse.marts.campaigns
select distinct experiment_id, null, null, 'randomised', date '2026-01-01', date '2026-01-28'
from drawn
"""

# Everybody who is treated is contacted once, at the list price of the campaign's channel.
CONTACTS = """
insert into warehouse.intermediate.int_campaign_contacts
select
    experiment_id, 'treatment', count(*), count(*), null,
    (
        select contact_cost_amount::double from warehouse.reference.contact_channels
        where channel = '{channel}'
    ),
    'contact_channels'
from drawn
where is_treated
group by experiment_id
"""

TRUTH = """
select
    avg(orders_1 - orders_0) as orders,
    avg((orders_1 > 0)::int - (orders_0 > 0)::int) as buyers,
    avg(revenue_1 - revenue_0)::double as revenue,
    (sum(revenue_1) / sum(orders_1) - sum(revenue_0) / sum(orders_0))::double
        as average_order_value
from audience
"""

# What is known of an experiment without any effect on each evening: of a fixed audience, who buy
# more and more, and of one that grows, whose new members bring all that they will buy.
LOOKS = """
create or replace table looks as
with bought as (
    select audience.place, ordered_on - {starts_on} as day, sales_amount
    from {orders} as orders
    inner join audience using (person_id)
    where is_purchase and ordered_on >= {starts_on} and ordered_on < {starts_on} + {days}
),
so_far as (
    select place, look.day, count(*) as orders
    from bought inner join range({days}) as look (day) on bought.day <= look.day
    group by all
),
people as (
    select draw, number, hash('look ' || draw || ' ' || number) % {people} as place,
        if(hash('look at arm ' || draw || ' ' || number) % 2 = 0, 'treatment', 'control') as arm
    from range({draws}) as draws (draw)
    cross join range({joining} * {joining_days}) as numbers (number)
),
evenings as (
    select draw, arm, 'fixed' as design, day, orders
    from people
    cross join range({days}) as look (day)
    left join so_far using (place, day)
    where number < {looked_at}
    union all
    select draw, arm, 'growing', day, orders_0
    from people
    inner join audience using (place)
    inner join range({joining_days}) as look (day) on number < {joining} * (day + 1)
)
select
    design || ' ' || draw as experiment_id,
    'day ' || day as observation,
    'orders' as metric, 'all' as segment_type, 'all' as segment,
    arm,
    1 as waiting_n,
    count(*) as n, 0 as known_n, count(*) filter (where orders > 0) as happened_n,
    sum(coalesce(orders, 0))::double as y,
    sum(coalesce(orders, 0) * coalesce(orders, 0))::double as yy,
    0::double as x, 0::double as xx, 0::double as xy
from evenings
group by all
"""


@dataclass(frozen=True)
class Found:
    """Of the simulated experiments of one campaign."""

    code: str
    people: int
    effect: float
    covered: float
    covered_adjusted: float
    claims: float
    saved: float
    verdict: str
    verdict_share: float


@dataclass(frozen=True)
class Looked:
    """In which share of experiments without an effect one was claimed on some evening."""

    design: str
    looks: int
    at_any_look: float
    by_plain_intervals: float


def warehouse(queries: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """An empty one, with the seeds."""
    connection = connect()
    connection.execute(SCHEMAS)
    for seed in SEEDS:
        path = literal(ROOT / "seeds" / f"{seed}.csv")
        connection.execute(
            f"create table warehouse.reference.{seed} as select * from read_csv({path})"
        )
    for model in MODELS[:2]:
        connection.execute(
            f"create table warehouse.intermediate.{model} as {queries[model]} limit 0"
        )
    return connection


def simulate(truth: Path, world: World, queries: Mapping[str, str]) -> Iterator[Found]:
    """Experiments of each campaign, as many people in each as its audience has."""
    connection = warehouse(queries)
    truths: dict[str, dict[str, float]] = {}
    sizes: dict[str, int] = {}
    for campaign in CAMPAIGNS:
        code = campaign.code
        connection.execute(_audience(truth, world, code))
        [truths[code]] = rows(connection, TRUTH)
        [[sizes[code]]] = connection.execute("select count(*) from audience").fetchall()
        draw(connection, queries, code, campaign.channel, sizes[code])
    _build(connection, queries, FROM_SUMS)
    for code, true in truths.items():
        yield _found(connection, code, sizes[code], true)


def draw(
    connection: duckdb.DuckDBPyConnection,
    queries: Mapping[str, str],
    code: str,
    channel: str,
    people: int,
) -> None:
    """Experiments with the table `audience`, of as many people: their sums and their draws."""
    for table in ("int_experiment_members", "int_experiment_outcomes"):
        connection.execute(f"truncate warehouse.intermediate.{table}")
    connection.execute(EXPERIMENTS.format(code=code, draws=DRAWS, size=people, people=people))
    connection.execute(CONTACTS.format(channel=channel))
    for model in MODELS[:2]:
        connection.execute(f"insert into warehouse.intermediate.{model} by name {queries[model]}")


def _audience(truth: Path, world: World, code: str) -> str:
    return AUDIENCE.format(
        code=code,
        days=WINDOW_DAYS,
        starts_on=_starts_on(world, code),
        outcomes=literal(truth / "potential_outcomes.parquet"),
        orders=literal(truth / "orders.parquet"),
    )


def _starts_on(world: World, code: str) -> str:
    [campaign] = [each for each in CAMPAIGNS if each.code == code]
    first = LAST_DAY - timedelta(days=world.days - 1)
    return f"date {literal(first + timedelta(days=campaign.starts(world)))}"


def _build(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], models: Iterable[str]
) -> None:
    for model in models:
        schema = "intermediate" if model.startswith("int_") else "marts"
        connection.execute(f"create table warehouse.{schema}.{model} as {queries[model]}")


def _found(
    connection: duckdb.DuckDBPyConnection, code: str, people: int, true: Mapping[str, float]
) -> Found:
    answers = rows(
        connection,
        f"""
        select * from warehouse.marts.experiment_results
        where experiment_id like '{code} %' and segment_type = 'all' and arm = 'treatment'
        """,
    )
    inside = [_holds(row, "", true) for row in answers if row["metric"] in METRICS]
    adjusted = [_holds(row, "adjusted_", true) for row in answers if row["metric"] in METRICS]
    claims = {row["experiment_id"] for row in answers if row["winner"]}
    [verdict] = rows(
        connection,
        f"""
        select verdict, count(*) / {DRAWS} as share from warehouse.marts.campaign_results
        where campaign_id like '{code} %' group by verdict order by share desc, verdict limit 1
        """,
    )
    saved = [row["variance_saved_share"] for row in answers if row["metric"] == "orders"]
    return Found(
        code,
        people,
        true["orders"],
        _share(inside),
        _share(adjusted),
        len(claims) / DRAWS,
        float(np.median([each or 0 for each in saved])),
        verdict["verdict"],
        verdict["share"],
    )


def _holds(row: Mapping[str, Any], kind: str, true: Mapping[str, float]) -> bool | None:
    low = row[f"low_{kind}difference"]
    if low is None:
        return None
    return low <= true[row["metric"]] <= row[f"high_{kind}difference"]


def _share(held: Iterable[bool | None]) -> float:
    told = [each for each in held if each is not None]
    return float(np.mean(told)) if told else float("nan")


def look_daily(truth: Path, world: World, queries: Mapping[str, str]) -> list[Looked]:
    """Experiments of the newsletter that does nothing, looked at every evening."""
    connection = warehouse(queries)
    connection.execute(_audience(truth, world, "C02"))
    connection.execute(
        LOOKS.format(
            draws=DRAWS,
            days=WINDOW_DAYS,
            looked_at=LOOKED_AT,
            joining=JOINING,
            joining_days=JOINING_DAYS,
            starts_on=_starts_on(world, "C02"),
            orders=literal(truth / "orders.parquet"),
            people=connection.execute("select count(*) from audience").fetchone()[0],
        )
    )
    connection.execute("insert into warehouse.intermediate.int_experiment_sums by name from looks")
    _build(connection, queries, FROM_SUMS[:3])
    answers = rows(
        connection,
        """
        with experiments as (
            select
                experiment_id, split_part(experiment_id, ' ', 1) as design, count(*) as looks,
                bool_or(low_at_any_look > 0 or high_at_any_look < 0) as is_claimed,
                bool_or(low_difference > 0 or high_difference < 0) as is_claimed_plainly
            from warehouse.intermediate.int_experiment_corrections
            where arm = 'treatment' group by all
        )
        select
            design, max(looks) as looks, avg(is_claimed::int) as at_any_look,
            avg(is_claimed_plainly::int) as by_plain_intervals
        from experiments group by design order by design
        """,
    )
    return [Looked(**each) for each in answers]


def deviations(queries: Mapping[str, str]) -> dict[str, float]:
    """By how much SQL differs at most from scipy and from statsmodels, of amounts above 1 as a
    share of them."""
    random = np.random.default_rng(7)
    kinds = {"revenue": "mean", "buyers": "rate", "average_order_value": "ratio"}
    cases = {
        str(number): (metric, drawn(random, kinds[metric]))
        for number in range(INPUTS)
        for metric in [list(kinds)[number % len(kinds)]]
    }
    connection = warehouse(queries)
    connection.executemany(
        f"insert into warehouse.intermediate.int_experiment_sums values ({', '.join('?' * 15)})",
        [
            (key, "days_30", metric, "all", "all", arm, 0, *sums(y, x).values())
            for key, (metric, arms) in cases.items()
            for arm, y, x in zip(("treatment", "control"), arms.y, arms.x, strict=True)
        ],
    )
    _build(connection, queries, FROM_SUMS[:3])
    apart = {"scipy": 0.0, "statsmodels": 0.0}
    for row in rows(
        connection,
        "from warehouse.intermediate.int_experiment_corrections where arm = 'treatment'",
    ):
        _, arms = cases[row["experiment_id"]]
        for library, wanted in (("scipy", expected(arms)), ("statsmodels", _statsmodels(arms))):
            for name, value in wanted.items():
                if value is not None:
                    away = abs(row[name] - value) / max(1, abs(value))
                    apart[library] = max(apart[library], away)
    return apart


def _statsmodels(arms: Arms) -> dict[str, float]:
    # Of the extra `forecast`, which tests do without.
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    if not is_told(arms):
        return {}
    y, control_y = arms.y
    if arms.kind == "rate":
        counts = (int(y.sum()), len(y), int(control_y.sum()), len(control_y))
        low, high = confint_proportions_2indep(*counts, compare="diff", method="newcomb")
        told = {"low_difference": low, "high_difference": high}
        if 0 < counts[0] + counts[2] < counts[1] + counts[3]:
            told["p"] = proportions_ztest(counts[::2], counts[1::2])[1]
        return told
    if arms.kind == "mean":
        compared = CompareMeans(DescrStatsW(y), DescrStatsW(control_y))
        low, high = compared.tconfint_diff(usevar="unequal")
        chance = compared.ttest_ind(usevar="unequal")[1]
        return {"low_difference": low, "high_difference": high, "p": chance}
    return {}


def with_tables(
    page: str, found: Iterable[Found], looked: Iterable[Looked], apart: Mapping[str, float]
) -> str:
    """The page with these figures between its marks."""
    table = (
        "| campaign | people | true effect on orders | plain intervals that hold |"
        " adjusted | experiments with a claim | variance saved | verdict |\n"
        "|---|--:|--:|--:|--:|--:|--:|---|\n"
    )
    for each in found:
        table += (
            f"| {each.code} | {each.people:,} | {each.effect:+.4f} | {each.covered:.1%} |"
            f" {_told(each.covered_adjusted)} | {each.claims:.1%} | {each.saved:.0%} |"
            f" {each.verdict}, {each.verdict_share:.0%} |\n"
        )
    page = between_marks(page, table, "experiments")
    table = (
        "| experiment | evenings | claims by the interval for any look | by plain intervals |\n"
        "|---|--:|--:|--:|\n"
    )
    for each in looked:
        table += (
            f"| {each.design} | {each.looks} | {each.at_any_look:.1%} |"
            f" {each.by_plain_intervals:.1%} |\n"
        )
    page = between_marks(page, table, "looks")
    table = "| library | greatest deviation on 1,000 random experiments |\n|---|--:|\n"
    table += "".join(f"| {library} | {away:.1e} |\n" for library, away in apart.items())
    return between_marks(page, table, "libraries")


def _told(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.1%}"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as name:
        folder = Path(name)
        queries = compile_models(folder, MODELS)
        make_world(WORLD, folder / "world", silent)
        truth = folder / "world" / "truth"
        found = list(simulate(truth, WORLD, queries))
        looked = look_daily(truth, WORLD, queries)
        apart = deviations(queries)
    PAGE.write_text(with_tables(PAGE.read_text("utf-8"), found, looked, apart), "utf-8")
    print(f"Wrote {len(found) + len(looked) + len(apart)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
