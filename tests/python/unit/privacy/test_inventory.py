"""Which columns are personal: as they are declared, under the names by which they are passed on."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.privacy.inventory import Declarations, PersonalColumn, lines_of
from orchestration.privacy.undeclared import by_name, by_value


def node(schema: str, name: str, **columns: str | None) -> dict:
    described = {
        column: {"config": {"meta": {"pii": kind} if kind else {}}}
        for column, kind in columns.items()
    }
    return {"schema": schema, "alias": name, "columns": described}


def declared(*nodes: dict) -> Declarations:
    return Declarations.of({"nodes": {str(n): each for n, each in enumerate(nodes)}, "sources": {}})


SHOP = declared(
    node("raw", "crm__members", mobile="contact", city="trait"),
    node("entities", "int_accounts_delivered", phone="contact", city="trait", tier=None),
    node("entities", "int_stores_delivered", city="none"),
    node("marts", "stores", city="none"),
)


@pytest.mark.parametrize(
    ("schema", "table", "column", "kind"),
    [
        ("raw", "crm__members", "mobile", "contact"),
        ("entities", "int_accounts_validated", "phone", "contact"),
        ("intermediate", "int_account_features", "phone", "contact"),
        ("marts", "customers", "city", "trait"),
        # Cities of stores are nobody's, wherever rows of stores lie.
        ("entities", "int_stores_validated", "city", "none"),
        ("marts", "stores", "city", "none"),
        # What another source calls a column says nothing of this one.
        ("raw", "shop__users", "mobile", None),
        ("raw", "erp__stores", "city", None),
        ("raw", "publication__customers", "city", "trait"),
        ("marts", "customers", "tier", None),
    ],
)
def test_a_column_is_what_it_is_declared_to_be(schema, table, column, kind):
    assert SHOP.kind(schema, table, column) == kind


def test_a_name_is_one_kind_of_data_or_the_declaration_is_refused():
    with pytest.raises(ValueError, match="two kinds of personal data: phone"):
        declared(
            node("entities", "int_accounts_delivered", phone="contact"),
            node("intermediate", "int_buyers", phone="identity"),
        )
    with pytest.raises(ValueError, match="phone is 'secret': choose of contact"):
        declared(node("marts", "customers", phone="secret"))


def test_the_inventory_tells_what_tables_hold_beside_keys():
    columns = [
        PersonalColumn("marts", "customers", "city", "trait"),
        PersonalColumn("marts", "customers", "customer_id", "key"),
        PersonalColumn("marts", "customer_rfm", "customer_id", "key"),
    ]
    assert list(lines_of(columns))[2:] == ["| `marts.customers` | `city` (trait) |"]


def test_names_of_personal_columns_are_declared():
    columns = [
        ("raw", "shop__users", name)
        for name in ("billing_email", "device_id", "full_name", "phone_level", "store_name")
    ]
    found = {each.column[-1] for each in by_name(columns, SHOP)}
    assert found == {"billing_email", "device_id", "full_name"}


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ("call 138-2345-6789", "phone numbers"),
        ("+86 13823456789", "phone numbers"),
        ("wang.wei@mail.example.cn, please", "e-mail addresses"),
        ("WANG.WEI@MAIL.EXAMPLE.CN", "e-mail addresses"),
        ("11010519491231002X", "numbers of identity cards"),
        ("2026-01-31 13:00:00.138234", None),
        ("shop:O20260131382345678901", None),
        ("e8311d1b18771246548f332b1de18ad1", None),
        ("@weekly", None),
    ],
)
def test_values_of_personal_columns_are_found_and_not_told(value, kinds):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; create schema warehouse.marts")
        connection.execute("create table warehouse.marts.orders (remark text, empty text)")
        connection.execute("insert into warehouse.marts.orders values (?, null)", [value])
        columns = [("marts", "orders", "remark"), ("marts", "orders", "empty")]
        found = [str(each) for each in by_value(connection, columns, SHOP)]
    assert found == ([f"marts.orders.remark: it holds {kinds}"] if kinds else [])
