"""The fingerprint changes with what the marts depend on, and with nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from orchestration import fingerprint as module
from orchestration.fingerprint import fingerprint
from orchestration.project import Project
from orchestration.request import Request


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    """A project of one model and one macro that lies beside it, and a data folder."""
    root, data = tmp_path / "project", tmp_path / "data"
    for path, text in {
        root / "dbt_project.yml": "{macro-paths: [../common/macros], vars: {days: 1}}",
        root / "profiles.yml": "{}",
        root / "models/marts/orders.sql": "select 1",
        tmp_path / "common/macros/one.sql": "{% macro one() %}1{% endmacro %}",
        data / "raw/deliveries.jsonl": "{}",
        data / "parameters/model_versions.parquet": "",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Request(Project(root, data), variables={"days": 2})


@pytest.mark.parametrize(
    "changed",
    [
        *("project/dbt_project.yml", "project/profiles.yml", "project/models/marts/orders.sql"),
        *("project/models/marts/new.yml", "project/seeds/new.csv", "common/macros/one.sql"),
        *("data/raw/deliveries.jsonl", "data/parameters/churn_backtest.parquet"),
    ],
)
def test_a_change_of_code_data_or_parameters_shows(request_, tmp_path, changed):
    before = fingerprint(request_)
    path = tmp_path / changed
    path.parent.mkdir(exist_ok=True)
    path.write_text("{macro-paths: [../common/macros], vars: {days: 3}}")
    assert fingerprint(request_) != before


def test_variables_and_the_engine_show(request_):
    spark = Request(
        Project(request_.project.root, request_.project.data, "spark"), None, request_.variables
    )
    found = {fingerprint(each) for each in (request_, request_.asking({"days": 3}), spark)}
    assert len(found) == 3


def test_what_changes_no_mart_does_not_show(request_, tmp_path, monkeypatch):
    before = fingerprint(request_)
    monkeypatch.setenv("REGULARS_THREADS", "1")
    model = request_.project.root / "models/marts/orders.sql"
    os.utime(model, (0, 0))
    (model.parent / ".DS_Store").touch()
    (tmp_path / "data/logs").mkdir()
    (tmp_path / "data/logs/dbt.log").touch()
    assert fingerprint(request_) == before


def test_the_same_project_at_another_place_is_the_same(request_, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    for folder in ("project", "data", "common"):
        shutil.copytree(tmp_path / folder, elsewhere / folder)
    moved = Request(Project(elsewhere / "project", elsewhere / "data"), None, {"days": 2})
    assert fingerprint(moved) == fingerprint(request_)


def test_another_release_of_a_package_shows(request_, monkeypatch):
    before = fingerprint(request_)
    monkeypatch.setattr(module, "version", lambda package: "99")
    assert fingerprint(request_) != before
