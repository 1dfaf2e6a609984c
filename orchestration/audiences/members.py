"""Whom a published audience addresses, with the contact that they permitted to be used."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from orchestration.consent import withdrawn_since_build
from orchestration.duck import connect, literal
from orchestration.erasure.requests import asked_sql
from orchestration.failures import RefreshFailed
from orchestration.project import Project
from orchestration.publish.files import DATABASE
from orchestration.request import Request
from orchestration.warehouse import attach

# What a person wrote into the record of an account. The form in which mailboxes are compared is no
# address, and a contact on orders is of whoever gets the parcel, who has agreed to nothing. What
# links nobody, such as a phone of many, reaches nobody in particular.
CONTACTS = """
create temp table contacts as
select
    identifiers.account_id,
    max(case when identifiers.identifier_type = 'phone' then identifiers.identifier_value end)
        as phone,
    max(case when identifiers.identifier_type = 'email' then told.address end) as email
from warehouse.intermediate.int_linking_identifiers as identifiers
left join warehouse.intermediate.int_account_contacts as told using (account_id)
where identifiers.is_in_record
    and identifiers.identifier_type in ('phone', 'email')
group by identifiers.account_id
"""

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
    audiences.is_personal,
    permissions.account_id,
    permissions.valid_to,
    limits.refusal as refusal_now,
    case when audiences.channel in ('sms', 'phone', 'ads') then contacts.phone end as phone,
    case when audiences.channel in ('email', 'ads') then contacts.email end as email,
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
left join warehouse.intermediate.int_permissions as permissions
    on audiences.customer_id = permissions.customer_id
    and audiences.purpose = permissions.purpose
    and audiences.channel = permissions.channel
    and permissions.is_permitted
left join warehouse.intermediate.int_contact_limits as limits
    on audiences.customer_id = limits.customer_id
    and audiences.purpose = limits.purpose
    and audiences.channel = limits.channel
left join contacts on permissions.account_id = contacts.account_id
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
IS_ABOUT_THIS = """
    coalesce(withdrawn.purpose, members.purpose) = members.purpose
    and coalesce(withdrawn.channel, members.channel) = members.channel
"""
# Who waits to be erased has said no to everything.
ASKED_TO_BE_ERASED = """
insert into withdrawn
select distinct customer_id, null, null
from ({asked})
where is_open and customer_id is not null
"""
# A no to personalisation counts on whichever channel it was said.
IS_ABOUT_CHOOSING = "coalesce(withdrawn.purpose, 'personalisation') = 'personalisation'"
HAS_SAID_NO = """
exists (from withdrawn where withdrawn.customer_id = members.customer_id and {condition})
"""
NOTHING_IS_CHOSEN_FOR = f"""
(
    customer_id not in (
        select customer_id from warehouse.intermediate.int_personalised_customers
    )
    or {HAS_SAID_NO.format(condition=IS_ABOUT_CHOOSING)}
)
"""
# Whoever may be addressed all the same is shown nothing that was chosen for them.
CHOOSE_NOTHING = f"""
update members
set
    product_id = null,
    product_name = null,
    cause = case when cause = 'none' then cause end,
    offer_en = case when cause = 'none' then offer_en end,
    offer_zh = case when cause = 'none' then offer_zh end,
    restriction_en = case when cause = 'none' then restriction_en end,
    restriction_zh = case when cause = 'none' then restriction_zh end
where {NOTHING_IS_CHOSEN_FOR}
"""
# Why somebody is left out whom the audience names, in the order in which it is asked.
LEFT_OUT = {
    "not_permitted_any_more": "account_id is null",
    "permitted_until_before_today": "valid_to < greatest(as_of_date, getvariable('today'))",
    "said_no_since_the_build": HAS_SAID_NO.format(condition=IS_ABOUT_THIS),
    "suppressed_since": "refusal_now = 'suppressed'",
    "minor_as_is_known_now": "refusal_now = 'minor'",
    "no_personalisation_any_more": f"is_personal and {NOTHING_IS_CHOSEN_FOR}",
    "without_contact": "phone is null and email is null and channel <> 'push'",
}
AT_ONCE = 10_000


@dataclass(frozen=True)
class Members:
    """Those of one audience whom an experiment knows: the table `members` of `connection`."""

    connection: duckdb.DuckDBPyConnection
    audience: str
    day: date
    generation: str
    counts: dict[str, int]


def connected(request: Request) -> duckdb.DuckDBPyConnection:
    """What is published as `readers`, the private warehouse as `warehouse`, what accounts tell of
    how to reach them as `contacts`, and as `withdrawn` who has said no since the build, or asked to
    be erased.

    Raises `ValueError` while nothing is published, and while it can't be known who has said no:
    files are held, an erasure has not ended, or the last build has failed, which may have read a no
    without having weighed it.
    """
    project = request.project
    connection = _readers(project)
    _refuse_what_is_not_whole(request)
    attach(connection, project.warehouse)
    connection.execute("set variable today = ?", [today(project)])
    connection.execute(CONTACTS)
    connection.execute(WITHDRAWN)
    noes = [
        (customer_id, each.purpose, each.channel)
        for customer_id, said in withdrawn_since_build(project).by_customer.items()
        for each in said
    ]
    for first in range(0, len(noes), AT_ONCE):
        customers, purposes, channels = map(list, zip(*noes[first : first + AT_ONCE], strict=True))
        connection.execute(
            "insert into withdrawn"
            " select unnest($1::text[]), unnest($2::text[]), unnest($3::text[])",
            [customers, purposes, channels],
        )
    topics = project.variables({}).get("erasure_topics", ())
    connection.execute("use warehouse")
    connection.execute(ASKED_TO_BE_ERASED.format(asked=asked_sql(topics)))
    connection.execute("use memory")
    return connection


def _readers(project: Project) -> duckdb.DuckDBPyConnection:
    """What is published as `readers`; `ValueError` while nothing is."""
    published = project.published / "current" / DATABASE
    if not published.exists() or not project.warehouse.exists():
        raise ValueError("Nothing is published yet: begin with `regulars run`.")
    connection = connect()
    connection.execute(f"attach {literal(published)} as readers (read_only)")
    return connection


def _refuse_what_is_not_whole(request: Request) -> None:
    from orchestration.build import audited
    from orchestration.held import refuse_held_files

    try:
        refuse_held_files(request)
        audited(request)
    except RefreshFailed as failed:
        reasons = "".join(f"\n  - {reason}" for reason in failed.reasons)
        raise ValueError(f"Nothing is handed over, since a no may be missing:{reasons}") from failed


def today(project: Project) -> date:
    """The day on which people are contacted, by their clock."""
    return datetime.now(ZoneInfo(project.variables({})["contact_time_zone"])).date()


def audiences_in_use(project: Project, names: Collection[str] = ()) -> list[str]:
    """The audiences of these names, or without any the published ones, and those of which files
    have been handed over: whoever has them is still to be told that nobody is named any more.

    Raises `ValueError` for a name that is none of these, and while nothing is published.
    """
    with closing(_readers(project)) as connection:
        query = "select distinct audience from readers.marts.audiences"
        in_use = {audience for (audience,) in connection.execute(query).fetchall()}
    handed_over = project.exports / "audiences"
    if handed_over.exists():
        in_use |= {path.name for path in handed_over.iterdir() if path.is_dir()}
    if unknown := sorted(set(names) - in_use):
        raise ValueError(
            f"No audience {', '.join(unknown)} is published: choose of {', '.join(sorted(in_use))}."
        )
    return list(names) or sorted(in_use)


def find_members(connection: duckdb.DuckDBPyConnection, audience: str) -> Members:
    """Makes the table `members` of an audience, without those who can't be reached or must not be
    any more, whichever arm they are in, and counts everybody.

    A consent that has run out by today has run out, however old the publication.
    """
    connection.execute("drop table if exists members")
    connection.execute(MEMBERS, {"audience": audience})
    since = {reason: _taken_out(connection, condition) for reason, condition in LEFT_OUT.items()}
    connection.execute(CHOOSE_NOTHING)
    refused = connection.execute(
        "select refusal, count(*) from readers.marts.audiences"
        " where audience = $audience and refusal is not null group by 1 order by 1",
        {"audience": audience},
    )
    counts = dict(refused.fetchall()) | since
    arms = dict(connection.execute("select arm, count(*) from members group by 1").fetchall())
    counts |= {"hold_out": arms.get("control", 0), "addressed": arms.get("treatment", 0)}
    [(day, generation)] = connection.execute(
        "select as_of_date, generation from readers.marts.publication"
    ).fetchall()
    return Members(connection, audience, day, generation, counts)


def _taken_out(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    return connection.execute(f"delete from members where {condition}").fetchone()[0]
