"""What one person may have of themselves: all that is theirs, and nothing of anybody else."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT, Shop

from orchestration.person import find
from orchestration.privacy.export import Told, export_person, write_workbook
from orchestration.privacy.files import kept_private
from orchestration.project import Project

MEMBERS = ROOT / "examples" / "tiny" / "landing" / "crm" / "members" / "members.csv"


@pytest.fixture(scope="module")
def project(tiny: Shop, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The refreshed tiny example, with a folder of its own to export into."""
    folder = tmp_path_factory.mktemp("exporting")
    for name in ("warehouse.duckdb", "target", "raw"):
        (folder / name).symlink_to(tiny.data / name)
    return Project(tiny.root, folder)


@pytest.fixture(scope="module")
def exported(project: Project) -> list[Path]:
    with kept_private(project.data):
        return export_person(project, find(project, account="crm:M001"))


@pytest.fixture(scope="module")
def told(exported: list[Path]) -> dict:
    return json.loads(exported[0].read_text(encoding="utf-8"))


def test_who_is_asked_for_by_a_contact_is_the_same_person(project, told):
    for person in (
        find(project, phone="+86 138 1111 0001"),
        find(project, email="ALICE@example.com"),
    ):
        assert person.customer_id == told["customer_id"]
        assert person.account_ids == told["accounts"]


def test_all_their_rows_are_there(tiny, told):
    """Counted anew in what was published and in what was delivered."""
    tables = {name: len(table["rows"]) for name, table in told["tables"].items()}
    theirs = f"customer_id = '{told['customer_id']}'"
    for mart in ("orders", "order_lines", "refunds", "customer_accounts", "customer_rfm"):
        [(expected,)] = tiny.query(f"select count(*) from marts.{mart} where {theirs}")
        assert tables.get(f"marts.{mart}", 0) == expected, mart
    accounts = ", ".join(f"'{account}'" for account in told["accounts"])
    for entity in ("accounts", "consents", "events", "interactions", "touches"):
        table = f"entities.int_{entity}_validated"
        [(expected,)] = tiny.query(
            f"select count(*) from {table} where account_id in ({accounts})", tiny.warehouse
        )
        assert tables.get(table, 0) >= expected, entity
    assert tables["marts.orders"] and tables["entities.int_accounts_validated"] == 2


def test_what_each_table_is_stands_beside_its_rows(told):
    assert all(table["about"].endswith(".") for table in told["tables"].values())


def test_no_account_of_anybody_else_is_named(tiny, told):
    """Nor of those with which theirs were compared."""
    accounts = tiny.query(
        "select account_id from intermediate.int_account_customers", tiny.warehouse
    )
    others = {account for (account,) in accounts} - set(told["accounts"])
    text = json.dumps(told, ensure_ascii=False)
    assert others and not [account for account in others if json.dumps(account) in text]


def test_lines_of_an_order_that_was_refused_are_there(tiny, told):
    accounts = ", ".join(f"'{account}'" for account in told["accounts"])
    [(lines,)] = tiny.query(
        "select count(*) from entities.int_order_lines_validated where order_id in ("
        f"select order_id from entities.int_orders_validated where account_id in ({accounts})"
        " except select order_id from intermediate.int_order_customers"
        f" where customer_id <> '{told['customer_id']}')",
        tiny.warehouse,
    )
    assert len(told["tables"]["entities.int_order_lines_validated"]["rows"]) >= lines


def test_nothing_of_anybody_else_is_there(told):
    with MEMBERS.open(encoding="utf-8") as file:
        members = list(csv.DictReader(file, delimiter=";"))
    [own] = [member for member in members if member["member_no"] == "M001"]
    text = json.dumps(told, ensure_ascii=False)
    assert own["mobile"] in text
    for member in members:
        for key in ("mobile", "email", "full_name", "address"):
            if member[key] and member[key] not in own.values():
                assert member[key] not in text, member["member_no"]


def test_the_workbook_has_the_same_rows_and_both_files_are_private(exported, told):
    book = openpyxl.load_workbook(exported[1])
    counted = [len(table["rows"]) for table in told["tables"].values()]
    assert [sheet.max_row - 2 for sheet in book] == counted
    assert {stat.S_IMODE(file.stat().st_mode) for file in exported} == {0o600}
    assert stat.S_IMODE(exported[0].parent.stat().st_mode) == 0o700


def test_what_somebody_wrote_is_no_formula(tmp_path):
    written = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "a\x00b", 3, None]
    row = {str(number): value for number, value in enumerate(written)}
    write_workbook(tmp_path / "a.xlsx", [Told("entities.int_interactions", "Words.", [row])])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["interactions"]
    cells = list(sheet.iter_rows(min_row=3))[0]
    assert [cell.value for cell in cells] == [*written[:4], "a b", 3, None]
    assert {cell.data_type for cell in cells[:5]} == {"s"}


def test_tables_whose_names_are_long_have_sheets_of_their_own(tmp_path):
    told = [Told(f"marts.{'aA'[n % 2] * 40}{n}", "Rows.", [{"x": n}]) for n in range(12)]
    write_workbook(tmp_path / "a.xlsx", told)
    assert len(openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames) == 12
