"""What acting by priority earns of what could be earned, on the true outcomes of the demo world.

`make proof` measures anew, and writes the table of `docs/audiences.md`. The people are those whom a
win-back campaign of the world had in its audience, and whom the play `winback` names on its first
day, built as of that day by a shop that has fitted churn and value to its own past. Of each it is
known whether they had left, and so what the message would have added: its chance times what an
order of theirs is worth. That is what the oracle ranks by, and nobody can know it. The best that
can be known has the parameters of the world, by which people buy, spend and leave, and of each
what they bought and when; it knows of nobody whether they are still there, or what moves them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks.built import beside_truth, build_marts
from benchmarks.page import between_marks, silent
from orchestration import dbt
from orchestration.duck import literal, rows
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.world import World, make_world
from orchestration.world.campaigns import CAMPAIGNS
from orchestration.world.people import CHANNELS, DRIFT_SPREAD, RATE_SHAPE

PAGE = ROOT / "docs" / "audiences.md"
SEEDS = (3, 5, 7, 11, 13, 17)  # of each some seventy people are there still: one world tells little
PAST = (
    *("run", "--select"),
    *("+int_churn_outcomes", "+int_latest_ltv_statistics", "+int_current_parameters"),
)
[CAMPAIGN] = [each for each in CAMPAIGNS if each.code == "C05"]
MESSAGE = 0.05
SHARES = (0.1, 0.2, 0.3, 0.5)
# How many orders of a person tell as much of what the next is worth as those of everybody: in
# logarithms their variance is 1.5 within people, and 0.37 between them.
ORDERS_OF_ALL = 4

# A person may be several customers, and the other way round: one of them stands for the person. An
# order is worth the size of the person's baskets times what such a size costs of their first
# category, since a mean of the one or two orders that most have would be chance. Who bought on n
# days, the last of them t days after the first, is still there after T days with the chance
#   1 ÷ (1 + a ÷ (b + n − 1) × ((α + T) ÷ (α + t))^(r + n − 1))
# where people leave after each purchase by a beta (a, b) and buy by a gamma (r, α) distribution.
PEOPLE = """
create temp table people as
with prices as (
    select
        persons.first_category,
        avg(orders.sales_amount::double / persons.basket_size_factor) as order_amount
    from {orders} as orders
    inner join {persons} as persons using (person_id)
    where orders.is_purchase
    group by persons.first_category
),

bought as (
    select
        person_id,
        count(distinct ordered_on) as days,
        sum(sales_amount)::double as amount,
        count(*) as orders,
        max(ordered_on) - min(ordered_on) as last_on,
        date '{day}' - min(ordered_on) as observed
    from {orders}
    where is_purchase
        and ordered_on < date '{day}'
    group by person_id
),

acted_on as (
    select
        accounts.person_id,
        max(candidates.expected_value_amount)::double as priority,
        max(churn.churn_probability)::double as churn_probability
    from warehouse.marts.play_candidates as candidates
    inner join warehouse.intermediate.int_account_customers as ids using (customer_id)
    inner join {person_accounts} as accounts using (account_id)
    inner join warehouse.marts.customer_churn as churn using (customer_id)
    where candidates.play = 'winback'
    group by accounts.person_id
),

known as (
    select
        acted_on.*,
        coalesce(persons.dropped_out_on > date '{day}', true) as is_there,
        1 / (
            1 + channels.leaves / ({drift_spread} - channels.leaves + bought.days - 1)
            * ((channels.pace + bought.observed) / (channels.pace + bought.last_on))
            ** ({rate_shape} + bought.days - 1)
        ) as presence,
        (bought.amount + {orders_of_all} * (select sum(amount) / sum(orders) from bought))
            / (bought.orders + {orders_of_all}) as expected_order_amount,
        case when persons.is_price_sensitive then {lift_price_sensitive} else {lift} end
            * persons.basket_size_factor * prices.order_amount * {margin} as gain_if_there
    from {potential_outcomes} as outcomes
    inner join acted_on using (person_id)
    inner join {persons} as persons using (person_id)
    inner join prices using (first_category)
    inner join bought using (person_id)
    inner join (values {channels}) as channels (channel, leaves, pace)
        on persons.acquisition_channel = channels.channel
    where outcomes.campaign_id = 'marketing:{code}'
)

select
    person_id,
    priority,
    churn_probability,
    hash(person_id) as lot,
    is_there::integer * gain_if_there as gain,
    presence * expected_order_amount as expected_gain
from known
"""

POLICIES = {
    "oracle": "gain desc",
    "best that can be known": "expected_gain desc",
    "priority": "priority desc",
    "churn": "churn_probability desc",
    "lot": "lot",
}
EARNED = """
select coalesce(sum(gain), 0) - count(*) * {cost} as earned
from (from people order by {policy}, person_id limit {count})
"""


@dataclass(frozen=True)
class Acting:
    """What each policy earns in one world when it acts on a share of its people; None is all of
    whom the priority says that they are worth it."""

    seed: int
    share: float | None
    people: int
    there: int
    acted_on: int
    earned: dict[str, float]


def build(seed: int, folder: Path) -> Refresh:
    """A demo world as of the first day of the campaign, built as far as the candidates."""
    world = World(2_500, 730, seed)
    make_world(world, folder, silent)
    refresh = Refresh(Project(ROOT, folder), variables={"as_of_date": first_day(world)})
    refresh.land(silent)
    project, overrides = refresh.project, refresh.overrides
    for words in (("seed",), PAST):
        dbt.run(project, words, overrides, project.target, silent)
    refresh.fit(["churn", "lifetime"], silent)
    build_marts(refresh, "play_candidates")
    return refresh


def first_day(world: World) -> str:
    return str(world.first_day + timedelta(days=CAMPAIGN.starts(world)))


def earned(
    connection: duckdb.DuckDBPyConnection, truth: Path, seed: int, margin: float
) -> list[Acting]:
    """What policies earn for each share of the people of one world."""
    connection.execute(_people(truth, first_day(World(2_500, 730, seed)), margin))
    [(people, there, worth_it)] = connection.execute(
        "select count(*), count(nullif(gain, 0)), count(*) filter (where priority > 0) from people"
    ).fetchall()
    return [
        Acting(seed, share, people, there, count, _earned(connection, count))
        for share in (*SHARES, None)
        for count in [worth_it if share is None else -int(-share * people // 1)]
    ]


def _people(truth: Path, day: str, margin: float) -> str:
    tables = ("orders", "person_accounts", "persons", "potential_outcomes")
    channels = ", ".join(
        f"('{channel}', {drift * DRIFT_SPREAD}, {RATE_SHAPE / rate})"
        for channel, (_, rate, drift, _) in CHANNELS.items()
    )
    return PEOPLE.format(
        **{name: literal(truth / f"{name}.parquet") for name in tables},
        day=day,
        margin=margin,
        code=CAMPAIGN.code,
        lift=CAMPAIGN.lift,
        lift_price_sensitive=CAMPAIGN.lift_price_sensitive,
        channels=channels,
        drift_spread=DRIFT_SPREAD,
        rate_shape=RATE_SHAPE,
        orders_of_all=ORDERS_OF_ALL,
    )


def _earned(connection: duckdb.DuckDBPyConnection, count: int) -> dict[str, float]:
    return {
        name: found["earned"]
        for name, order in POLICIES.items()
        for found in rows(connection, EARNED.format(cost=MESSAGE, policy=order, count=count))
    }


def table_of(found: Iterable[Acting]) -> str:
    """The table: what all worlds bring together, and the share of the priority in each."""
    found = list(found)
    table = (
        "| acted on | oracle | best that can be known | by priority | by probability of churn |"
        " by lot | priority, of the best | world by world | of the oracle |\n"
        f"|---|{'--:|' * 8}\n"
    )
    for share in (*SHARES, None):
        table += _line([each for each in found if each.share == share])
    return table


def _line(worlds: list[Acting]) -> str:
    total = {name: sum(each.earned[name] for each in worlds) for name in POLICIES}
    [share] = {each.share for each in worlds}
    count = sum(each.acted_on for each in worlds)
    who = f"{share:.0%}" if share else f"all who are worth it ({count:,})"
    by_world = [each.earned["priority"] / each.earned["best that can be known"] for each in worlds]
    return (
        f"| {who} | {' | '.join(f'{earned:,.0f}' for earned in total.values())} |"
        f" {total['priority'] / total['best that can be known']:.0%} |"
        f" {', '.join(f'{each:.0%}' for each in by_world)} |"
        f" {total['priority'] / total['oracle']:.0%} |\n"
    )


def worlds() -> Iterator[Acting]:
    """What policies earn in each world, built for it."""
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for seed in SEEDS:
            refresh = build(seed, Path(folder, f"world {seed}"))
            margin = refresh.project.variables({})["margin_share"]
            yield from beside_truth(
                refresh,
                lambda connection, truth, seed=seed, margin=margin: earned(
                    connection, truth, seed, margin
                ),
            )


def main() -> None:
    found = list(worlds())
    PAGE.write_text(between_marks(PAGE.read_text("utf-8"), table_of(found)), "utf-8")
    people, there = (
        sum(getattr(each, of) for each in found if each.share is None) for of in ("people", "there")
    )
    print(f"Wrote {PAGE.relative_to(ROOT)}: {people:,} people, of whom {there:,} are there.")


if __name__ == "__main__":
    main()
