"""What a refresh ends with: rows, checks, refusals, changes, minutes, and where to look."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.artifacts import Artifacts
from orchestration.landing.report import FeedNumbers
from orchestration.project import Project
from orchestration.publish.changes import Change, changes
from orchestration.publish.generations import current_id, publish
from orchestration.publish.marts import Mart
from orchestration.publish.stage import PublicationFacts
from orchestration.summary import Summary, refused, summarised

FACTS = PublicationFacts(date(2026, 2, 28), None, "c0ffee", "1.11.16", "duckdb")
LANDED = FeedNumbers(landed=2, unchanged=5, held=0, missing=0, rows=1234, lines_quarantined=1)


def released(project: Project, **tables: str) -> str:
    """Publishes a generation of these marts, each by the query that makes it."""
    project.warehouse.unlink(missing_ok=True)
    with duckdb.connect(project.warehouse) as connection:
        connection.execute("create schema marts")
        for name, query in tables.items():
            connection.execute(f"create table marts.{name} as {query}")
    marts = [
        Mart(name, ["id"], month="sold_on" if "sold_on" in tables[name] else None)
        for name in sorted(tables)
    ]
    return publish(marts, project.warehouse, project.published, FACTS, datetime.now(UTC)).id


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data").mkdir()
    return Project(tmp_path, tmp_path / "data")


def rows(count: int, value: int = 0) -> str:
    return f"select i as id, {value} as value from range({count}) as numbers(i)"


def artifacts(*results: tuple[str, str | None]) -> Artifacts:
    """What dbt leaves of nodes with these messages."""
    nodes = {id: {"resource_type": id.split(".")[0]} for id, _ in results}
    found = [{"unique_id": id, "status": "success", "message": said} for id, said in results]
    return Artifacts({"nodes": nodes}, {"results": found})


def test_of_two_generations_it_is_said_what_changed(project):
    first = released(project, orders=rows(10), shops=rows(3), stores=rows(2), gone=rows(1))
    told = changes(project.published, first, None)
    assert str(told) == "4 marts with 16 rows, the first that readers see"
    assert current_id(project.published) == first
    second = released(project, orders=rows(1500), shops=rows(3, 1), stores=rows(2), new=rows(4))
    told = changes(project.published, second, first)
    assert told.changed == [
        Change("orders", 10, 1500),
        Change("new", None, 4),
        Change("gone", 1, None),
        Change("shops", 3, 3),
    ]
    assert str(told) == f"4 of 4 marts since generation {first}"
    assert list(map(str, told.changed)) == [
        "orders +1,490 rows",
        "new new, 4 rows",
        "gone gone",
        "shops same number of rows",
    ]


def test_of_a_mart_by_month_it_is_said_which_months_changed(project):
    sales = "select i as id, date '2025-11-01' + i::integer as sold_on from range({}) as numbers(i)"
    first = released(project, sales=sales.format(60))
    second = released(project, sales=sales.format(61))
    told = changes(project.published, second, first).changed
    assert told == [Change("sales", 60, 61, ("2025-12",))]
    assert str(told[0]) == "sales +1 row (2025-12)"
    third = released(project, sales=sales.format(99).replace("i as id", "i + i // 31 as id"))
    told = changes(project.published, third, second).changed
    assert told == [Change("sales", 61, 99, ("2025-12", "2026-01", "2026-02"))]
    assert str(told[0]) == "sales +38 rows (3 months from 2025-12 to 2026-02)"


def test_months_are_told_where_both_generations_know_them(project):
    undated = "select 1 as id, null::date as sold_on"
    first = released(project, sales="select 1 as id")
    second = released(project, sales=undated)
    assert changes(project.published, second, first).changed == [Change("sales", 1, 1)]
    third = released(project, sales=f"{undated} union all select 2, null")
    assert changes(project.published, third, second).changed == [Change("sales", 1, 2)]


def test_the_summary_says_it_in_lines_and_in_figures(project):
    refusals = "select 1 as id, 'late' as reason_code, 3::bigint as row_count"
    first = released(project, orders=rows(10), quarantine_summary=refusals)
    assert refused(project.published) == {"late": 3}
    released(
        project, orders=rows(12), quarantine_summary=f"{refusals} union all select 2, 'odd', 7"
    )
    [generation] = [each for each in _seen(project) if each.is_current]
    results = [
        ("model.sales", "OK"),
        ("model.orders", "KEPT"),
        ("seed.days", "KEPT"),
        ("test.one", None),
    ]
    summary = summarised(project, LANDED, artifacts(*results), generation, first)
    lines = list(summary.lines(project, 84.0, {"land": 4.0, "build": 80.0}))
    assert lines[:6] == [
        "Landed:   2 new files with 1,234 rows; 5 unchanged",
        "Made:     1 of 3 tables and views; of the others nothing had changed",
        "Checks:   1, none that forbids publication",
        "Refused:  10 rows: odd 7, late 3",
        f"Changed:  2 of 2 marts since generation {first}: orders +2 rows, "
        "quarantine_summary +1 row",
        "Minutes:  1:24 (land 0:04, build 1:20)",
    ]
    assert str(project.published / "current.duckdb") in lines[6]
    facts = summary.facts(project, 84.0, {"build": 80.0})
    assert facts["refused"] == {"odd": 7, "late": 3}
    assert facts["changed"][0] == {"mart": "orders", "before": 10, "after": 12, "months": ()}
    assert facts["rows_published"] == 14


def test_a_project_without_a_mart_of_refusals_says_nothing_of_them(project):
    released(project, orders=rows(1))
    assert refused(project.published) is None
    told = Summary(LANDED, 1, None, changes(project.published, _seen(project)[0].id, None), 1, 0)
    assert not [line for line in told.lines(project, 1.0, {}) if line.startswith("Refused")]


def _seen(project: Project):
    from orchestration.publish.generations import generations

    return generations(project.published)
