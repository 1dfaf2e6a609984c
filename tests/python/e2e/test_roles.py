"""Each role finds its own rows and columns in its file, and nothing of the others': every role,
mart and column of the tiny example."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import Shop

from orchestration.artifacts import Artifacts, NoArtifacts
from orchestration.landing.keyed import VARIABLE
from orchestration.privacy.inventory import NONE, Declarations
from orchestration.project import Project
from orchestration.publication import roll_back
from orchestration.publish.marts import PublicationError
from orchestration.roles import publish_roles, refuse_bad_roles, roles_stand
from orchestration.roles.role import KEYS_OF_DEEDS

DIVIDED = ["orders", "order_lines", "refunds", "customers", "customer_rfm", "sessions", "stores"]
ROLES = {
    "east": {"rows": {"region": ["east"]}, "marts": DIVIDED, "whole": ["products"]},
    "south_and_west": {
        "rows": {"store_id": ["erp:S02", "erp:S03"]},
        "marts": DIVIDED,
        "columns": {"customer_id": "pseudonym", "city": "show", "customers.gender": "show"},
    },
    "analyst": {
        "marts": [*DIVIDED, "customer_accounts"],
        "columns": {"customer_id": "pseudonym", "account_id": "pseudonym", "ordered_on": "month"},
    },
}
STORES = {"east": {"erp:S01"}, "south_and_west": {"erp:S02", "erp:S03"}}


def project_of(tiny: Shop, folder: Path, roles: dict[str, dict]) -> Project:
    """A project with these roles, whose readers see what was published of the tiny example."""
    project = Project(folder, folder / "data")
    project.roles.mkdir(parents=True)
    project.data.mkdir()
    project.published.symlink_to(tiny.data / "published")
    for name, role in roles.items():
        (project.roles / f"{name}.yml").write_text(yaml.safe_dump(role))
    return project


@pytest.fixture(scope="module")
def manifest(tiny: Shop) -> dict:
    return Artifacts.read(Project(tiny.root, tiny.data).target).manifest


@pytest.fixture(scope="module")
def project(tiny: Shop, manifest: dict, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = project_of(tiny, tmp_path_factory.mktemp("roles"), ROLES)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, "k" * 32)
        refuse_bad_roles(project, manifest)
        publish_roles(project, manifest, print)
    return project


def query(project: Project, role: str, sql: str) -> list[tuple]:
    with duckdb.connect(project.role_files / role / "current.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def columns(project: Project, role: str) -> set[tuple[str, str]]:
    asked = "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
    found = query(project, role, asked)
    return {(table, column) for table, column in found if table != "publication"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_the_marts_that_it_names_and_no_other(project, role):
    named = {*ROLES[role]["marts"], *ROLES[role].get("whole", [])}
    assert {mart for mart, _ in columns(project, role)} == named


@pytest.mark.parametrize("role", ROLES)
def test_a_personal_column_is_there_only_where_the_role_names_it(project, manifest, role):
    declarations = Declarations.of(manifest)
    masks = ROLES[role].get("columns", {})
    for mart, column in columns(project, role):
        if declarations.kind("marts", mart, column) not in (None, NONE):
            assert {column, f"{mart}.{column}"} & set(masks), f"{role} sees {mart}.{column}"


@pytest.mark.parametrize("role", STORES)
def test_a_role_has_all_rows_of_its_stores_and_no_other(tiny, project, role):
    """Of every mart that is divided, by key where the role sees it and by number anyway."""
    mine = ", ".join(f"'{store}'" for store in STORES[role])
    of_stores = f"store_id in ({mine})"
    of_customers = f"customer_id in (select customer_id from marts.orders where {of_stores})"
    of_orders = f"order_id in (select order_id from marts.orders where {of_stores})"
    conditions = {
        **dict.fromkeys(["orders", "order_lines", "stores"], of_stores),
        **dict.fromkeys(["customers", "customer_rfm", "sessions"], of_customers),
        "refunds": of_orders,
    }
    assert set(conditions) == set(DIVIDED)
    for mart, condition in conditions.items():
        shown = sorted(name for table, name in columns(project, role) if table == mart)
        plain = [name for name in shown if name not in ("customer_id", *KEYS_OF_DEEDS)]
        asked = f"select {', '.join(plain)} from marts.{mart}"
        expected = tiny.query(f"{asked} where {condition} order by all")
        assert query(project, role, f"{asked} order by all") == expected, mart
        assert len(expected) < len(tiny.query(f"select 1 from marts.{mart}")), mart


def test_what_nobody_divides_is_seen_whole(tiny, project):
    asked = "select * from marts.products order by all"
    assert query(project, "east", asked) == tiny.query(asked)


def test_pseudonyms_join_within_a_role_and_with_nothing_else(tiny, project):
    asked = "select distinct customer_id from marts.customers"
    found = {role: {each for (each,) in query(project, role, asked)} for role in list(ROLES)[1:]}
    ours = {each for (each,) in tiny.query(asked)}
    assert len(found["analyst"]) == len(ours)
    assert not found["analyst"] & found["south_and_west"]
    assert not found["analyst"] & ours
    [(orders, joined)] = query(
        project,
        "analyst",
        """select count(*), count(customers.customer_id)
        from marts.orders left join marts.customers using (customer_id)
        where orders.customer_id is not null""",
    )
    assert orders == joined > 0


def test_no_receipt_joins_the_pseudonyms_of_two_roles(tiny, project):
    asked = "select order_id from marts.orders union select order_id from marts.order_lines"
    found = {role: set(query(project, role, asked)) for role in list(ROLES)[1:]}
    assert found["analyst"] and not found["analyst"] & found["south_and_west"]
    assert not found["analyst"] & set(tiny.query(asked))
    lines = query(
        project,
        "analyst",
        "select count(*), count(orders.order_id)"
        " from marts.order_lines left join marts.orders using (order_id)",
    )
    assert lines[0][0] == lines[0][1] > 0


@pytest.mark.parametrize("role", ROLES)
def test_rows_lie_in_the_order_of_what_is_shown(project, role):
    """And not in that of a customer id that the role does not see."""
    for mart in {mart for mart, _ in columns(project, role)}:
        rows = f"from marts.{mart}"
        assert query(project, role, rows) == query(project, role, f"{rows} order by all"), mart


def test_no_value_of_what_is_hidden_is_in_any_file(tiny, project):
    """Read as values, since the file is packed: of customers and accounts, and of other stores."""
    hidden = {value for (value,) in tiny.query("select customer_id from marts.customers")}
    hidden |= {value for (value,) in tiny.query("select account_id from marts.customer_accounts")}
    for role in ROLES:
        named = sorted(columns(project, role))
        texts = " union ".join(
            f'select "{column}"::varchar from marts.{mart}' for mart, column in named
        )
        values = {value for (value,) in query(project, role, texts)}
        assert not values & hidden, role
        if role in STORES:
            theirs = {store for stores in STORES.values() for store in stores} - STORES[role]
            assert not values & theirs, role


def test_a_month_is_what_is_left_of_a_day(project):
    days = query(
        project, "analyst", "select distinct extract(day from ordered_on) from marts.orders"
    )
    assert days == [(1,)]


def test_a_role_s_folder_is_for_its_owner_and_group_and_stays_as_it_is_given(tiny, project):
    folder = project.role_files / "east"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750
    assert stat.S_IMODE((folder / "current.duckdb").stat().st_mode) == 0o444
    [(generation,)] = query(project, "east", "select generation from marts.publication")
    assert tiny.query("select generation from marts.publication") == [(generation,)]


def test_a_role_that_is_gone_keeps_no_file(tiny, manifest, tmp_path):
    project = project_of(tiny, tmp_path, {"east": ROLES["east"]})
    publish_roles(project, manifest, print)
    (project.roles / "east.yml").unlink()
    (project.role_files / "notes.txt").touch()
    publish_roles(project, manifest, print)
    assert not list(project.role_files.iterdir())


def test_a_role_that_is_narrowed_keeps_no_wider_file(tiny, manifest, tmp_path):
    project = project_of(tiny, tmp_path, {"east": ROLES["east"]})
    project.target.mkdir()  # as a build that was stopped leaves it: without results
    (project.target / "manifest.json").symlink_to(tiny.data / "target" / "manifest.json")
    publish_roles(project, manifest, print)
    [wide] = (project.role_files / "east").glob("0*.duckdb")
    assert roles_stand(project)
    narrow = {**ROLES["east"], "columns": {"ordered_on": "hide"}}
    (project.roles / "east.yml").write_text(yaml.safe_dump(narrow))
    assert not roles_stand(project), "a refresh that was killed here would publish again"
    publish_roles(project, manifest, print)
    assert roles_stand(project) and not wide.exists()
    assert len(list((project.role_files / "east").glob("0*.duckdb"))) == 1


def test_a_rollback_that_roles_can_t_follow_moves_nobody(tiny, tmp_path):
    project = project_of(tiny, tmp_path, {"east": ROLES["east"]})
    project.role_files.mkdir(parents=True)
    current = (project.published / "current").readlink()
    with pytest.raises(NoArtifacts, match=r"manifest\.json"):
        roll_back(project, print)
    assert (project.published / "current").readlink() == current


@pytest.fixture
def after_an_update(tiny, tmp_path) -> Project:
    """A role of orders, whose readers may go back to what another version has published: stores
    alone, with a column that today's project does not know."""
    project = project_of(tiny, tmp_path, {"east": ROLES["east"]})
    project.published.unlink()
    shutil.copytree(tiny.data / "published", project.published, symlinks=True)
    former = project.published / "generations" / "000000-00000000"
    former.mkdir()
    with duckdb.connect(former / "regulars.duckdb") as database:
        database.execute("create schema marts")
        database.execute("create table marts.stores as select 'erp:S01' as store_id, 7 as former")
        database.execute(
            "create table marts.publication as select '000000-00000000' as generation,"
            " now()::timestamp as published_at, date '2026-06-01' as as_of_date"
        )
        file = str(former / "publication.parquet")
        database.execute("copy marts.publication to $file", {"file": file})
    project.role_files.mkdir(parents=True)
    project.target.mkdir()
    (project.target / "manifest.json").symlink_to(tiny.data / "target" / "manifest.json")
    return project


def test_a_rollback_to_what_has_not_all_that_a_role_sees_moves_nobody(after_an_update):
    current = (after_an_update.published / "current").readlink()
    with pytest.raises(PublicationError, match="east.yml: there is no mart orders"):
        roll_back(after_an_update, print)
    assert (after_an_update.published / "current").readlink() == current


def test_a_column_that_only_another_version_knows_is_shown_to_no_role(after_an_update):
    role = after_an_update.roles / "east.yml"
    role.write_text(yaml.safe_dump({"rows": {"store_id": ["erp:S01"]}, "marts": ["stores"]}))
    assert roll_back(after_an_update, print).id == "000000-00000000"
    with duckdb.connect(after_an_update.role_files / "east" / "current.duckdb") as seen:
        assert [name for name, *_ in seen.sql("describe marts.stores").fetchall()] == ["store_id"]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ({"marts": ["order"]}, "there is no mart order"),
        ({"marts": ["products"], "rows": {"region": ["east"]}}, "no column of products tells"),
        ({"marts": ["orders"], "columns": {"customer": "hide"}}, "no mart has a column customer"),
        ({"marts": ["orders"], "columns": {"store_id": "blur"}}, "no mask blur, choose of show"),
        ({"marts": ["orders"], "columns": {"customer_id": "pseudonym"}}, "set REGULARS_HASH_KEY"),
        ({"marts": ["orders"], "rows": {"city": ["x"]}}, "names one of region or store_id"),
        ({"marts": ["orders"], "rows": {"region": []}}, "lists what is seen"),
        ({"marts": ["orders"], "rows": None}, "`rows` is empty: say which"),
        ({"marts": ["orders"], "columns": {"store_id": "month"}}, "orders.store_id is no day"),
        ({"marts": "orders"}, "`marts` lists marts by name"),
        ({"whole": [["orders"]]}, "`whole` lists marts by name"),
        ({"mart": ["orders"]}, "is to have description, rows"),
        ({"description": "Nobody."}, "name marts"),
    ],
)
def test_a_role_that_asks_for_what_there_is_not_holds_the_publication(
    tiny, manifest, tmp_path, monkeypatch, role, sentence
):
    monkeypatch.delenv(VARIABLE, raising=False)
    project = project_of(tiny, tmp_path, {"wrong": role})
    with pytest.raises(PublicationError, match=sentence):
        refuse_bad_roles(project, manifest)
