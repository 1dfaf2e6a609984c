"""Staging models of files that hold records of one kind: persons, refunds, goods."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.new_source.decisions import SalesRules
from orchestration.new_source.facts import Fact, Model, Source

# The contract's names of what accounts tell in plain text.
TEXTS_OF_ACCOUNTS = (
    "phone", "email", "union_id", "full_name", "gender", "city", "address", "postcode",
    "membership_tier", "acquisition_channel",
)  # fmt: skip


def models_of_records(source: Source) -> Iterator[Model]:
    """The model of a table that is no sales, if it is known what it holds."""
    makers = {"accounts": _accounts, "refunds": _refunds, "products": _products}
    if source.table.nature in makers:
        yield makers[source.table.nature](source)


def accounts_of_orders(source: Source, rules: SalesRules) -> Model:
    """Persons of whom nothing tells but their orders."""
    facts = [
        *source.key("account_id", rules.customer_issuer, "customer_number"),
        *source.bare_key("source_account_id", "customer_number"),
        *source.text("phone", "contact_phone"),
        *source.text("email", "contact_email"),
        *source.text("full_name", "contact_name"),
        *source.text("address", "address"),
    ]
    about = f"Persons whom the orders of {source.decisions.name} name"
    return Model("accounts", source.table, tuple(facts), about)


def _accounts(source: Source) -> Model:
    name = source.decisions.name
    facts = [
        *source.key("account_id", name, "customer_number"),
        *source.bare_key("source_account_id", "customer_number"),
        *source.day("registered_on", "registered_at"),
        *(fact for meaning in TEXTS_OF_ACCOUNTS for fact in source.text(meaning, meaning)),
        *source.birthday("birth_date", "birth_date"),
    ]
    given, family = source.table.of("given_name"), source.table.of("family_name")
    if given and family and not source.table.has("full_name"):
        facts.append(
            Fact(
                "full_name",
                f"{{{{ clean_text(\"coalesce({given.name}, '') || ' ' || "
                f"coalesce({family.name}, '')\") }}}}",
                (given.name, family.name),
                lambda row: f"{row.text(given)} {row.text(family)}",
            )
        )
    return Model("accounts", source.table, tuple(facts), f"Persons known to {name}")


def _refunds(source: Source) -> Model:
    name, table = source.decisions.name, source.table
    [issuer, *_] = [*(rules.customer_issuer for rules in source.decisions.sales), name]
    is_numbered = table.has("refund_number")
    whose = table.of("order_number") or table.of("customer_number")
    facts = [
        *(
            source.key("refund_id", name, "refund_number")
            if is_numbered
            else [source.place_of("refund_id", name, whose)]
        ),
        *source.key("order_id", name, "order_number"),
        *source.key("account_id", issuer, "customer_number"),
        *source.day("refunded_on", "refunded_at"),
        source.money("refund_amount", table.of("refund_amount")),
        *source.currency(),
    ]
    return Model("refunds", table, tuple(facts), f"Money that {name} gave back")


def _products(source: Source) -> Model:
    name = source.decisions.name
    price = source.table.of("list_price")
    facts = [
        *source.key("product_id", name, "product_number"),
        *source.bare_key("source_product_id", "product_number"),
        *source.text("product_name", "product_name"),
        *source.text("brand", "brand"),
        *source.text("department", "department"),
        *source.text("category", "category"),
        *([source.money("list_price", price)] if price else []),
    ]
    return Model("products", source.table, tuple(facts), f"What {name} sells")
