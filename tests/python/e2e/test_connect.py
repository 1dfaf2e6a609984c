"""Every recipe of docs/connect.md is run as it stands there, and comes to the same revenue."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT, Shop

PAGE = ROOT / "docs" / "connect.md"
NOTEBOOK = ROOT / "docs" / "connect.ipynb"
# Each first file format and way of naming the catalog since the oldest that opens what we publish.
OTHERS = ("1.2.0", "1.3.2", "1.4.4", "2.0.1")
RECIPES = dict(
    (re.search(r"^import (\w+)$", code, re.M)[1], code)
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
)


@pytest.fixture
def above_data(tiny: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "data").symlink_to(tiny.data)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def revenue(tiny: Shop) -> Decimal:
    return tiny.query("select sum(net_amount) from marts.orders")[0][0]


@pytest.mark.parametrize("tool", RECIPES)
def test_a_recipe_comes_to_the_revenue(tiny, above_data, capsys, tool):
    names: dict[str, object] = {}
    exec(compile(RECIPES[tool], f"the recipe for {tool}", "exec"), names)
    assert Decimal(str(names["revenue"])) == revenue(tiny)
    assert str(revenue(tiny)) in capsys.readouterr().out


def test_there_is_a_recipe_for_each_tool():
    assert set(RECIPES) == {"duckdb", "sqlalchemy", "pandas", "polars"}


def test_the_notebook_runs(tiny, above_data, capsys):
    names: dict[str, object] = {}
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"], "what a run has left is of nobody's data"
            exec(compile("".join(cell["source"]), "a cell", "exec"), names)
    assert str(revenue(tiny)) in capsys.readouterr().out
    assert len(names["segments"]) > 1 and not names["cohorts"].empty


def test_what_the_page_says_of_comments_is_so(tiny):
    for statement in re.search(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.S)[1].split(";"):
        if statement.strip():
            found = tiny.query(statement)
            assert found and all(row[-1] for row in found)
    joins = "Key: order_id. Joins: customer_id to customers, store_id to stores."
    [(comment,)] = tiny.query("select comment from duckdb_tables() where table_name = 'orders'")
    assert comment.endswith(joins) and joins in " ".join(PAGE.read_text("utf-8").split())


def test_keys_and_not_null_are_declared(tiny):
    declared = tiny.query(
        "select table_name, constraint_type, constraint_column_names from duckdb_constraints()"
        " where schema_name = 'marts'"
    )
    keys = {table: columns for table, kind, columns in declared if kind == "PRIMARY KEY"}
    assert keys["orders"] == ["order_id"] and keys["customers"] == ["customer_id"]
    assert "customer_rfm" not in keys, "a key of two columns would be an index as large as the mart"
    assert ("customer_rfm", "NOT NULL", ["customer_id"]) in declared
    [(columns, comments)] = tiny.query(
        "select count(*), count(comment) from duckdb_columns() where schema_name = 'marts'"
    )
    assert columns == comments


def installed(package: str, folder: Path) -> Path:
    """A package in a folder of its own."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--target", str(folder), package),
        ],
        check=True,
    )
    return folder


@pytest.mark.long
@pytest.mark.parametrize("version", OTHERS)
def test_the_recipe_runs_with_other_versions(tiny, above_data, tmp_path, version):
    folder = installed(f"duckdb=={version}", tmp_path / "duckdb")
    code = f"import duckdb; assert duckdb.__version__ == '{version}'\n{RECIPES['duckdb']}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(revenue(tiny))


@pytest.mark.long
def test_the_recipe_runs_in_the_shell_of_duckdb(tiny, above_data, tmp_path):
    folder = installed("duckdb-cli", tmp_path / "cli")
    command = re.search(r"```sh\n(duckdb .*?)```", PAGE.read_text("utf-8"), re.S)[1]
    done = subprocess.run(
        ["sh", "-c", command],
        env={
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [(day, amount), *_] = tiny.query(
        "select ordered_on, sum(net_amount) from marts.orders group by 1 order by 1 desc"
    )
    assert str(day) in done.stdout and str(amount) in done.stdout
