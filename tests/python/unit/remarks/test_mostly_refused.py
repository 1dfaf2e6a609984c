"""Which files hold the publication up: tests/singular/assert_no_file_is_mostly_refused.sql."""

from __future__ import annotations

from typing import Any

import duckdb
import jinja2
import pytest
import yaml

from orchestration.project import ROOT

CHECK = ROOT / "tests" / "singular" / "assert_no_file_is_mostly_refused.sql"
VARIABLES = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]


def holds(
    row_count: int,
    rows_refused: int,
    rows_waiting: int = 0,
    entity: str | None = "orders",
    **variables: Any,
) -> bool:
    """Whether a file holds of whose rows of an entity so many were refused."""
    values = {**VARIABLES, **variables}
    sql = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(CHECK.read_text())
    meta = {"payments": {"refusals": "told"}}
    query = sql.render(ref=str, var=values.get, settings_of=lambda entity: meta.get(entity, {}))
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_delivery_quality as select 'till' as source_system,"
            " ?::text as entity, 'a' as batch, ? as row_count, ? as rows_refused,"
            " ? as rows_waiting",
            [entity, row_count, rows_refused, rows_waiting],
        )
        connection.execute(
            "create table int_current_deliveries as select 'a' as batch, 'till/a.csv' as file"
        )
        return bool(connection.execute(query).fetchall())


@pytest.mark.parametrize(
    ("row_count", "rows_refused", "expected"),
    [
        (200, 200, True),
        (200, 41, True),
        (200, 40, False),  # a fifth, and no more
        (24, 5, True),
        (8, 4, False),  # half of it, but few
        (3, 1, False),
        (3, 3, True),
        (2, 2, True),
        (1, 1, False),  # one row tells nothing of its file
        (1000, 0, False),
    ],
)
def test_a_file_holds_when_more_than_a_fifth_of_it_was_refused_or_all(
    row_count: int, rows_refused: int, expected: bool
) -> None:
    assert holds(row_count, rows_refused) is expected


def test_rows_that_lack_their_orders_wait_for_them_unless_nothing_else_is_there() -> None:
    assert not holds(27, 8, rows_waiting=7)
    assert not holds(200, 199, rows_waiting=199)
    assert holds(200, 200, rows_waiting=200)
    assert holds(200, 199, rows_waiting=150)


def test_the_limits_are_variables() -> None:
    assert holds(200, 30, refused_max_share=0.1)
    assert not holds(200, 200, refused_max_share=1)
    assert holds(8, 4, refused_min_rows=4)


def test_a_file_that_somebody_has_looked_at_holds_nothing() -> None:
    assert not holds(200, 200, refused_rightly=["till/a.csv"])
    assert holds(200, 200, refused_rightly=["till/b.csv"])


def test_an_entity_that_is_only_told_holds_nothing_and_lines_of_none_do() -> None:
    assert not holds(200, 200, entity="payments")
    assert holds(200, 200, entity=None)
