"""Codes that hold for one person, under the conditions of the playbook's offer.

A code is recorded as a coupon and as a touch `coupon_issued` in the landing folder; whoever redeems
it is found by it. Nobody guesses one: each has 60 random bits.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from orchestration.audiences.formats import holdout_share
from orchestration.audiences.members import Members, audiences_in_use, connected, find_members
from orchestration.audiences.record import SOURCE, TOUCHES, add_rows, read_rows, record_campaign
from orchestration.duck import literal
from orchestration.progress import counted
from orchestration.request import Request

# Letters and digits that nobody takes for one another, of which 12 have 60 bits; the letter in
# front keeps spreadsheets from reading a number.
ALPHABET, LENGTH, FRONT = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12, "R"
AT_ONCE = 10_000
COUPONS = (
    *("coupon_code", "campaign_code", "discount_type", "discount_value", "minimum_amount"),
    *("weekdays", "from_hour", "to_hour", "retail_type", "valid_from", "valid_to"),
)

# Whoever has a code that still holds keeps it, and has had theirs where it is redeemed. A cause is
# missing where nothing may be chosen for them: the playbook's offers go by it.
WITHOUT_CODE = """
create or replace temp table without_code as
select members.*, row_number() over (order by members.customer_id) as place
from members
anti join ({codes}) as codes using (customer_id)
where members.arm = 'treatment'
    and members.cause is not null
"""
NEW_COUPONS = """
select
    new_codes.coupon_code,
    $audience as campaign_code,
    playbook.discount_type,
    playbook.discount_value::varchar as discount_value,
    playbook.minimum_amount::varchar as minimum_amount,
    playbook.weekdays,
    playbook.from_hour::varchar as from_hour,
    playbook.to_hour::varchar as to_hour,
    playbook.retail_type,
    without_code.as_of_date::varchar as valid_from,
    -- The day itself is the first.
    (without_code.as_of_date + playbook.valid_days::integer - 1)::varchar as valid_to
from without_code
inner join new_codes using (place)
inner join warehouse.reference.churn_playbook as playbook
    on without_code.play = playbook.play
    and without_code.cause = playbook.cause
    and playbook.retail_type = $retail_type
"""
ISSUED = """
select
    $audience || '-issued-' || new_codes.coupon_code as touch_no,
    $audience as campaign_code,
    without_code.account_id,
    'coupon_issued' as touch_type,
    'treatment' as arm,
    new_codes.coupon_code,
    null::varchar as order_id,
    without_code.as_of_date || ' 00:00:00' as occurred_at
from without_code
inner join new_codes using (place)
"""
# Whichever source says so.
REDEEMED = """
select distinct regexp_extract(coupon_id, ':(.*)$', 1) as coupon_code
from warehouse.entities.int_touches_validated
where touch_type = 'coupon_redeemed'
    and row_status = 'accepted'
"""


@dataclass(frozen=True)
class Given:
    """How many people of an audience got a code now."""

    audience: str
    count: int

    def __str__(self) -> str:
        return f"{self.audience}: {counted(self.count, 'new code')}."


def give_coupons(request: Request, audience: str) -> Given:
    """Gives a code to everybody whom the audience addresses, and who has none that holds.

    Raises `ValueError` for an audience that is not published.
    """
    project = request.project
    with closing(connected(request)) as connection:
        audiences_in_use(project, [audience])
        members = find_members(connection, audience)
        connection.execute(WITHOUT_CODE.format(codes=codes_of(project.landing, members)))
        [(count,)] = connection.execute("select count(*) from without_code").fetchall()
        connection.execute(
            "create or replace temp table new_codes (place bigint, coupon_code text)"
        )
        for first in range(1, count + 1, AT_ONCE):
            places = range(first, min(first + AT_ONCE, count + 1))
            connection.execute(
                "insert into new_codes select unnest($places), unnest($codes)",
                {"places": list(places), "codes": _codes(len(places))},
            )
        retail_type = project.variables(request.overrides)["retail_type"]
        given = {"audience": audience, "retail_type": retail_type}
        folder, name = project.landing / SOURCE, f"{members.day}-{audience}-coupons.csv"
        # The campaign and the coupons first: a touch names what is there.
        if count:
            rules = project.audience_rules / f"audience_{audience}.yml"
            record_campaign(members, project.landing, holdout_share(rules))
        connection.execute(f"create or replace temp table rows as {NEW_COUPONS}", given)
        add_rows(connection, folder / "coupons" / name)
        connection.execute(f"create or replace temp table rows as {ISSUED}", {"audience": audience})
        add_rows(connection, folder / "touches" / name)
    return Given(audience, count)


def codes_of(landing: Path, members: Members) -> str:
    """The query of who has a code that holds on the day of the audience, and which: none where it
    is redeemed.

    People, not accounts, since the account that permits something may be another one tomorrow.
    """
    pattern, folder = f"????-??-??-{members.audience}-coupons.csv", landing / SOURCE
    issued = read_rows(folder / "touches", pattern, TOUCHES)
    coupons = read_rows(folder / "coupons", pattern, COUPONS)
    return f"""
        select
            accounts.customer_id,
            max(issued.coupon_code) filter (where redeemed.coupon_code is null) as coupon_code
        from ({issued}) as issued
        inner join ({coupons}) as coupons using (coupon_code)
        inner join warehouse.intermediate.int_account_customers as accounts using (account_id)
        left join ({REDEEMED}) as redeemed on issued.coupon_code = redeemed.coupon_code
        where coupons.valid_to >= {literal(members.day)}
        group by accounts.customer_id
    """


def _codes(count: int) -> Sequence[str]:
    return [FRONT + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(count)]
