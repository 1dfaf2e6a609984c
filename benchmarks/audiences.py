"""What acting by priority earns of what could be earned, on the true outcomes of the demo world.

`make proof` measures anew, and writes the table of `docs/audiences.md`. The people are those whom a
win-back campaign of the world had in its audience, and whom the play `winback` names on its first
day, built as of that day. Of each it is known whether they had left, and so what the message would
have added: its chance times what such an order is worth to them. That is what the oracle ranks by.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks.page import between_marks, silent
from orchestration import dbt
from orchestration.duck import connect, literal, rows
from orchestration.project import ROOT, Project
from orchestration.publish.audit import GOOD
from orchestration.refresh import Refresh
from orchestration.warehouse import attach
from orchestration.world import World, make_world
from orchestration.world.campaigns import CAMPAIGNS

PAGE = ROOT / "docs" / "audiences.md"
SEEDS = (7, 3, 11)
CANDIDATES = (*dbt.BUILD, "--select", "+play_candidates", "--exclude", "test_type:data")
[CAMPAIGN] = [each for each in CAMPAIGNS if each.code == "C05"]
SHARES = (0.1, 0.2, 0.3, 0.5)

# A person may be several customers, and the other way round: one of them stands for the person. An
# order is worth the mean of the person's, whether it was before the day or not.
PEOPLE = """
create temp table people as
with worth as (
    select person_id, avg(sales_amount)::double as order_amount
    from {orders}
    where is_purchase
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
)

select
    person_id,
    acted_on.priority,
    acted_on.churn_probability,
    hash(person_id) as lot,
    case when coalesce(persons.dropped_out_on > date '{day}', true) then 1 else 0 end
        * case when persons.is_price_sensitive then {lift_price_sensitive} else {lift} end
        * worth.order_amount * {margin} as gain,
    ((outcomes.revenue_1 - outcomes.revenue_0) * {margin})::double as seen_gain
from {potential_outcomes} as outcomes
inner join acted_on using (person_id)
inner join {persons} as persons using (person_id)
inner join worth using (person_id)
where outcomes.campaign_id = 'marketing:{code}'
"""

POLICIES = {
    "oracle": "gain desc",
    "priority": "priority desc",
    "churn probability": "churn_probability desc",
    "by lot": "lot",
}
EARNED = """
select sum(gain) - count(*) * {cost} as earned, sum(seen_gain) - count(*) * {cost} as seen
from (
    from people order by {policy}, person_id
    limit (select ceil({share} * count(*))::bigint from people)
)
"""


@dataclass(frozen=True)
class Policy:
    """What a policy earns when it acts on a share of the people: expected, and as it came out."""

    name: str
    share: float
    people: int
    earned: float
    seen: float


def build(seed: int, folder: Path) -> Project:
    """A demo world as of the first day of the campaign, built as far as the candidates."""
    world = World(2_500, 730, seed)
    make_world(world, folder, silent)
    refresh = Refresh(Project(ROOT, folder), variables={"as_of_date": first_day(world)})
    refresh.land(silent)
    dbt.run(refresh.project, CANDIDATES, refresh.overrides, refresh.project.target, silent)
    results = json.loads((refresh.project.target / "run_results.json").read_text())["results"]
    failed = [each["unique_id"] for each in results if each["status"] not in GOOD]
    if failed:
        raise RuntimeError(f"Not built, see {refresh.project.logs}: {', '.join(failed)}")
    return refresh.project


def first_day(world: World) -> str:
    return str(world.first_day + timedelta(days=CAMPAIGN.starts(world)))


def earned(project: Project, day: str, margin: float, cost: float) -> Iterator[Policy]:
    """What each policy earns for each share of the people."""
    with connect() as connection:
        attach(connection, project.warehouse)
        connection.execute(_people(project.truth, day, margin))
        [count] = connection.execute("select count(*) from people").fetchone()
        for share in SHARES:
            for name, order in POLICIES.items():
                yield _policy(connection, name, order, share, count, cost)


def _people(truth: Path, day: str, margin: float) -> str:
    tables = ("orders", "person_accounts", "persons", "potential_outcomes")
    return PEOPLE.format(
        **{name: literal(truth / f"{name}.parquet") for name in tables},
        day=day,
        margin=margin,
        code=CAMPAIGN.code,
        lift=CAMPAIGN.lift,
        lift_price_sensitive=CAMPAIGN.lift_price_sensitive,
    )


def _policy(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    order: str,
    share: float,
    count: int,
    cost: float,
) -> Policy:
    [found] = rows(connection, EARNED.format(cost=cost, policy=order, share=share))
    return Policy(name, share, count, found["earned"], found["seen"])


def lines(seed: int, found: list[Policy]) -> Iterator[str]:
    """A line of the table for each share."""
    for share in SHARES:
        of = {each.name: each for each in found if each.share == share}
        oracle, ours = of["oracle"].earned, of["priority"].earned
        churn = of["churn probability"].earned
        yield (
            f"| {seed} | {of['oracle'].people:,} | {share:.0%} |"
            f" {' | '.join(f'{each.earned:,.0f}' for each in of.values())} |"
            f" {ours / oracle:.0%} | {f'{ours / churn:.1f}' if churn > 0 else 'it loses'} |"
            f" {of['priority'].seen:,.0f} | {of['churn probability'].seen:,.0f} |\n"
        )


HEAD = (
    "| seed | people | acted on | oracle | priority | churn probability | by lot | of the oracle |"
    f" × churn | priority, as it came out | churn, as it came out |\n|--:|{'--:|' * 10}\n"
)


def main() -> None:
    table = HEAD
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for seed in SEEDS:
            project = build(seed, Path(folder, f"world {seed}"))
            variables = project.variables({})
            day = first_day(World(2_500, 730, seed))
            table += "".join(lines(seed, [*earned(project, day, variables["margin_share"], 0.05)]))
    PAGE.write_text(between_marks(PAGE.read_text(), table))
    print(f"Wrote {table.count(chr(10)) - 2} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
