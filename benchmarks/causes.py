"""How well the causes of leaving agree with what is true of the demo world, beside a guess.

`make proof` measures anew, and writes the tables of `docs/churn_causes.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.built import built_world
from benchmarks.page import between_marks
from orchestration.duck import connect, literal, rows
from orchestration.project import ROOT
from orchestration.warehouse import attach

PAGE = ROOT / "docs" / "churn_causes.md"
# The last world was looked at only after all rules stood.
SEEDS = (7, 3, 11)
BUILT = (
    "warehouse.marts.customer_churn_causes",
    "warehouse.intermediate.int_account_customers",
)

# Who drifted away or has not left has no true cause. A customer of several persons has the cause of
# the last that left.
ASSERTED = """
with truth as (
    select
        accounts.customer_id,
        max_by(persons.dropout_cause, (persons.dropped_out_on, persons.person_id)) as left_for
    from {accounts} as account_persons
    inner join {persons} as persons using (person_id)
    inner join {customers} as accounts using (account_id)
    group by accounts.customer_id
),

judged as (
    select
        published.cause,
        published.is_from_survey,
        case truth.left_for
            when 'late_delivery' then 'experience'
            when 'complaint' then 'experience'
            when 'price_rise' then 'price'
            when 'competitor' then 'competition'
        end as true_cause
    from {causes} as published
    left join truth using (customer_id)
),

asserted as (
    select *, cause is not distinct from true_cause as is_right
    from judged
    where cause <> 'unknown' and not (is_from_survey and {without_surveys})
)
"""

AGREEMENT = (
    ASSERTED
    + """,
counts as (
    select
        count(*) as asserted,
        count(true_cause) as with_true_cause,
        count(*) filter (where is_right) as agreeing,
        count(*) filter (where true_cause = (select mode(true_cause) from asserted)) as guessed
    from asserted
)

select
    *,
    (select count(*) from judged) as silent,
    (select count(*) from judged where cause = 'unknown') as unknown,
    (select count(true_cause) from judged) as left_for_a_cause
from counts
"""
)

BY_CAUSE = (
    ASSERTED
    + """
select
    cause,
    coalesce(any_value(left_for_it), 0) as left_for_it,
    count(asserted.is_right) as asserted,
    count(*) filter (where is_right) as agreeing
from (select true_cause as cause, count(*) as left_for_it from judged group by true_cause)
full join asserted using (cause)
where cause is not null
group by cause
order by cause
"""
)


@dataclass(frozen=True)
class Agreement:
    """Numbers of customers: all of the mart are `silent`, some `unknown`, some `left_for_a_cause`.

    Of those `asserted`, `with_true_cause` truly left for a cause, `agreeing` for the very one that
    is asserted; `guessed` would be right were the commonest true cause asserted of all.
    """

    silent: int
    unknown: int
    left_for_a_cause: int
    asserted: int
    with_true_cause: int
    agreeing: int
    guessed: int


@dataclass(frozen=True)
class OfCause:
    """Of one cause: how many of the silent left for it, and of how many evidence asserts it, of
    whom it is true of the `agreeing`."""

    cause: str
    left_for_it: int
    asserted: int
    agreeing: int


def agreement(
    connection: duckdb.DuckDBPyConnection,
    truth: Path,
    causes: str,
    customers: str,
    without_surveys: bool = False,
) -> Agreement:
    """How the mart `causes` agrees with the truth; `customers` is a table of accounts."""
    [found] = rows(connection, _of(AGREEMENT, truth, causes, customers, without_surveys))
    return Agreement(**found)


def by_cause(
    connection: duckdb.DuckDBPyConnection, truth: Path, causes: str, customers: str
) -> list[OfCause]:
    """How each cause that evidence alone asserts agrees with the truth."""
    return [
        OfCause(**found)
        for found in rows(connection, _of(BY_CAUSE, truth, causes, customers, True))
    ]


def _of(query: str, truth: Path, causes: str, customers: str, without_surveys: bool) -> str:
    return query.format(
        accounts=literal(truth / "person_accounts.parquet"),
        persons=literal(truth / "persons.parquet"),
        causes=causes,
        customers=customers,
        without_surveys=without_surveys,
    )


def measure(seed: int, folder: Path) -> tuple[list[tuple[str, Agreement]], list[OfCause]]:
    """A demo world, built as far as its causes: with surveys, and with evidence alone, and of that
    by cause."""
    refresh = built_world(seed, folder, "customer_churn_causes")
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        return [
            (f"seed {seed} | {name}", agreement(connection, refresh.project.truth, *BUILT, alone))
            for name, alone in (("all", False), ("evidence alone", True))
        ], by_cause(connection, refresh.project.truth, *BUILT)


def with_causes(page: str, found: Iterable[OfCause]) -> str:
    """The page with the causes of all worlds together between its other marks."""
    sums: dict[str, list[int]] = {}
    for each in found:
        counts = sums.setdefault(each.cause, [0, 0, 0])
        counts[0] += each.left_for_it
        counts[1] += each.asserted
        counts[2] += each.agreeing
    table = (
        "| cause | left for it | asserted from evidence | right | right of all asserted | found |\n"
        "|---|--:|--:|--:|--:|--:|\n"
    )
    for cause, (left, asserted, agreeing) in sorted(sums.items()):
        table += (
            f"| {cause} | {left} | {asserted} | {agreeing} | {_share(agreeing, asserted)} |"
            f" {_share(agreeing, left)} |\n"
        )
    return between_marks(page, table, "causes")


def with_table(page: str, found: Iterable[tuple[str, Agreement]]) -> str:
    """The page with these figures between its first two marks."""
    table = (
        "| world | asserted from | silent | unknown | asserted | left for a cause |"
        " right of these | guess | right of all asserted | guess | found |\n"
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    for name, each in found:
        table += (
            f"| {name} | {each.silent} | {each.unknown} | {each.asserted} |"
            f" {each.with_true_cause} |"
            f" {_share(each.agreeing, each.with_true_cause)} |"
            f" {_share(each.guessed, each.with_true_cause)} |"
            f" {_share(each.agreeing, each.asserted)} | {_share(each.guessed, each.asserted)} |"
            f" {_share(each.agreeing, each.left_for_a_cause)} |\n"
        )
    return between_marks(page, table)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else "none"


def main() -> None:
    found: list[tuple[str, Agreement]] = []
    causes: list[OfCause] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for seed in SEEDS:
            worlds, of_causes = measure(seed, Path(folder, f"world {seed}"))
            found += worlds
            causes += of_causes
    page = with_table(PAGE.read_text("utf-8"), found)
    PAGE.write_text(with_causes(page, causes), "utf-8")
    print(f"Wrote {len(found)} rows and the causes into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
