"""Requests for erasure that have landed: tickets on one of the topics that mean it.

A ticket that names an account and waits for an answer may be acted on. The others are shown:
whoever knows an order number is not its buyer, and what was answered may have been refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.duck import literal, rows
from orchestration.person import People, Person

REQUESTS = """
select
    interactions.interaction_id,
    interactions.occurred_on,
    interactions.resolved_on,
    interactions.account_id is not null and interactions.resolved_on is null as is_open,
    coalesce(accounts.customer_id, orders.customer_id) as customer_id
from entities.int_interactions_validated as interactions
left join intermediate.int_account_customers as accounts
    on interactions.account_id = accounts.account_id
left join intermediate.int_order_customers as orders on interactions.order_id = orders.order_id
where interactions.row_status = 'accepted'
    and interactions.interaction_type = 'ticket'
    and interactions.topic in ({topics})
order by interactions.occurred_on, interactions.interaction_id
"""


@dataclass(frozen=True)
class Asked:
    """A request, and whose it is; None where it names nobody whom the warehouse knows."""

    interaction_id: str
    asked_on: date
    resolved_on: date | None
    person: Person | None
    is_open: bool


def requests(people: People, topics: Sequence[str]) -> list[Asked]:
    """What was asked and is still there: the request of an erased person is erased with them."""
    return [
        Asked(
            row["interaction_id"],
            row["occurred_on"],
            row["resolved_on"],
            next(iter(people.with_customer(row["customer_id"])), None),
            row["is_open"],
        )
        for row in rows(people.connection, asked_sql(topics))
    ]


def asked_sql(topics: Sequence[str]) -> str:
    """The SQL of all requests, in the warehouse, by the topics of tickets that mean one."""
    return REQUESTS.format(topics=", ".join(map(literal, topics)) or "null")
