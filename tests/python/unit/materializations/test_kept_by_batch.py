"""What is kept of staging: always the rows that its SQL would give, of new files alone parsed."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import duckdb
import pytest
import yaml
from dbt_here import invoke

from orchestration.duck import connect
from orchestration.project import ROOT, Project

FILES = {
    "dbt_project.yml": f"""
        name: shop
        profile: regulars
        macro-paths: ["{ROOT / "macros"}"]
        flags: {{send_anonymous_usage_stats: false, use_colors: false}}
        on-run-start: "{{{{ register_raw() }}}}"
        models: {{shop: {{+materialized: kept_by_batch}}}}
    """,
    "models/stg_till__lines.sql": """
        with source as (
            select * from {{ source('till', 'lines') }}
        )
        select
            try_cast(price as {{ var('type', 'decimal(5,2)') }}) as price,
            row_number() over (partition by _batch, receipt order by _line nulls last) as place,
            case when {{ var('stops', false) }} then error('stopped') end as stopped,
            _line, _batch, _landed_at
        from source
    """,
    "models/sources.yml": """
        sources:
          - name: till
            schema: raw
            tables:
              - name: lines
                identifier: till__lines
                columns: [{name: receipt}, {name: price}]
    """,
}


class Shop:
    """A project of one staging model over files by version."""

    def __init__(self, root: Path):
        self.root = root
        self.raw = root / "raw" / "till__lines"
        self.raw.mkdir(parents=True)
        for name, text in FILES.items():
            path = root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")

    def deliver(self, batch: str, *prices: str, landed_at: str = "2026-01-01") -> None:
        with duckdb.connect() as connection:
            connection.execute(
                "copy (select 'r' as receipt, unnest($1::varchar[]) as price,"
                " generate_subscripts($1::varchar[], 1) as _line, $2 as _batch,"
                f" cast($3 as timestamp) as _landed_at) to '{self.raw / batch}.parquet'",
                [list(prices), batch, landed_at],
            )

    def build(self, *words: str, **variables: object) -> bool:
        command = ("run", "--vars", yaml.safe_dump(variables), *words)
        return invoke(Project(self.root, self.root), command).returncode == 0

    def ask(self, query: str) -> list[tuple]:
        with connect() as connection:
            connection.execute(f"attach '{self.root / 'warehouse.duckdb'}' as warehouse")
            connection.execute("use warehouse")
            return connection.execute(query).fetchall()

    def rows(self) -> list[tuple]:
        return self.ask("select _batch, price, place from stg_till__lines order by all")

    def mark(self) -> None:
        """Changes what is kept of each row, so that it is told which were parsed since."""
        self.ask("update stg_till__lines set _line = -1")

    def parsed(self) -> set[str]:
        found = self.ask("select distinct _batch from stg_till__lines where _line <> -1")
        return {batch for (batch,) in found}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The tests below go on from each other: a shop's days."""
    shop = Shop(tmp_path_factory.mktemp("kept"))
    shop.deliver("a", "1.5", "2")
    shop.deliver("b", "3")
    assert shop.build()
    shop.mark()
    return shop


def test_a_new_file_is_parsed_alone_and_one_that_is_gone_is_shed(shop: Shop) -> None:
    (shop.raw / "b.parquet").unlink()
    shop.deliver("c", "4", "free")
    assert shop.build()
    assert shop.parsed() == {"c"}
    assert [(batch, place) for batch, _, place in shop.rows()] == [
        ("a", 1),
        ("a", 2),
        ("c", 1),
        ("c", 2),
    ]


def test_a_file_that_landed_anew_under_its_old_name_is_parsed_anew(shop: Shop) -> None:
    shop.mark()
    shop.deliver("a", "1.5", "2", landed_at="2026-01-02")
    assert shop.build()
    assert shop.parsed() == {"a"}
    assert len(shop.rows()) == 4


def test_a_run_that_fails_leaves_what_was_kept(shop: Shop) -> None:
    before = shop.rows()
    assert not shop.build(stops=True)
    assert shop.rows() == before


def test_other_sql_makes_all_anew_and_so_does_a_full_refresh(shop: Shop) -> None:
    shop.mark()
    assert shop.build(type="decimal(9,3)")
    assert shop.parsed() == {"a", "c"}
    shop.mark()
    assert shop.build("--full-refresh", type="decimal(9,3)")
    assert shop.parsed() == {"a", "c"}
