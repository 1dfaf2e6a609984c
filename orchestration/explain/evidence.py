"""What the private warehouse knows of one customer: accounts, links, near misses, and standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from orchestration.artifacts import read_artifact
from orchestration.duck import connect, literal, rows
from orchestration.explain.pairs import Comparison, Decision, Pair, Shared
from orchestration.labels import Text
from orchestration.linkage_rules import LinkageRules
from orchestration.project import Project
from orchestration.warehouse import attach

Row = Mapping[str, Any]

# Pairs that miss the threshold by at most this weight (bits) are worth a look: odds of 8 to 1.
NEAR = 3

# Features hold these in a form made for comparing; accounts hold them as they were delivered.
DELIVERED = ("address", "city")

PUBLISHED_ACCOUNTS = """
select account_id, source_system, registered_on, linked_by
from marts.customer_accounts
where customer_id = {customer_id}
order by is_guest, registered_on nulls last, account_id
"""

ACCOUNTS = """
select accounts.account_id, accounts.source_system, accounts.registered_on, evidence.linked_by
from int_account_customers as accounts
left join int_account_evidence as evidence using (account_id)
where accounts.customer_id = {customer_id}
order by accounts.is_guest, accounts.registered_on nulls last, accounts.account_id
"""

PAIRS = """
select
    judgements.*,
    account_customers.customer_id,
    other_customers.customer_id as other_customer_id,
    scores.prior_weight,
    {terms}
    coalesce(
        judgements.refusal_reason,
        case when account_customers.customer_id <> other_customers.customer_id
            then 'cut_from_group' end
    ) as refusal
from int_identity_judgements as judgements
inner join int_account_customers as account_customers
    on judgements.account_id = account_customers.account_id
inner join int_account_customers as other_customers
    on judgements.other_account_id = other_customers.account_id
inner join entities.int_accounts as accounts on judgements.account_id = accounts.account_id
inner join entities.int_accounts as other_accounts
    on judgements.other_account_id = other_accounts.account_id
inner join int_account_features as features on judgements.account_id = features.account_id
inner join int_account_features as other_features
    on judgements.other_account_id = other_features.account_id
left join int_identity_predictions as scores
    on judgements.account_id = scores.account_id
    and judgements.other_account_id = scores.other_account_id
left join int_identity_comparisons as comparisons
    on judgements.account_id = comparisons.account_id
    and judgements.other_account_id = comparisons.other_account_id
where {customer_id} in (account_customers.customer_id, other_customers.customer_id)
order by judgements.match_weight desc, judgements.account_id, judgements.other_account_id
"""

TERM = """
    scores.{name}_weight,
    comparisons.{name}_level,
    comparisons.{name}_share_l as {name}_share,
    {left}.{name} as {name}_value,
    {right}.{name} as other_{name}_value,
"""

SHARED = """
select shared.*, rules.evidence_weight
from int_identity_shared_identifiers as shared
inner join reference.identifier_rules as rules using (identifier_type)
where shared.account_id in ({accounts}) or shared.other_account_id in ({accounts})
order by rules.rank
"""

DECISIONS = """
select decisions.account_id, decisions.other_account_id, overrides.decided_by, overrides.note
from int_identity_overrides as decisions
inner join reference.identity_overrides as overrides
    on decisions.account_id = least(overrides.account_id, overrides.other_account_id)
    and decisions.other_account_id = greatest(overrides.account_id, overrides.other_account_id)
    and decisions.decision = overrides.decision
where decisions.account_id in ({accounts}) or decisions.other_account_id in ({accounts})
order by overrides.decided_by, overrides.note
"""

REASONS = "select reason_code, reason_en as en, reason_zh as zh from reference.identity_reasons"

REFUSED_IDENTIFIERS = """
select account_id, identifier_type, identifier_value, account_count, refusal_reason
from int_identity_refused_links
where account_id in ({accounts})
order by account_id, identifier_type, identifier_value
"""

STANDING = """
select
    lifecycle.as_of_date,
    lifecycle.stage_name_en,
    lifecycle.stage_name_zh,
    lifecycle.state_name_en,
    lifecycle.state_name_zh,
    rfm.segment_name_en,
    rfm.segment_name_zh,
    rfm.suggested_action_en,
    rfm.suggested_action_zh,
    churn.level_name_en,
    churn.level_name_zh
from (select {customer_id} as customer_id) as customer
left join marts.customer_lifecycle as lifecycle
    on customer.customer_id = lifecycle.customer_id
    and lifecycle.is_latest
left join marts.customer_rfm as rfm
    on customer.customer_id = rfm.customer_id
    and rfm.is_latest
left join marts.customer_churn as churn on customer.customer_id = churn.customer_id
"""

CHURN_REASONS = """
select reason_en as en, reason_zh as zh
from marts.customer_churn_reasons
where customer_id = {customer_id}
order by reason_rank
"""


@dataclass(frozen=True)
class Account:
    """An account of the customer, and by what it is linked to the others."""

    account_id: str
    source_system: str
    registered_on: date | None
    linked_by: tuple[str, ...]


@dataclass(frozen=True)
class RefusedIdentifier:
    """An identifier of an account that links nobody, since `account_count` carry it, or it is
    none."""

    account_id: str
    identifier_type: str
    identifier_value: str
    account_count: int | None
    refusal: Text


@dataclass(frozen=True)
class Standing:
    """Where a customer stands at the latest day of analysis; what is not known is None."""

    as_of_date: date | None
    stage: Text | None
    state: Text | None
    segment: Text | None
    suggested_action: Text | None
    churn_level: Text | None
    churn_reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Customer:
    """One customer: its accounts, the oldest first, the links between them, and what was refused.

    Links and near misses come with the greatest weight first. The thresholds are weights in bits.
    What is published weighs no pairs: of it there are accounts and standing alone.
    """

    customer_id: str
    accounts: tuple[Account, ...]
    standing: Standing
    links: tuple[Pair, ...] = ()
    near_misses: tuple[Pair, ...] = ()
    refused_identifiers: tuple[RefusedIdentifier, ...] = ()
    link_threshold: float = 0
    shared_identifier_threshold: float = 0


def explain(project: Project, customer_or_account_id: str) -> Customer:
    """Everything that is to be said of the customer with this id, or with this account.

    Only reads the warehouse. Raises `ValueError` with what to do when nobody has the id, or when
    there is no warehouse; `duckdb.Error` of one that another version has built.
    """
    if not project.warehouse.exists():
        raise ValueError("There is no warehouse yet: `regulars run` first.")
    variables = _variables(project)
    with connect() as connection:
        attach(connection, project.warehouse)
        connection.execute("use warehouse.intermediate")
        customer_id = _customer_id(connection, customer_or_account_id)
        return _customer(connection, customer_id, variables)


def explain_published(
    connection: duckdb.DuckDBPyConnection, customer_or_account_id: str
) -> Customer | None:
    """What published marts tell of the customer with this id, or with this account; None where
    nobody has it."""
    found = connection.execute(
        "select customer_id from marts.customer_accounts where $1 in (customer_id, account_id)",
        [customer_or_account_id],
    ).fetchone()
    if not found:
        return None
    accounts = _accounts(connection, PUBLISHED_ACCOUNTS, found[0])
    return Customer(found[0], accounts, _standing(connection, found[0]))


def _variables(project: Project) -> Mapping[str, Any]:
    """The variables with which the warehouse was built."""
    results = project.results
    given = read_artifact(results)["args"].get("vars") if results.exists() else None
    return project.variables(given or {})


def _customer_id(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    found = connection.execute(
        "select customer_id from int_account_customers where $1 in (customer_id, account_id)",
        [asked],
    ).fetchone()
    if not found:
        raise ValueError(f"Nobody has the customer_id or account_id '{asked}'.")
    return found[0]


def _customer(
    connection: duckdb.DuckDBPyConnection, customer_id: str, variables: Mapping[str, Any]
) -> Customer:
    accounts = _accounts(connection, ACCOUNTS, customer_id)
    ids = ", ".join(literal(account.account_id) for account in accounts)
    reasons = {row["reason_code"]: Text(row["en"], row["zh"]) for row in rows(connection, REASONS)}
    comparisons = LinkageRules.of(variables).comparisons
    pairs = _pairs(connection, customer_id, ids, comparisons, reasons)
    near = variables["link_threshold"] - NEAR
    return Customer(
        customer_id=customer_id,
        accounts=accounts,
        standing=_standing(connection, customer_id),
        links=tuple(pair for pair in pairs if not pair.refusal),
        near_misses=tuple(
            pair
            for pair in pairs
            if pair.customer_id != pair.other_customer_id
            and (pair.shared or pair.decision or pair.match_weight >= near)
        ),
        refused_identifiers=tuple(
            RefusedIdentifier(
                row["account_id"],
                row["identifier_type"],
                row["identifier_value"],
                row["account_count"],
                _reason(reasons, row["refusal_reason"]),
            )
            for row in rows(connection, REFUSED_IDENTIFIERS.format(accounts=ids))
        ),
        link_threshold=variables["link_threshold"],
        shared_identifier_threshold=variables["shared_identifier_threshold"],
    )


def _accounts(
    connection: duckdb.DuckDBPyConnection, query: str, customer_id: str
) -> tuple[Account, ...]:
    return tuple(
        Account(**{**row, "linked_by": tuple(filter(None, (row["linked_by"] or "").split(", ")))})
        for row in rows(connection, query.format(customer_id=literal(customer_id)))
    )


def _pairs(
    connection: duckdb.DuckDBPyConnection,
    customer_id: str,
    accounts: str,
    rules: Mapping[str, Any],
    reasons: Mapping[str, Text],
) -> list[Pair]:
    """The pairs of which one account at least is the customer's, the greatest weight first."""
    shared, decisions = defaultdict(list), {}
    for row in rows(connection, SHARED.format(accounts=accounts)):
        shared[_key(row)].append(
            Shared(row["identifier_type"], row["evidence_weight"], row["is_expired"])
        )
    for row in rows(connection, DECISIONS.format(accounts=accounts)):
        decisions[_key(row)] = Decision(row["decided_by"], row["note"])
    query = PAIRS.format(
        customer_id=literal(customer_id), terms="".join(_term(name) for name in rules)
    )
    return [
        Pair(
            account_id=row["account_id"],
            other_account_id=row["other_account_id"],
            customer_id=row["customer_id"],
            other_customer_id=row["other_customer_id"],
            link_type=row["link_type"],
            refusal=_reason(reasons, row["refusal"]),
            match_weight=row["match_weight"],
            prior_weight=row["prior_weight"],
            comparisons=_comparisons(row, rules),
            shared=tuple(shared[_key(row)]),
            decision=decisions.get(_key(row)),
        )
        for row in rows(connection, query)
    ]


def _key(row: Row) -> tuple[str, str]:
    return row["account_id"], row["other_account_id"]


def _term(name: str) -> str:
    if name in DELIVERED:
        return TERM.format(name=name, left="accounts", right="other_accounts")
    return TERM.format(name=name, left="features", right="other_features")


def _comparisons(row: Row, rules: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """The terms of a pair, none where it was not compared."""
    if row["prior_weight"] is None:
        return ()
    return tuple(
        Comparison(
            name=name,
            level=row[f"{name}_level"],
            conditions=tuple(rule["levels"]),
            weight=row[f"{name}_weight"],
            share=row[f"{name}_share"] if rule["rarity"] else None,
            values=(row[f"{name}_value"], row[f"other_{name}_value"]),
        )
        for name, rule in rules.items()
    )


def _reason(reasons: Mapping[str, Text], code: str | None) -> Text | None:
    return reasons.get(code, Text(code, code)) if code else None


def _standing(connection: duckdb.DuckDBPyConnection, customer_id: str) -> Standing:
    [row] = rows(connection, STANDING.format(customer_id=literal(customer_id)))
    reasons = rows(connection, CHURN_REASONS.format(customer_id=literal(customer_id)))

    def text(name: str) -> Text | None:
        return Text(row[f"{name}_en"], row[f"{name}_zh"]) if row[f"{name}_en"] else None

    return Standing(
        as_of_date=row["as_of_date"],
        stage=text("stage_name"),
        state=text("state_name"),
        segment=text("segment_name"),
        suggested_action=text("suggested_action"),
        churn_level=text("level_name"),
        churn_reasons=tuple(Text(**reason) for reason in reasons),
    )
