"""The web shop and the app's shop: users, orders, items, payments and refunds, as JSON lines."""

from __future__ import annotations

from orchestration.world.faults import CUT, Ghost, Resent, Wrong
from orchestration.world.names import INJECTIONS
from orchestration.world.people import CHANNELS
from orchestration.world.scale import World
from orchestration.world.systems.feed import Feed, listed
from orchestration.world.trade import METHODS, SELLS_IN


def feeds(world: World) -> list[Feed]:
    return [
        Feed(
            "shop", "users", "accounts",
            f"""
            select user_id(serial) as user_id, in_china(registered, 36000) as created_at,
                phone as mobile, email, union_id as unionid, name as nick_name, address,
                {listed(tuple(CHANNELS))}[channel + 1] as acquired_via,
                day as _day, luck as _luck, serial as _key,
                case when name in {listed(INJECTIONS)} then 'injected_name' end as _kind
            from accounts where system = 1
            """,
            format="jsonl",
        ),
        Feed(
            "shop", "orders", "orders",
            f"""
            select order_no(serial) as order_no, user_id(account) as user_id,
                {listed(SELLS_IN)}[sells_in + 1] as channel, in_china(day, second) as placed_at,
                ['PAID', 'WAIT_PAY', 'CLOSED'][status + 1] as state,
                case when status = 2 then in_china(day, second + 720) end as closed_at,
                'CNY' as currency,
                case when account < 0 then contact::varchar end as contact_phone,
                null::varchar as contact_email,
                case when status = 0 then in_china(promised, 72000) end as promised_at,
                case when status = 0 and delivered < (select max(day) from sales)
                    then in_china(delivered, 54000) end as delivered_at,
                day as _day, luck as _luck, serial as _key,
                case when is_giant then 'giant_order' end as _kind
            from sales where not in_store
            """,
            format="jsonl",
            ghosts=(
                Ghost("unknown_status", "status_unknown",
                      {"order_no": "'W9' || order_no", "state": "'LOST'"}),
                Ghost("no_currency", "currency_missing",
                      {"order_no": "'W8' || order_no", "currency": "null"}),
                Ghost("future_date", "after_delivery",
                      {"order_no": "'W7' || order_no", "placed_at": "'2099' || placed_at[5:]"}),
            ),
            resent=Resent(CUT, 0.55),
            is_late=True,
        ),
        Feed(
            "shop", "order_items", "order_lines",
            """
            select order_no(sale) as order_no, line as item_no, sku(product) as sku, quantity,
                yuan(price)::varchar as price, yuan(discount)::varchar as discount,
                day as _day, luck as _luck, sale * 1000 + line as _key
            from sale_lines where not in_store
            """,
            format="jsonl",
            ghosts=(Ghost("orphan", "order_missing", {"order_no": "'W999' || _key::varchar"}),),
        ),
        Feed(
            "shop", "payments", "payments",
            f"""
            select numbered('P', sale) as payment_no, order_no(sale) as order_no,
                upper({listed(METHODS)}[method + 1]) as method, yuan(amount)::varchar as amount,
                case when token >= 0 then 'tok' || scrambled(token) end as card_token,
                day as _day, luck as _luck, sale as _key
            from payments where not in_store
            """,
            format="jsonl",
            wrong=Wrong(
                "cents_for_yuan", "amount_in_cents", 0.5,
                {"amount": "(amount::decimal(18,2) * 100)::varchar"},
            ),
        ),
        Feed(
            "shop", "refunds", "refunds",
            """
            select numbered('F', serial) as refund_no, order_no(sale) as order_no,
                in_china(day, second) as refunded_at, yuan(amount)::varchar as amount,
                day as _day, luck as _luck, serial as _key
            from refunds where not in_store
            """,
            format="jsonl",
            ghosts=(
                Ghost("empty_refund", "amount_not_positive",
                      {"refund_no": "'F9' || refund_no", "amount": "'0.00'"}),
            ),
        ),
    ]  # fmt: skip
