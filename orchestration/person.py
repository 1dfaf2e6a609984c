"""Finds a person by an e-mail address, a phone or an account: through the warehouse's own forms of
contacts and its own identity, so that whoever is linked is found with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import duckdb

from orchestration.duck import connect, identifier, literal, rows
from orchestration.project import Project
from orchestration.staged import Staged, read_rules
from orchestration.warehouse import attach

# What of a person a source may deliver, by entity; a value of these may be theirs alone.
PERSONAL_VALUES = {
    "accounts": (
        "phone",
        "email",
        "full_name",
        "address",
        "union_id",
        "national_id",
        "member_number",
    ),
    "orders": ("contact_phone", "contact_email"),
    "payments": ("card_token",),
    "events": ("device_id",),
    "interactions": ("comment_text",),
}

CONTACTS = {
    "accounts": ("phone", "email"),
    "orders": ("contact_phone", "contact_email"),
}

ACCOUNTS = """
select
    accounts.account_id,
    accounts.customer_id,
    accounts.source_system,
    accounts.registered_on,
    accounts.is_guest,
    evidence.linked_by
from intermediate.int_account_customers as accounts
left join intermediate.int_account_evidence as evidence using (account_id)
where {condition}
order by accounts.is_guest, accounts.registered_on nulls last, accounts.account_id
"""

# Of the accounts, and of the guest orders that are theirs by a contact that was left with them.
IDENTIFIERS = """
select identifier_type, identifier_value, account_id
from intermediate.int_account_identifiers
union
select contacts.identifier_type, contacts.identifier_value, customers.oldest_account_id
from intermediate.int_order_contacts as contacts
inner join intermediate.int_order_customers as orders using (order_id)
inner join (
    select customer_id, min(oldest_account_id) as oldest_account_id
    from intermediate.int_account_customers
    group by customer_id
) as customers using (customer_id)
"""


@dataclass(frozen=True)
class Account:
    """An account of a person, and by what it is linked to the person's others."""

    account_id: str
    source_system: str
    registered_on: date | None
    is_guest: bool
    linked_by: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """A customer of the warehouse, with all by which rows are theirs.

    `identifiers` are pairs of a type and a value in its one form; `shared` are those of them that
    accounts of others carry too. `orders` are those that the warehouse knows to be theirs.
    """

    customer_id: str
    accounts: tuple[Account, ...]
    orders: tuple[str, ...]
    identifiers: frozenset[tuple[str, str]]
    shared: frozenset[tuple[str, str]]

    @property
    def account_ids(self) -> list[str]:
        return [account.account_id for account in self.accounts]

    def own(self, kind: str) -> list[str]:
        """The identifiers of a type that nobody else has."""
        own = self.identifiers - self.shared
        return sorted(value for type_, value in own if type_ == kind)


class People:
    """The persons of a warehouse that is open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection

    @classmethod
    @contextmanager
    def of(cls, warehouse: Path) -> Iterable[Self]:
        """Opens a warehouse; `ValueError`, which says what to do, when there is none."""
        if not warehouse.exists():
            raise ValueError("There is no warehouse yet: `regulars run` first.")
        with connect() as connection:
            attach(connection, warehouse)
            connection.execute("use warehouse")
            yield cls(connection)

    def with_account(self, account_id: str) -> list[Person]:
        return self._persons(f"account_id = {literal(account_id)}")

    def with_any_account(self, account_ids: Iterable[str]) -> list[Person]:
        return self._persons(f"account_id in {_listed(account_ids)}")

    def with_customer(self, customer_id: str | None) -> list[Person]:
        return self._persons(f"customer_id = {literal(customer_id)}") if customer_id else []

    def with_contact(self, contacts: Iterable[tuple[str, str]]) -> list[Person]:
        """Everybody who has one of these contacts, each a type and a value in its one form."""
        pairs = ", ".join(f"({literal(kind)}, {literal(value)})" for kind, value in contacts)
        if not pairs:
            return []
        return self._persons(
            f"account_id in (select account_id from ({IDENTIFIERS})"
            f" where (identifier_type, identifier_value) in ({pairs}))"
        )

    def account_ids(self) -> Iterable[str]:
        """The accounts of everybody."""
        asked = self.connection.execute("select account_id from intermediate.int_account_customers")
        while some := asked.fetchmany(100_000):
            yield from (account_id for (account_id,) in some)

    def values(self, person: Person) -> set[str]:
        """What the sources tell of a person and of nobody else, as delivered and in one form."""
        told = self._told_of(person, PERSONAL_VALUES)
        return told | {value for _, value in person.identifiers - person.shared}

    def compared(self, person: Person) -> set[str]:
        """Those of them by which people are compared, and that mean nothing else."""
        told = self._told_of(person, {**PERSONAL_VALUES, "interactions": ()})
        return told | {value for _, value in person.identifiers - person.shared}

    def contacts(self, person: Person) -> set[str]:
        """The phones and e-mail addresses among these."""
        told = self._told_of(person, CONTACTS)
        return told | {value for kind in ("phone", "email") for value in person.own(kind)}

    def _told_of(self, person: Person, columns_of: Mapping[str, Iterable[str]]) -> set[str]:
        """What the rows of a person have in some columns, and no row of anybody else in any of
        them: a phone is another person's too where it stands in an order of theirs."""
        theirs, of_others = [], []
        for entity, columns in columns_of.items():
            table, condition = f"entities.int_{entity}_delivered", _theirs(person, entity)
            for column in map(identifier, columns):
                theirs.append(f"select {column} as value from {table} where {condition}")
                of_others.append(
                    f"select {column} from {table} where not coalesce({condition}, false)"
                    f" and {column} in (from told)"
                )
        found = self.connection.execute(
            f"with told as materialized ({' union '.join(theirs)})"
            f" select value from told except ({' union '.join(of_others)})"
        ).fetchall()
        return {value for (value,) in found if value}

    def told_by_nobody_else(self, person: Person, values: Iterable[str]) -> set[str]:
        """Those of a person's values that are no part of what anybody else has: what can be looked
        for in any text. A name of two letters stands in many names."""
        left = set(values)
        for entity, columns in PERSONAL_VALUES.items():
            for column in map(identifier, columns):
                listed = ", ".join(f"({literal(value)})" for value in left)
                if listed:
                    found = self.connection.execute(
                        f"select value from (values {listed}) as looked_for(value) where exists ("
                        f"from entities.int_{entity}_delivered where contains({column}, value)"
                        f" and not coalesce({_theirs(person, entity)}, false))"
                    ).fetchall()
                    left -= {value for (value,) in found}
        return left

    def _persons(self, condition: str) -> list[Person]:
        found = self.connection.execute(
            "select distinct customer_id from intermediate.int_account_customers"
            f" where {condition} order by 1"
        ).fetchall()
        return [self._person(customer_id) for (customer_id,) in found]

    def _person(self, customer_id: str) -> Person:
        condition = f"accounts.customer_id = {literal(customer_id)}"
        accounts = tuple(
            Account(
                row["account_id"],
                row["source_system"],
                row["registered_on"],
                row["is_guest"],
                tuple(filter(None, (row["linked_by"] or "").split(", "))),
            )
            for row in rows(self.connection, ACCOUNTS.format(condition=condition))
        )
        listed = _listed(account.account_id for account in accounts)
        carried = self.connection.execute(
            f"select identifier_type, identifier_value, bool_or(account_id not in {listed})"
            f" from ({IDENTIFIERS}) group by all having bool_or(account_id in {listed})"
        ).fetchall()
        orders = self.connection.execute(
            "select order_id from intermediate.int_order_customers where customer_id = $1"
            " order by 1",
            [customer_id],
        ).fetchall()
        return Person(
            customer_id,
            accounts,
            tuple(order_id for (order_id,) in orders),
            frozenset((kind, value) for kind, value, _ in carried),
            frozenset((kind, value) for kind, value, is_shared in carried if is_shared),
        )


def find(
    project: Project, email: str | None = None, phone: str | None = None, account: str | None = None
) -> Person:
    """The one person who has what is told.

    Raises `ValueError`, which says what to do: when nobody has it, when several persons do, or when
    what is told can't be an e-mail address or a phone.
    """
    with People.of(project.warehouse) as people:
        if account:
            found, told = people.with_account(account), f"the account '{account}'"
        else:
            wanted, typed = ("email", email) if email else ("phone", phone)
            found, told = people.with_contact(_contact(project, wanted, typed)), f"this {wanted}"
    if not found:
        raise ValueError(
            f"Nobody has {told}. An account is asked for as SOURCE:NUMBER, such as crm:M001."
        )
    if len(found) > 1:
        accounts = ", ".join(person.accounts[0].account_id for person in found)
        raise ValueError(
            f"{len(found)} persons have {told}: ask for one by --account, of {accounts}."
        )
    return found[0]


def _contact(project: Project, kind: str, typed: str | None) -> list[tuple[str, str]]:
    staged = Staged(read_rules(project), project.data / ".spill")
    try:
        contacts = staged.contacts(project.warehouse, [typed or ""])
    finally:
        staged.close()
    found = [(type_, value) for _, type_, value in contacts if type_ == kind]
    if not found:
        raise ValueError(
            f"'{typed}' can't be {'an e-mail address' if kind == 'email' else 'a phone'}."
        )
    return found


def _theirs(person: Person, entity: str) -> str:
    """The condition by which a delivered row of an entity is a person's."""
    by_account = f"account_id in {_listed(person.account_ids)}"
    by_order = f"order_id in {_listed(person.orders)}"
    conditions = {"payments": by_order, "orders": f"{by_account} or {by_order}"}
    return conditions.get(entity, by_account)


def _listed(values: Iterable[str]) -> str:
    """Values as SQL lists them, of which there is one at least."""
    return f"({', '.join(map(literal, values)) or 'null'})"
