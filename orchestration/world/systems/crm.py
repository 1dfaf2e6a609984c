"""The loyalty programme: members, points, tiers and consents."""

from __future__ import annotations

from orchestration.world.faults import GBK_LINE, Ghost
from orchestration.world.names import INJECTIONS
from orchestration.world.people import CHANNELS
from orchestration.world.scale import World
from orchestration.world.service import PURPOSES
from orchestration.world.systems.feed import Feed, listed
from orchestration.world.trade import TIERS


def feeds(world: World) -> list[Feed]:
    tiers, channels = listed(TIERS), listed(tuple(CHANNELS))
    purposes, ways = (listed([each[at] for each in PURPOSES]) for at in (0, 1))
    common = {"delimiter": ";"}
    return [
        Feed(
            "crm", "members", "accounts",
            f"""
            select member_no(serial) as member_no, slashed(registered) as joined, phone as mobile,
                email, name as full_name, birthday, gender, city, address,
                {tiers}[tier + 1] as tier, slashed(registered + 1095) as valid_until,
                {channels}[channel + 1] as recruited_via,
                day as _day, luck as _luck, serial as _key,
                case when name in {listed(INJECTIONS)} then 'injected_name' end as _kind
            from accounts where system = 0
            """,
            **common,
            ghosts=(
                Ghost("no_key", "key_missing", {"member_no": "null"}),
                Ghost("mixed_encoding", "undecodable_text",
                      {"member_no": "'M9' || member_no", "full_name": "'王伟'", "address": "null"},
                      GBK_LINE),
            ),
        ),
        Feed(
            "crm", "points", "loyalty_ledger",
            """
            select numbered('E', serial) as entry_no, member_no(account) as member_no,
                ['earn', 'redeem'][kind + 1] as entry_type, points::varchar as points,
                receipt_no(sale) as receipt_no, slashed(day) as booked_on,
                day as _day, luck as _luck, serial as _key
            from points
            """,
            **common,
            ghosts=(
                Ghost("nobody", "account_missing",
                      {"entry_no": "'E9' || entry_no", "member_no": "null"}),
            ),
        ),
        Feed(
            "crm", "tiers", "membership_tiers",
            f"""
            select member_no(account) as member_no, {tiers}[tier + 1] as tier,
                slashed(day) as valid_from,
                greatest(day, 0) as _day, luck as _luck, serial as _key
            from tiers where day < {world.days}
            """,
            **common,
        ),
        Feed(
            "crm", "consents", "consents",
            f"""
            select numbered('A', serial) as consent_no, member_no(account) as member_no,
                {purposes}[purpose + 1] as purpose, {ways}[purpose + 1] as channel,
                case when is_granted then 'granted' else 'withdrawn' end as status,
                in_china(day, 43200 + purpose) as changed_at,
                greatest(day, 0) as _day, luck as _luck, serial as _key,
                case when not is_granted then 'opt_out' end as _kind
            from consents
            """,
            **common,
            ghosts=(
                Ghost("unknown_status", "status_unknown",
                      {"consent_no": "'A9' || consent_no", "status": "'maybe'"}),
            ),
        ),
    ]  # fmt: skip
