"""Whole partitions replaced, the others left alone, on each engine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import BIN, ROOT

from orchestration.duck import connect
from orchestration.project import Project
from orchestration.warehouse import attach

MODEL = """
{{ config(**incremental_by('month_on')) }}
select sale, cast(amount as decimal(18,2)) as amount, cast(month_on as date) as month_on
from (values {{ var('sales') }}) as sales(sale, amount, month_on)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project of one incremental model of sales."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "sales.sql").write_text(MODEL)
    settings = {
        "name": "sales",
        "profile": "regulars",
        "macro-paths": [str(ROOT / "macros" / "portable")],
        "flags": {"send_anonymous_usage_stats": False},
    }
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    return tmp_path


def build(project: Path, engine: str, *sales: tuple[str, str, str]) -> list[tuple]:
    """The table after a build that delivers these sales."""
    values = ", ".join(f"('{sale}', '{amount}', '{month}')" for sale, amount, month in sales)
    done = subprocess.run(
        [
            *(str(BIN / "dbt"), "run", "--profiles-dir", str(ROOT), "--target", engine),
            *("--vars", yaml.safe_dump({"sales": values}, default_flow_style=True)),
        ],
        cwd=project,
        env={**os.environ, "REGULARS_DATA": str(project)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    with connect() as connection:
        attach(connection, Project(ROOT, project, engine).warehouse)
        return connection.execute(
            "select sale, amount::varchar, month_on::varchar from warehouse.main.sales order by 1"
        ).fetchall()


def test_only_delivered_months_are_replaced(project: Path, engine: str) -> None:
    january, february = ("a", "1.00", "2026-01-01"), ("b", "2.00", "2026-02-01")
    assert build(project, engine, january, february) == [january, february]
    corrected, march = ("c", "2.50", "2026-02-01"), ("d", "4.00", "2026-03-01")
    assert build(project, engine, corrected, march) == [january, corrected, march]
