"""Roles see in Superset what they see in their files, and by the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.project import Project
from orchestration.roles import View
from orchestration.roles.role import Role
from orchestration.superset.access import Access, of_roles
from orchestration.superset.bundle import Bundle
from orchestration.superset.datasets import Column, Dataset

COLUMNS = {
    "stores": {"store_id": "string", "region": "string"},
    "sales": {"store_id": "string", "sold_on": "date", "net_amount": "double"},
    "people": {"customer_id": "string", "store_id": "string", "city": "string"},
}


def dataset(name: str, *marts: str, sql: str | None = None) -> Dataset:
    columns = [Column(column, "VARCHAR", column) for column in COLUMNS.get(name, {})]
    made = [Column("made", "VARCHAR", "made", "upper(store_id)")]
    return Dataset(name, name, [*columns, *made], [], marts or [name], sql=sql)


BUNDLE = Bundle(
    {
        each.name: each
        for each in (*map(dataset, COLUMNS), dataset("sales_of_stores", "sales", "stores", sql="…"))
    },
    (),
)


def access(**told) -> Access:
    role = Role("west", **({"rows": {}, "whole": [], "masks": {}} | told))
    return Access(View(role, COLUMNS, {("people", "city")}, None), BUNDLE)


def names(ids: list[str]) -> list[str]:
    return [name for name, each in BUNDLE.datasets.items() if each.id in ids]


@pytest.fixture
def west() -> Access:
    return access(rows={"region": ["west"]}, marts=["sales", "people", "stores"])


def test_a_role_opens_the_datasets_of_which_it_sees_every_column(west):
    content = west.content(is_own_file_there=False)
    assert names(content["datasets"]) == ["stores", "sales", "sales_of_stores"]


def test_its_rows_are_those_of_its_stores(west):
    rules = {rule["condition"]: names(rule["datasets"]) for rule in west.content(False)["rows"]}
    assert rules == {
        "\"region\" in ('west')": ["stores"],
        "store_id in (select store_id from marts.stores where \"region\" in ('west'))": [
            "sales",
            "sales_of_stores",
        ],
    }


def test_what_it_sees_in_part_it_sees_on_its_own_file(west):
    [people] = west.own()
    assert people.database == "Regulars: west"
    assert [column.name for column in people.columns] == ["customer_id", "store_id"]
    assert people.id in west.content(is_own_file_there=True)["datasets"]
    assert people.id != BUNDLE.datasets["people"].id


def test_a_mart_that_it_sees_whole_has_all_its_rows():
    analyst = access(rows={"region": ["west"]}, marts=["sales"], whole=["stores"])
    conditions = [rule["condition"] for rule in analyst.content(False)["rows"]]
    assert len(conditions) == 1 and "region" in conditions[0]
    assert names(analyst.content(False)["rows"][0]["datasets"]) == ["sales", "sales_of_stores"]


def test_a_dataset_shows_no_rows_of_a_mart_by_joining_it_to_one_that_is_seen_whole():
    """Sales of all stores, and of the stores those in the west: their names elsewhere are not
    the role's."""
    analyst = access(rows={"region": ["west"]}, marts=["stores"], whole=["sales"])
    assert names(analyst.content(False)["datasets"]) == ["stores", "sales"]


def test_a_dataset_that_joins_a_mart_which_the_role_has_not_is_not_its():
    assert names(access(marts=["sales"]).content(False)["datasets"]) == ["sales"]


def test_the_bundle_of_roles_connects_files_where_superset_sees_them(west):
    merchandise = access(marts=["stores"])
    seen = Project(Path("/checkout"), Path("/srv/regulars"))
    contents = of_roles([west, merchandise], [west], seen)
    [database] = [said for path, said in contents.items() if path.startswith("databases/")]
    assert database["sqlalchemy_uri"] == "duckdb:////srv/regulars/roles/west/current.duckdb"
    assert database["extra"]["engine_params"]["connect_args"]["read_only"]
    assert contents["access.yaml"] == [west.content(True), merchandise.content(False)]
