"""Whom a published audience addresses, with the contact that they permitted to be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.consent import withdrawn_since_build
from orchestration.duck import connect, literal
from orchestration.project import Project
from orchestration.publish.stage import DATABASE
from orchestration.warehouse import attach

# The contact is that of the account which said yes: the others were not asked. A channel gets the
# contact that it needs, and no other.
MEMBERS = """
create temp table members as
select
    audiences.customer_id,
    audiences.as_of_date,
    audiences.purpose,
    audiences.channel,
    audiences.play,
    audiences.arm,
    permissions.account_id,
    case when audiences.channel in ('sms', 'phone', 'ads') then features.phone end as phone,
    case when audiences.channel in ('email', 'ads') then features.email end as email,
    names.value as full_name,
    candidates.cause,
    candidates.offer_en,
    candidates.offer_zh,
    candidates.restriction_en,
    candidates.restriction_zh,
    candidates.best_hour,
    candidates.best_weekday,
    candidates.product_id,
    products.product_name
from readers.marts.audiences as audiences
inner join warehouse.intermediate.int_permissions as permissions
    on audiences.customer_id = permissions.customer_id
    and audiences.purpose = permissions.purpose
    and audiences.channel = permissions.channel
    and permissions.is_permitted
    and coalesce(permissions.valid_to >= audiences.as_of_date, true)
left join warehouse.intermediate.int_account_features as features
    on permissions.account_id = features.account_id
left join warehouse.intermediate.int_golden_values as names
    on audiences.customer_id = names.customer_id
    and names.field = 'full_name'
left join readers.marts.play_candidates as candidates
    on audiences.customer_id = candidates.customer_id
    and audiences.play = candidates.play
left join readers.marts.products as products on candidates.product_id = products.product_id
where audiences.audience = $audience
    and audiences.arm is not null
"""

# A no that has landed since the build counts now.
WITHDRAWN = "create temp table withdrawn (customer_id text, purpose text, channel text)"
HAS_SAID_NO = """
exists (
    from withdrawn
    where withdrawn.customer_id = members.customer_id
        and coalesce(withdrawn.purpose, members.purpose) = members.purpose
        and coalesce(withdrawn.channel, members.channel) = members.channel
)
"""
HAS_NO_CONTACT = "phone is null and email is null and channel <> 'push'"


@dataclass(frozen=True)
class Members:
    """Those of one audience whom an experiment knows: the table `members` of `connection`."""

    connection: duckdb.DuckDBPyConnection
    audience: str
    day: date
    generation: str
    counts: dict[str, int]


def connected(project: Project) -> duckdb.DuckDBPyConnection:
    """What is published as `readers`, the private warehouse as `warehouse`, and in the table
    `withdrawn` who has said no since it was built.

    Raises `ValueError` while nothing is published, and where such a no can't be read.
    """
    published = project.published / "current" / DATABASE
    if not published.exists() or not project.warehouse.exists():
        raise ValueError("Nothing is published yet: begin with `regulars run`.")
    connection = connect()
    connection.execute(f"attach {literal(published)} as readers (read_only)")
    attach(connection, project.warehouse)
    connection.execute(WITHDRAWN)
    noes = [
        (customer_id, each.purpose, each.channel)
        for customer_id, said in withdrawn_since_build(project).by_customer.items()
        for each in said
    ]
    if noes:
        connection.executemany("insert into withdrawn values (?, ?, ?)", noes)
    return connection


def audiences_in_use(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The published audiences, by name."""
    query = "select distinct audience from readers.marts.audiences order by 1"
    return [audience for (audience,) in connection.execute(query).fetchall()]


def find_members(connection: duckdb.DuckDBPyConnection, audience: str) -> Members:
    """Makes the table `members` of an audience, without those who can't be reached or have said no
    since the build, whichever arm they are in, and counts everybody."""
    connection.execute("drop table if exists members")
    connection.execute(MEMBERS, {"audience": audience})
    without = {
        "said_no_since_the_build": _taken_out(connection, HAS_SAID_NO),
        "without_contact": _taken_out(connection, HAS_NO_CONTACT),
    }
    refused = connection.execute(
        "select refusal, count(*) from readers.marts.audiences"
        " where audience = $audience and refusal is not null group by 1 order by 1",
        {"audience": audience},
    )
    counts = dict(refused.fetchall()) | without
    arms = dict(connection.execute("select arm, count(*) from members group by 1").fetchall())
    counts |= {"hold_out": arms.get("control", 0), "addressed": arms.get("treatment", 0)}
    [(day, generation)] = connection.execute(
        "select as_of_date, generation from readers.marts.publication"
    ).fetchall()
    return Members(connection, audience, day, generation, counts)


def _taken_out(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    return connection.execute(f"delete from members where {condition}").fetchone()[0]
