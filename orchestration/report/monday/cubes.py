"""The tables of the page: small aggregates of the published marts, each one SQL file in `cubes/`.

Files whose name begins with `_` make what others read. A table is left out where a mart of its is
not published. What is known of fewer than five customers is taken out here, but from the list of
single customers, which names them by their ids alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import rows
from orchestration.report.monday.movers import FACTORS, Sales, contributions
from orchestration.report.monday.shield import ALL, FEWEST, hidden
from orchestration.report.stretches import marts_read, prepare

FOLDER = Path(__file__).with_name("cubes")
# What stands in place of a count that is not 0, and too small to be shown.
FEW = -1

Row = dict[str, Any]


@dataclass(frozen=True)
class Guard:
    """How the people in a table are kept from being told apart."""

    groups: tuple[str, ...] = ()
    """Columns whose values never add up, as stretches of days."""
    dims: tuple[str, ...] = ()
    """Columns over which it adds up, with rows for all of them."""
    keys: tuple[str, ...] = ()
    """Columns that are shown of a row whose figures are hidden, besides those."""
    counts: tuple[str, ...] = ()
    """Counts of some of the people, hidden by themselves where they are few."""
    of_few: Mapping[str, str] = field(default_factory=dict)
    """Figures that are hidden with such a count, by the name of it."""
    tells_people: bool = True
    """Whether the page shows how many people it is."""


PEOPLE = "people"
SOLD = ("place", "channel", "segment")
# All that a place sells.
SHOP = {"channel": ALL, "segment": ALL}
GUARDS = {
    "cells": Guard(("period", "frame"), SOLD, tells_people=False),
    "weeks": Guard(("weeks_back",), SOLD, tells_people=False),
    "days": Guard(("days_back",), SOLD, tells_people=False),
    "moves": Guard(("period", "frame", "move"), SOLD),
    "visits": Guard(("period", "frame"), ("segment",), counts=("buying_visits",)),
    "figures": Guard(
        ("period", "frame", "kpi"),
        ("place", "channel"),
        ("expected_numerator", "expected_denominator", "low", "high"),
        tells_people=False,
    ),
    "figure_weeks": Guard(("kpi", "weeks_back"), SOLD, tells_people=False),
    "risk": Guard((), (*SOLD, "level"), ("level_en", "level_zh")),
    "segments": Guard(("frame", "as_of_date"), SOLD),
    "states": Guard(("as_of_date",), (*SOLD, "state"), ("state_en", "state_zh")),
    "audiences": Guard(
        ("audience",),
        SOLD,
        ("contact",),
        ("target_people", "held_out_people", "excluded_people"),
        {"value_amount": "target_people"},
    ),
    "plays": Guard(
        ("play",),
        SOLD,
        ("play_en", "play_zh", "offer_en", "offer_zh", "experiment_count"),
        ("reachable", "worthwhile"),
        {"value_amount": "worthwhile", "cost_amount": "worthwhile"},
    ),
    "newcomers": Guard(
        ("cohort_month",),
        SOLD,
        ("is_complete",),
        ("within_30", "within_60", "within_90"),
    ),
    "acquisition": Guard(
        ("performance_month",),
        ("channel",),
        ("is_complete", "spend_amount"),
        ("activated", "retained"),
    ),
    "cohorts": Guard(("cohort_month", "months_since"), SOLD),
    "stores": Guard(("period", "frame"), ("place",), counts=("member_purchases",)),
}
# What is drawn over time: a line of gaps for the most part is left out.
LINES = ("weeks", "days", "states", "figure_weeks")


def cubes(
    database: duckdb.DuckDBPyConnection, published: Set[str]
) -> dict[str, Mapping[str, list[Any]]]:
    """All tables that the publication can answer, by their names, each as its columns."""
    asked = dict(_asked(database, published))
    within = {row["code"]: row["within"] for row in asked.get("dims", []) if row["dim"] == "store"}
    shown = {
        name: list(guarded(answer, GUARDS[name], within)) if name in GUARDS else answer
        for name, answer in asked.items()
    }
    cells, visits = asked.get("cells", []), asked.get("visits", [])
    few = {_cell(row) for row in shown.get("cells", []) if row["is_few"]}
    shown["movers"] = list(_movers(cells, visits, few))
    for name in LINES:
        shown[name] = list(_mostly_told(shown.get(name, [])))
    shown["stores"] = [
        _hidden(row, GUARDS["stores"]) if _cell(SHOP | row) in few else row
        for row in shown.get("stores", [])
    ]
    begun = {_begun(row): row[PEOPLE] for row in shown.get("newcomers", []) if not row["is_few"]}
    shown["cohorts"] = [
        row | {"cohort_people": begun[_begun(row)]}
        for row in shown.get("cohorts", [])
        if _begun(row) in begun
    ]
    shown["campaigns"] = [_campaign(row) for row in asked.get("campaigns", [])]
    return {name: _columns(answer) for name, answer in shown.items() if answer}


def _asked(
    database: duckdb.DuckDBPyConnection, published: Set[str]
) -> Iterator[tuple[str, list[Row]]]:
    """What the marts answer to each query whose marts are published."""
    prepare(database, published)
    lacking = set()
    for file in sorted(FOLDER.glob("*.sql"), key=_place):
        query = file.read_text("utf-8")
        reads_lacking = any(re.search(rf"\b(from|join) {name}\b", query) for name in lacking)
        is_asked = published.issuperset(marts_read(query)) and not reads_lacking
        if not file.stem.startswith("_"):
            if is_asked:
                yield file.stem, rows(database, query)
        elif is_asked:
            database.execute(query)
        else:
            lacking.add(file.stem.removeprefix("_"))


def _place(file: Path) -> tuple[bool, str]:
    """What others read comes first."""
    return not file.stem.startswith("_"), file.stem


def guarded(answer: Iterable[Row], guard: Guard, within: Mapping[str, str] = {}) -> Iterator[Row]:
    """The rows, without the figures of those that may not be shown: they have `is_few` instead."""
    by_group: dict[tuple[Any, ...], dict[tuple[str, ...], Row]] = defaultdict(dict)
    for row in answer:
        group = tuple(row[column] for column in guard.groups)
        by_group[group][tuple(str(row[column]) for column in guard.dims)] = row
    for cells in by_group.values():
        few = hidden({cell: int(row[PEOPLE] or 0) for cell, row in cells.items()}, within)
        for cell, row in cells.items():
            if cell in few:
                yield _hidden(row, guard)
            else:
                shown = _rounded({**row, **_few_of(row, guard), "is_few": False})
                yield shown if guard.tells_people else shown | {PEOPLE: None}


def _hidden(row: Row, guard: Guard) -> Row:
    kept = {*guard.groups, *guard.dims, *guard.keys}
    return {name: value if name in kept else None for name, value in row.items()} | {"is_few": True}


def _few_of(row: Row, guard: Guard) -> Row:
    """The counts of few of a row's people, and what is known of these, as they are shown."""
    few = {name for name in guard.counts if row[name] and 0 < row[name] < FEWEST}
    return {
        **dict.fromkeys(few, FEW),
        **{name: None for name, count in guard.of_few.items() if count in few},
    }


def _mostly_told(answer: list[Row]) -> Iterator[Row]:
    """The lines of which no more is hidden than shown; all customers together always are one."""
    gaps: Counter[tuple[str, ...]] = Counter()
    for row in answer:
        gaps[_drawn(row)] += 1 if row["is_few"] else -1
    for row in answer:
        if set(_line(row)) == {ALL} or gaps[_drawn(row)] <= 0:
            yield row


def _drawn(row: Row) -> tuple[str, ...]:
    """The line of a row, which is of one key figure where there are several."""
    return (row.get("kpi", ""), *_line(row))


def _line(row: Row) -> tuple[str, ...]:
    return tuple(row[dim] for dim in SOLD)


def _begun(row: Row) -> tuple[Any, ...]:
    return (row["cohort_month"], *_line(row))


def _campaign(row: Row) -> Row:
    """A campaign, without effects on fewer people than may be told of."""
    few = {name for name in ("people", "member_count") if row[name] and 0 < row[name] < FEWEST}
    effects = {name for name in row if name.endswith(("_difference", "_per_contact", "_change"))}
    return _rounded(row | dict.fromkeys(few, FEW) | dict.fromkeys(effects if few else set(), None))


def _cell(row: Row) -> tuple[str, ...]:
    return (row["period"], row["frame"], *_line(row))


def _movers(cells: list[Row], visits: list[Row], few: Set[tuple[str, ...]]) -> Iterator[Row]:
    """Why each shown cell differs from what it is compared with, in cents, so that parts add up."""
    visitors = {(row["period"], row["frame"], row["segment"]): row[PEOPLE] for row in visits}
    sales = {_cell(row): _sales(row, visitors) for row in cells}
    for period, frame in sorted({key[:2] for key in sales if key[1] != "now"}):
        compared = {key[2:] for key in sales if key[0] == period and key[1] in ("now", frame)}
        for place in sorted(compared):
            now, then = (period, "now", *place), (period, frame, *place)
            if not {now, then} & few:
                yield {
                    "period": period,
                    "frame": frame,
                    **dict(zip(SOLD, place, strict=True)),
                    **_in_cents(sales.get(then, Sales()), sales.get(now, Sales())),
                }


def _sales(row: Row, visitors: Mapping[tuple[str, str, str], int]) -> Sales:
    """A cell; visitors are known of all sales outside stores together alone."""
    is_online = row["place"] == "no_store" and row["channel"] == ALL
    return Sales(
        buyers=row["buyers"],
        orders=row["known_orders"],
        units=float(row["known_units"]),
        amount=row["known_amount"],
        guest_amount=row["guest_amount"],
        other_amount=row["other_amount"],
        visitors=visitors.get((row["period"], row["frame"], row["segment"])) if is_online else None,
    )


def _in_cents(before: Sales, after: Sales) -> dict[str, int]:
    """The contributions, which add up to the change to the cent."""
    parts = contributions(before, after)
    return {
        "now": round(100 * after.net_amount),
        "before": round(100 * before.net_amount),
        **{factor: round(100 * parts.get(factor, Decimal(0))) for factor in FACTORS},
    }


def _rounded(row: Row) -> Row:
    """Money of groups in whole units, which is as much as anybody reads of it."""
    return {
        name: round(value) if name.endswith("_amount") and value is not None else value
        for name, value in row.items()
    }


def _columns(answer: list[Row]) -> dict[str, Any]:
    """The table by columns, each of texts as its values and their places; of nulls alone none.

    What is hidden comes last, and a column ends with the last of its values that is one.
    """
    told_first = sorted(answer, key=lambda row: bool(row.get("is_few")))
    columns = {name: [_plain(row[name]) for row in told_first] for name in answer[0]}
    return {name: _packed(values) for name, values in columns.items() if set(values) != {None}}


def _packed(values: list[Any]) -> Any:
    length = max(place for place, value in enumerate(values, 1) if value is not None)
    values = values[:length]
    if not any(isinstance(value, str) for value in values):
        return values
    distinct = list(dict.fromkeys(values))
    places = {value: place for place, value in enumerate(distinct)}
    return {"of": distinct, "at": [places[value] for value in values]}


def _plain(value: Any) -> Any:
    """The value as JSON has it, with as many digits as a page can use."""
    if value is None or type(value) in (str, int):  # nearly all are, of a million and more
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (Decimal, float)):
        value = round(value) if abs(value) >= 1000 else float(f"{value:.5g}")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
