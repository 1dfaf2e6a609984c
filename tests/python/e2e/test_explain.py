"""`regulars explain` on built warehouses: what it says of weights is what linked the accounts."""

from __future__ import annotations

import random
import shutil

import duckdb
import pytest

from orchestration.duck import connect, identifier, literal, rows
from orchestration.explain import Page, explain
from orchestration.project import ROOT, Project
from orchestration.publish.lock import refresh_lock
from orchestration.standing import standing

# crm:M002 and shop:U101 share an e-mail address, shop:U101 and shop:U102 a union id.
CHAIN = ("crm:M002", "shop:U101", "shop:U102")


def links(shop) -> list[dict]:
    """The links that were not cut, with the customer that they join."""
    with connect() as connection:
        connection.execute(f"attach {literal(shop.warehouse)} as warehouse (read_only)")
        return rows(
            connection,
            """
            select links.*, account_customers.customer_id
            from warehouse.intermediate.int_identity_links as links
            inner join warehouse.intermediate.int_account_customers as account_customers
                on links.account_id = account_customers.account_id
            inner join warehouse.intermediate.int_account_customers as others
                on links.other_account_id = others.account_id
            where account_customers.customer_id = others.customer_id
            order by links.account_id, links.other_account_id
            """,
        )


def assert_the_terms_add_up(shop, checked: list[dict]) -> None:
    project = Project(ROOT, shop.data)
    customers = {id: explain(project, id) for id in {link["customer_id"] for link in checked}}
    for link in checked:
        ends = (link["account_id"], link["other_account_id"])
        [told] = [each for each in customers[link["customer_id"]].links if each.accounts == ends]
        assert told.total == pytest.approx(link["match_weight"], abs=1e-9)
        types = {one.identifier_type for one in told.shared if not one.is_expired}
        assert types == set(filter(None, (link["identifier_types"] or "").split(", ")))


def test_on_every_link_the_terms_add_up_to_its_weight(tiny):
    checked = links(tiny)
    assert len(checked) >= 3
    assert_the_terms_add_up(tiny, checked)


def test_on_a_sample_of_the_world_the_terms_add_up_to_the_weight(world):
    assert_the_terms_add_up(world, random.Random(7).sample(links(world), 40))


def test_any_account_stands_for_its_customer(tiny):
    [(customer_id,)] = tiny.query(
        f"select distinct customer_id from marts.customer_accounts where account_id in {CHAIN}"
    )
    asked = [tiny.command("regulars", "explain", id) for id in (customer_id, *CHAIN)]
    assert {done.returncode for done in asked} == {0}
    assert len({done.stdout for done in asked}) == 1
    told = asked[0].stdout
    assert told.startswith(f"Customer {customer_id}\n")
    assert all(f"{account} " in told for account in CHAIN)
    assert "Segment: valuable, slipping away" in told


def test_the_chain_is_told_link_by_link(tiny):
    done = tiny.command("regulars", "explain", "crm:M002", "crm:M002", "shop:U102")
    titles = [line.strip() for line in done.stdout.splitlines() if " – " in line]
    assert titles == ["crm:M002 – shop:U101", "shop:U101 – shop:U102"]
    assert "shared e-mail" in done.stdout and "shared union id" in done.stdout


def test_identifiers_that_link_nobody_are_told_with_the_reason(tiny):
    """crm:M004 carries a phone that clerks type for nothing."""
    told = tiny.command("regulars", "explain", "crm:M004", "--lang", "zh").stdout
    [reason] = tiny.query(
        "select reason_zh from reference.identity_reasons where reason_code = 'blocklisted'",
        tiny.warehouse,
    )
    assert f"crm:M004  电话 +…0：{reason[0]}" in told


def test_values_of_people_are_shown_on_request_alone(tiny):
    [(email,)] = tiny.query(
        "select email from intermediate.int_account_features where account_id = 'crm:M002'",
        tiny.warehouse,
    )
    hidden = tiny.command("regulars", "explain", "crm:M002")
    revealed = tiny.command("regulars", "explain", "crm:M002", "--reveal")
    assert email not in hidden.stdout
    assert email in revealed.stdout


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["nobody"], 1, "Nobody has the customer_id or account_id 'nobody'.\n"),
        (["crm:M002", "crm:M002", "crm:M001"], 1, "'crm:M001' is no account of the customer "),
        (["crm:M002", "crm:M002"], 2, "Error: Name two accounts, or none.\n"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(tiny, words, code, sentence):
    done = tiny.command("regulars", "explain", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr and "Traceback" not in done.stderr


def test_without_a_warehouse_it_says_what_to_do(empty_shop):
    done = empty_shop.command("regulars", "explain", "crm:M001")
    assert done.returncode == 1
    assert done.stderr == "There is no warehouse yet: `regulars run` first.\n"


def test_a_warehouse_that_is_not_whole_says_what_to_do(empty_shop):
    empty_shop.data.mkdir()
    duckdb.connect(empty_shop.warehouse).close()
    done = empty_shop.command("regulars", "explain", "crm:M001")
    assert done.returncode == 1
    assert "or another version has made it; `regulars run`" in done.stderr


def test_while_a_refresh_writes_the_warehouse_one_sees_what_stood_before(own_tiny):
    """DuckDB lets no second process in; `told` is read before anybody writes."""
    told = own_tiny.command("regulars", "explain", "crm:M001")
    with (
        refresh_lock(own_tiny.data, "regulars run"),
        standing(Project(ROOT, own_tiny.data)),
        duckdb.connect(own_tiny.warehouse) as connection,
    ):
        connection.execute("drop table intermediate.int_account_customers")
        meanwhile = own_tiny.command("regulars", "explain", "crm:M001")
    assert meanwhile.returncode == told.returncode == 0
    assert meanwhile.stdout == told.stdout


def test_the_folders_of_spark_tell_the_same(own_tiny):
    """Each table as Parquet in a folder of its own, as Spark writes them."""
    duck = Project(ROOT, own_tiny.data)
    spark = Project(ROOT, own_tiny.data, "spark")
    with duckdb.connect(own_tiny.warehouse, read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()")
        for schema, table in tables.fetchall():
            folder = spark.warehouse / f"{schema}.db" / table
            folder.mkdir(parents=True)
            source = f"{identifier(schema)}.{identifier(table)}"
            connection.execute(f"copy {source} to {literal(folder / 'part.parquet')}")
    shutil.copytree(duck.target, spark.target)
    for account in (*CHAIN, "crm:M004"):
        told = [list(Page(explain(project, account)).lines()) for project in (duck, spark)]
        assert told[0] == told[1]


def test_the_example_of_the_documentation_is_what_it_says(tiny):
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    example = text.split("$ regulars explain crm:M002 crm:M002 shop:U101\n")[1].split("```")[0]
    done = tiny.command("regulars", "explain", "crm:M002", "crm:M002", "shop:U101")
    assert done.stdout == example
