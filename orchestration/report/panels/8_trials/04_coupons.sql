select
    coupon_id,
    issued_count,
    redeemed_order_count,
    redemption_share,
    incremental_orders,
    low_incremental_orders as coupon_orders_from,
    high_incremental_orders as coupon_orders_to,
    cannibalised_share,
    incremental_revenue,
    verdict_en as coupon_verdict_en,
    verdict_zh as coupon_verdict_zh
from marts.coupon_results
order by issued_count desc, coupon_id
