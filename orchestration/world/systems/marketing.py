"""Marketing: campaigns, coupons, whom they touched, and what the channels cost."""

from __future__ import annotations

from orchestration.world.campaigns import CAMPAIGNS, LUNCH_DISCOUNT, LUNCH_HOURS, WINDOW_DAYS
from orchestration.world.faults import Ghost
from orchestration.world.newsletters import NEWSLETTERS
from orchestration.world.people import CHANNELS
from orchestration.world.scale import World
from orchestration.world.systems.feed import Feed, listed
from orchestration.world.touches import KINDS


def feeds(world: World) -> list[Feed]:
    planned = [
        (
            *(each.code, each.name, each.objective, each.channel),
            "randomised" if each.is_randomised else "targeted",
            *(each.starts(world), each.starts(world) + WINDOW_DAYS - 1),
        )
        for each in CAMPAIGNS
    ]
    planned += [
        (each.code, each.name, "retention", each.channel, "broadcast", 0, world.days - 1)
        for each in NEWSLETTERS
    ]
    campaigns = ", ".join(str((number, *each)) for number, each in enumerate(planned))
    columns = "number, code, name, objective, channel, assignment, starts, ends"
    of = f"(values {campaigns}) as campaign({columns})"
    lunch = next(each for each in CAMPAIGNS if each.is_lunch_coupon)
    start = lunch.starts(world)
    return [
        Feed(
            "marketing", "campaigns", "campaigns",
            f"""
            select code as campaign_code, name as campaign_name, objective, channel, assignment,
                date_of(starts)::varchar as starts_on,
                date_of(ends)::varchar as ends_on,
                0 as _day, 1.0 as _luck, number as _key
            from {of}
            """,
            cut="once",
            is_repeated=False,
            ghosts=(
                Ghost("unreadable_time", "time_unreadable",
                      {"campaign_code": "'C90'", "starts_on": "'soon'"}),
            ),
        ),
        Feed(
            "marketing", "coupons", "coupons",
            f"""
            select 'LUNCH' as coupon_code, '{lunch.code}' as campaign_code,
                'percent' as discount_type, '{LUNCH_DISCOUNT * 100:.2f}' as discount_value,
                '0.00' as minimum_amount, '1,2,3,4,5' as weekdays, '{LUNCH_HOURS[0]}' as from_hour,
                '{LUNCH_HOURS[1]}' as to_hour, null::varchar as retail_type,
                date_of({start})::varchar as valid_from,
                date_of({start + WINDOW_DAYS - 1})::varchar as valid_to,
                0 as _day, 1.0 as _luck, 1 as _key
            """,
            cut="once",
            is_repeated=False,
            ghosts=(
                Ghost("orphan", "campaign_missing",
                      {"coupon_code": "'GHOST'", "campaign_code": "'C99'"}),
            ),
        ),
        Feed(
            "marketing", "touches", "touches",
            f"""
            select numbered('H', serial) as touch_no, code as campaign_code,
                case when system = 0 then member_no(account) end as member_no,
                case when system = 1 then user_id(account) end as user_id,
                {listed(KINDS)}[kind + 1] as touch_type,
                case
                    when assignment = 'broadcast' then null
                    when is_treated then 'treatment' else 'control'
                end as arm,
                campaign.channel,
                case when kind >= 4 then 'LUNCH' end as coupon_code,
                case when in_store then receipt_no(sale) end as receipt_no,
                case when not in_store then order_no(sale) end as web_order_no,
                in_china(day, second) as occurred_at,
                day as _day, luck as _luck, serial as _key
            from touches inner join {of} on touches.campaign = campaign.number
            """,
            ghosts=(
                Ghost("orphan", "campaign_missing",
                      {"touch_no": "'H9' || touch_no", "campaign_code": "'C99'"}),
                Ghost("nobody", "account_missing",
                      {"touch_no": "'H8' || touch_no", "member_no": "null", "user_id": "null"}),
            ),
        ),
        Feed(
            "marketing", "channel_spend", "channel_spend",
            f"""
            select date_of(day)::varchar as spent_on,
                {listed(tuple(CHANNELS))}[channel + 1] as channel, yuan(amount)::varchar as amount,
                case when clicks >= 0 then impressions end as impressions,
                case when clicks >= 0 then clicks end as clicks,
                day as _day, luck as _luck, channel as _key
            from spend
            """,
            ghosts=(
                Ghost("unreadable_amount", "amount_unreadable",
                      {"channel": "'unknown'", "amount": "'see invoice'"}),
            ),
        ),
    ]  # fmt: skip
