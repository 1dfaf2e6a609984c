"""How often tags are right, by what is true of the people of the demo world.

`make proof` measures anew, and writes the table of `docs/profile.md`. Only customers of one person
are compared: who two people are in one is a question of identity.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
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

PAGE = ROOT / "docs" / "profile.md"
SEEDS = (7, 3, 11)
TAGS = (*dbt.BUILD, "--select", "+customer_tags", "--exclude", "test_type:data")

# What must be true of a person for a tag to be right. Prices, money and weekdays are habits of what was bought, of which
# nothing is planted; who lives near offices meets others at noon, whether or not they work there.
RIGHT = """
case rule
    when 'gender' then value = gender
    when 'region' then value = region
    when 'category_affinity' then value in (first_category, second_category)
    when 'channel_preference' then (value = 'store') = (online_share < 0.5)
    when 'basket_large' then basket_size_factor > 1
    when 'basket_small' then basket_size_factor < 1
    when 'moment_habit' then case value
        when 'working_day_lunch' then lunches_on_working_days or home_quarter = 'offices'
        when 'working_day_morning' then home_quarter = 'station'
        when 'weekend_morning' then home_quarter = 'homes'
    end
end
"""

COMPARISON = """
with owners as (
    select customer_id, min(person_id) as person_id
    from {accounts} as accounts inner join {truth_accounts} as truth using (account_id)
    group by customer_id
    having count(distinct person_id) = 1
),
judged as (
    select rule, {right} as is_right
    from {tags} as tags inner join owners using (customer_id) inner join {persons} as persons using (person_id)
    where is_current
)
select rule, count(*) as tag_count, avg(is_right::int) as precision
from judged where is_right is not null group by rule order by rule
"""


@dataclass(frozen=True)
class Precision:
    """Of one rule: how many tags hold on the latest day, and the share of them that is right."""

    rule: str
    tag_count: int
    precision: float


def compare(
    connection: duckdb.DuckDBPyConnection, truth: Path, warehouse: str = "warehouse."
) -> list[Precision]:
    """What is said beside what is true, by rule."""
    query = COMPARISON.format(
        right=RIGHT,
        accounts=f"{warehouse}marts.customer_accounts",
        tags=f"{warehouse}marts.customer_tags",
        truth_accounts=literal(truth / "person_accounts.parquet"),
        persons=literal(truth / "persons.parquet"),
    )
    return [Precision(**each) for each in rows(connection, query)]


def measure(seed: int, folder: Path) -> list[Precision]:
    """A demo world, built as far as its tags."""
    make_world(World(2_500, 730, seed), folder, silent)
    refresh = Refresh(Project(ROOT, folder))
    refresh.land(silent)
    dbt.run(refresh.project, TAGS, refresh.overrides, refresh.project.target, silent)
    results = json.loads((refresh.project.target / "run_results.json").read_text())["results"]
    failed = [each["unique_id"] for each in results if each["status"] not in GOOD]
    if failed:
        raise RuntimeError(f"Not built, see {refresh.project.logs}: {', '.join(failed)}")
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        return compare(connection, refresh.project.truth)


def with_table(page: str, found: Iterable[tuple[int, Precision]]) -> str:
    """The page with these figures between its two marks."""
    table = "| seed | rule | tags | right |\n|--:|---|--:|--:|\n"
    for seed, each in found:
        table += f"| {seed} | {each.rule} | {each.tag_count:,} | {each.precision:.1%} |\n"
    return between_marks(page, table)


def main() -> None:
    found: list[tuple[int, Precision]] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for seed in SEEDS:
            found += [(seed, each) for each in measure(seed, Path(folder, f"world {seed}"))]
    PAGE.write_text(with_table(PAGE.read_text(), found))
    print(f"Wrote {len(found)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
