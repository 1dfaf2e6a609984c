"""How often tags are right, by what is true of the people of the demo world, and whether history
says what was said at the time.

`make proof` measures anew, and writes the tables of `docs/profile.md`. Only customers of one person
are compared: who two people are in one is a question of identity.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.built import beside_truth, build_marts, built_world
from benchmarks.page import between_marks
from orchestration.duck import connect, literal, rows
from orchestration.project import ROOT
from orchestration.refresh import Refresh
from orchestration.warehouse import attach

PAGE = ROOT / "docs" / "profile.md"
SEEDS = (7,)
BUILT = ("customer_tags", "customer_accounts")

# What must be true of a person for a tag to be right. Of prices, money and weekdays nothing is
# planted; who buys near offices comes at noon, whether or not they work there.
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
    from {tags} as tags
    inner join owners using (customer_id)
    inner join {persons} as persons using (person_id)
    where is_current
)
select rule, count(*) as tag_count, avg(is_right::int) as precision
from judged where is_right is not null group by rule order by rule
"""

EARLIER_DAYS = """
select as_of_date::text from warehouse.intermediate.int_as_of_dates
where not is_latest order by as_of_date desc limit 3
"""

HELD = """
select family, customer_id, tag, value from warehouse.marts.customer_tags
where valid_from <= $day::date and (valid_to > $day::date or valid_to is null)
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


@dataclass(frozen=True)
class History:
    """Of one family of tags on an earlier day: those that hold by history, those that held when the
    warehouse was built as of that day, and those of both."""

    day: str
    family: str
    held: int
    held_then: int
    both: int


def histories(refresh: Refresh) -> Iterator[History]:
    """Three earlier days of a world, each built anew as of it: the warehouse is of the last."""
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        days = connection.execute(EARLIER_DAYS).fetchall()
    now = {day: _held(refresh, day) for (day,) in days}
    for day, by_family in now.items():
        rebuilt = refresh.asking({"as_of_date": day})
        build_marts(rebuilt, "customer_tags")
        then = _held(rebuilt, day)
        for family in sorted({*by_family, *then}):
            held, held_then = by_family.get(family, set()), then.get(family, set())
            yield History(day, family, len(held), len(held_then), len(held & held_then))


def _held(refresh: Refresh, day: str) -> dict[str, set[tuple[str, str, str]]]:
    """Customer, tag and value of what holds on a day, by family."""
    held: dict[str, set[tuple[str, str, str]]] = {}
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        for family, *tag in connection.execute(HELD, {"day": day}).fetchall():
            held.setdefault(family, set()).add(tuple(tag))
    return held


def with_table(page: str, found: Iterable[tuple[int, Precision]]) -> str:
    """The page with these figures between its first two marks."""
    table = "| seed | rule | tags | right |\n|--:|---|--:|--:|\n"
    for seed, each in found:
        table += f"| {seed} | {each.rule} | {each.tag_count:,} | {each.precision:.1%} |\n"
    return between_marks(page, table, "precision")


def with_histories(page: str, found: Iterable[History]) -> str:
    """The page with what was said at the time between its other marks."""
    table = "| day | family | by history | said then | in both |\n|---|---|--:|--:|--:|\n"
    for each in found:
        table += (
            f"| {each.day} | {each.family} | {each.held:,} | {each.held_then:,} | {each.both:,} |\n"
        )
    return between_marks(page, table, "history")


def main() -> None:
    found: list[tuple[int, Precision]] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for seed in SEEDS:
            refresh = built_world(seed, Path(folder, f"world {seed}"), *BUILT)
            found += [(seed, each) for each in beside_truth(refresh, compare)]
        said = list(histories(refresh))
    page = with_table(PAGE.read_text("utf-8"), found)
    PAGE.write_text(with_histories(page, said), "utf-8")
    print(f"Wrote {len(found) + len(said)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
