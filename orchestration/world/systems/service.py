"""Customer service: tickets, reviews, surveys and comments in public."""

from __future__ import annotations

from orchestration.world.faults import Ghost
from orchestration.world.scale import World
from orchestration.world.service import ERASURE, REOPENED
from orchestration.world.systems.feed import Feed


def feeds(world: World) -> list[Feed]:
    who = """case when system = 0 then member_no(account) end as member_no,
                case when system = 1 then user_id(account) end as user_id"""
    which = """case when in_store then receipt_no(sale) end as receipt_no,
                case when not in_store then order_no(sale) end as web_order_no"""
    # Nobody waits long on the phone, and a store calls back.
    waits = "serial * 7919 % 300 * [1, 12, 36][serial % 3 + 1]"
    return [
        Feed(
            "service", "tickets", "interactions",
            f"""
            select numbered('T', serial) as ticket_no, {who}, {which}, topic,
                ['phone', 'chat', 'store'][serial % 3 + 1] as channel,
                in_china(day, second) as opened_at,
                in_china(day, second + {waits}) as answered_at,
                case when closed >= 0
                    then in_china(
                        closed,
                        case when closed = day then greatest(64800, second + {waits}) else 64800 end
                    )
                end as closed_at,
                case when serial % {REOPENED} = 0 then 1 else 0 end as reopened,
                day as _day, luck as _luck, serial as _key,
                case when topic = '{ERASURE}' then topic end as _kind
            from tickets
            """,
            ghosts=(
                Ghost("unreadable_time", "time_unreadable",
                      {"ticket_no": "'T9' || ticket_no", "opened_at": "'yesterday'"}),
            ),
        ),
        Feed(
            "service", "reviews", "interactions",
            """
            select numbered('B', serial) as review_id, user_id(account) as user_id,
                order_no(sale) as order_no, sku(product) as sku, score as rating,
                case when score <= 2 then '不太满意' when score >= 5 then '非常好' end as comment,
                in_china(day, second) as posted_at, day as _day, luck as _luck, serial as _key
            from reviews
            """,
            format="jsonl",
            ghosts=(
                Ghost("unreadable_time", "time_unreadable",
                      {"review_id": "'B9' || review_id", "posted_at": "null"}),
            ),
        ),
        Feed(
            "service", "surveys", "interactions",
            f"""
            select numbered('Q', serial) as survey_no, {who}, {which},
                topic[:strpos(topic, ':') - 1] as kind,
                case when score >= 0 then score::varchar end as score,
                nullif(topic[strpos(topic, ':') + 1:], '') as reason,
                case when sale >= 0 then in_china(day, 32400) end as sent_at,
                case when score >= 0 then in_china(day, second) end as answered_at,
                day as _day, luck as _luck, serial as _key
            from surveys
            """,
            ghosts=(
                Ghost("unknown_kind", "type_unknown",
                      {"survey_no": "'Q9' || survey_no", "kind": "'mood'"}),
            ),
        ),
        Feed(
            "service", "comments", "interactions",
            """
            select numbered('G', serial) as comment_id, user_id(account) as user_id,
                ['weibo', 'xiaohongshu', 'douyin'][serial % 3 + 1] as platform, topic,
                case topic when 'praise' then '水果很新鲜' else '等了很久' end as comment,
                in_china(day, second) as posted_at, day as _day, luck as _luck, serial as _key
            from comments
            """,
            format="jsonl",
            ghosts=(
                Ghost("future_date", "after_delivery",
                      {"comment_id": "'G9' || comment_id", "posted_at": "'2099' || posted_at[5:]"}),
            ),
        ),
    ]  # fmt: skip
