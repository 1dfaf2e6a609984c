"""Customer ids, and the log of their changes, over many histories in which accounts and links come
and go: by the SQL of the models, against sets in Python."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb
import pytest
from conftest import Compile

from orchestration.union_find import union_find

HISTORIES, STEPS = 50, 8
MODELS = ("int_account_clusters", "int_account_customers", "customer_id_changes")
TABLES = """
    create schema warehouse.intermediate;
    create schema warehouse.entities;
    create schema warehouse.staging;
    create table registered (account_id varchar, registered_on date);
    create view warehouse.entities.int_accounts as select *, 'crm' as source_system from registered;
    create view warehouse.intermediate.int_account_nodes as
        select account_id, account_id as node, true as has_record, null::varchar as known_by
        from registered;
    create table warehouse.intermediate.int_account_lifespans
        (account_id varchar, first_seen_on date);
    create table warehouse.intermediate.int_buyer_contacts (
        order_id varchar, account_id varchar, source_system varchar, contact varchar, first_on date
    );
    create table warehouse.intermediate.int_contact_persons
        (contact varchar, identifier_type varchar, person varchar);
    create table warehouse.intermediate.int_identity_components (node varchar, component varchar);
    create table warehouse.intermediate.int_identity_clusters (account_id varchar, cluster varchar);
    create table warehouse.intermediate.int_as_of_dates as
        select date '2026-01-01' as as_of_date, true as is_latest;
    create table warehouse.staging.stg_publication__generation (generation varchar);
    create table warehouse.staging.stg_publication__customer_accounts
        (account_id varchar, former_customer_id varchar);
    create table warehouse.staging.stg_publication__customer_id_changes
        (compared_with varchar, as_of_date date, change_type varchar,
        former_customer_id varchar, customer_id varchar, account_count bigint);
"""

Change = tuple[str, str | None, str | None, int]


@dataclass
class World:
    """The accounts of all histories with their day of registration, and the links between them."""

    accounts: dict[str, date | None] = field(
        default_factory=lambda: {
            f"{history:02}:{number:02}": None for history in range(HISTORIES) for number in range(5)
        }
    )
    links: set[tuple[str, str]] = field(default_factory=set)

    def change(self, history: int, choose: random.Random) -> None:
        """Lets a few accounts or links of a history come, and others go."""
        names = [f"{history:02}:{number:02}" for number in range(15)]
        for _ in range(choose.randint(0, 3)):
            here = [name for name in names if name in self.accounts]
            linked = sorted(link for link in self.links if link[0] in here)
            match choose.choice(["come", "come", "go", "link", "link", "unlink"]):
                case "come":
                    day = date(2025, 1, 1) + timedelta(days=choose.randrange(20))
                    self.accounts.setdefault(choose.choice(names), choose.choice([day, None]))
                case "go" if here:
                    gone = choose.choice(here)
                    del self.accounts[gone]
                    self.links = {link for link in self.links if gone not in link}
                case "link" if len(here) > 1:
                    self.links.add(tuple(choose.sample(here, 2)))
                case "unlink" if linked:
                    self.links.discard(choose.choice(linked))


class Publications:
    """Builds the models again and again, and publishes each build."""

    def __init__(self, queries: list[str]) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as warehouse")
        self.connection.execute(TABLES)
        self.queries = queries
        self.generation = self.log_length = 0

    def build(self, world: World) -> tuple[dict[str, str], list[Change]]:
        """The customer of each account, and the changes since the publication before."""
        self._fill("registered", world.accounts)
        self._fill("warehouse.intermediate.int_identity_components", union_find(world.links))
        clusters, customers, changes = (f"({query})" for query in self.queries)
        self.connection.execute(f"""
            create or replace table warehouse.intermediate.int_account_clusters as {clusters};
            create or replace table warehouse.intermediate.int_account_customers as {customers};
            create or replace table log as {changes};
        """)
        new = self.connection.execute("""
            select * from log
            except all
            select * from warehouse.staging.stg_publication__customer_id_changes
        """).fetchall()
        assert {compared_with for compared_with, *_ in new} <= {str(self.generation)}
        self.log_length += len(new)
        assert self.connection.table("log").count("*").fetchone() == (self.log_length,)
        return self._publish(), [(kind, *rest) for _, _, kind, *rest in new]

    def _publish(self) -> dict[str, str]:
        self.generation += 1
        self.connection.execute(f"""
            create or replace table warehouse.staging.stg_publication__generation as
                select '{self.generation}' as generation;
            create or replace table warehouse.staging.stg_publication__customer_accounts as
                select account_id, customer_id as former_customer_id
                from warehouse.intermediate.int_account_customers;
            create or replace table warehouse.staging.stg_publication__customer_id_changes as
                from log;
        """)
        return dict(
            self.connection.execute(
                "select account_id, customer_id from warehouse.intermediate.int_account_customers"
            ).fetchall()
        )

    def _fill(self, table: str, rows: Mapping[str, object]) -> None:
        """Replaces the rows of a table of two columns."""
        self.connection.execute(f"delete from {table}")
        self.connection.execute(
            f"insert into {table} select unnest($1), unnest($2)",
            [list(rows), list(rows.values())],
        )


@pytest.fixture(scope="module")
def queries(compiled: Compile) -> list[str]:
    """The models as dbt compiles them."""
    found = compiled(MODELS)
    return [found[model] for model in MODELS]


def groups(customers: dict[str, str]) -> dict[str, frozenset[str]]:
    """The accounts of each customer."""
    found: dict[str, set[str]] = {}
    for account, customer in customers.items():
        found.setdefault(customer, set()).add(account)
    return {customer: frozenset(accounts) for customer, accounts in found.items()}


def changes_between(
    before: dict[str, frozenset[str]], after: dict[str, frozenset[str]]
) -> Iterator[Change]:
    """What the log must say, by the definition of each kind of change."""
    published, present = frozenset().union(*before.values()), frozenset().union(*after.values())
    for customer, accounts in after.items():
        if not accounts & published:
            yield "born", None, customer, len(accounts)
    for former, accounts in before.items():
        if not accounts & present:
            yield "died", former, None, len(accounts)
        for customer in after:
            common = accounts & after[customer]
            is_split = bool(accounts & present - common)
            is_merged = bool(after[customer] & published - common)
            if common and (is_split or is_merged or former != customer):
                kind = {(True, True): "moved", (True, False): "split", (False, True): "merged"}
                yield kind.get((is_split, is_merged), "renamed"), former, customer, len(common)


def test_an_unchanged_component_keeps_its_id_and_the_rest_is_logged(queries: list[str]) -> None:
    publications, world = Publications(queries), World()
    choose = [random.Random(history) for history in range(HISTORIES)]
    before: dict[str, str] = {}
    kinds: set[str] = set()
    for step in range(STEPS):
        for history in range(HISTORIES):
            for _ in range(5 if step == 0 else 1):
                world.change(history, choose[history])
        after, changes = publications.build(world)
        if step == 0:
            assert changes == [], "nobody was published before"
        else:
            names = {accounts: customer for customer, accounts in groups(before).items()}
            same = [(names[a], c) for c, a in groups(after).items() if a in names]
            assert len(same) > HISTORIES
            assert all(former == customer for former, customer in same)
            assert Counter(changes) == Counter(changes_between(groups(before), groups(after)))
        kinds |= {kind for kind, *_ in changes}
        before = after
    assert kinds == {"born", "died", "merged", "split", "moved", "renamed"}


def test_a_link_that_is_taken_away_again_restores_the_former_ids(queries: list[str]) -> None:
    publications, world = Publications(queries), World()
    choose = random.Random(0)
    for history in range(HISTORIES):
        for _ in range(8):
            world.change(history, choose)
    first, _ = publications.build(world)
    links = {tuple(choose.sample(sorted(world.accounts), 2)) for _ in range(20)}
    joined, merged = publications.build(World(world.accounts, world.links | links))
    again, split = publications.build(world)
    assert joined != first == again
    assert {kind for kind, *_ in merged} == {"merged"}
    assert {kind for kind, *_ in split} == {"split"}
    back = Counter((customer, former, count) for _, former, customer, count in split)
    assert Counter((former, customer, count) for _, former, customer, count in merged) == back
