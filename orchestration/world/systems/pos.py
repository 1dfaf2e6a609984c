"""The tills of the stores: receipts, lines, tenders and returns, a file a month and region."""

from __future__ import annotations

from orchestration.world.faults import CORRECTED, OPEN_QUOTE, Ghost, Resent
from orchestration.world.market import CLOCKS, REGIONS
from orchestration.world.scale import World
from orchestration.world.systems.feed import Feed, listed

ORPHAN = "'R999' || _key::varchar"


def feeds(world: World) -> list[Feed]:
    words = listed(["现金", "微信支付", "支付宝", "银行卡", "储值卡"])
    clocks = listed([CLOCKS[region] for region in REGIONS])
    return [
        Feed(
            "pos", "receipts", "orders",
            f"""
            select receipt_no(serial) as receipt_no, store_code(store) as store_code,
                member_no(account) as card_no,
                strftime(clock(day, second), '%Y-%m-%d %H:%M:%S') as sold_at,
                case when status = 2
                    then strftime(clock(day, second + 420), '%Y-%m-%d %H:%M:%S') end as voided_at,
                {clocks}[region + 1] as clock_zone,
                day as _day, luck as _luck, serial as _key, region as _region,
                case when is_giant then 'giant_order' end as _kind
            from sales where in_store
            """,
            by_region=True,
            ghosts=(
                Ghost("future_date", "after_delivery",
                      {"receipt_no": "'R9' || receipt_no", "sold_at": "'2099' || sold_at[5:]"}),
                Ghost("impossible_date", "time_unreadable",
                      {"receipt_no": "'R8' || receipt_no", "sold_at": "'2026-02-30 12:00:00'"}),
                Ghost("unknown_clock", "time_unreadable",
                      {"receipt_no": "'R7' || receipt_no", "clock_zone": "'Mars/Base'"}),
            ),
            resent=Resent(CORRECTED, 0.35, wrong={"card_no": "null"}, region=0),
        ),
        Feed(
            "pos", "receipt_lines", "order_lines",
            """
            select receipt_no(sale) as receipt_no, line::varchar as line_no, sku(product) as sku,
                quantity::varchar as quantity, yuan(price * quantity)::varchar as amount,
                yuan(discount)::varchar as discount,
                day as _day, luck as _luck, sale * 1000 + line as _key, region as _region
            from sale_lines where in_store
            """,
            by_region=True,
            ghosts=(
                Ghost("orphan", "order_missing", {"receipt_no": ORPHAN}),
                Ghost("unreadable_amount", "amount_unreadable",
                      {"line_no": "'9' || line_no", "amount": "'twelve'"}),
                Ghost("open_quote", "unclosed_quote", {"line_no": "'8' || line_no"}, OPEN_QUOTE),
            ),
        ),
        Feed(
            "pos", "tenders", "payments",
            f"""
            select receipt_no(sale) as receipt_no, number::varchar as tender_no,
                {words}[method + 1] as method, yuan(amount)::varchar as amount,
                case when token >= 0 then 'tok' || scrambled(token) end as card_token,
                day as _day, luck as _luck, sale * 10 + number as _key, region as _region
            from payments where in_store
            """,
            by_region=True,
            ghosts=(Ghost("orphan", "order_missing", {"receipt_no": ORPHAN}),),
        ),
        Feed(
            "pos", "returns", "refunds",
            """
            select numbered('V', serial) as return_no,
                case when has_receipt and not was_online then receipt_no(sale) end as receipt_no,
                case when has_receipt and was_online then order_no(sale) end as web_order_no,
                strftime(date_of(day), '%d/%m/%Y') as returned_on, yuan(amount)::varchar as amount,
                day as _day, luck as _luck, serial as _key, region as _region,
                case when not has_receipt then 'without_receipt' end as _kind
            from refunds where in_store
            """,
            by_region=True,
            ghosts=(
                Ghost("negative_refund", "amount_not_positive",
                      {"return_no": "'V9' || return_no", "amount": "'-' || amount"}),
            ),
        ),
    ]  # fmt: skip
