-- The orders on which a coupon was used, what they were worth on the latest day of analysis, and what was taken off them: off their lines,
-- and off the order as a whole, where some sources tell of every discount.
with redeemed as (

    select distinct messages.coupon_id, messages.order_id
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    where messages.touch_type = 'coupon_redeemed'
        and messages.coupon_id is not null
        and messages.customer_id is not null

),

off_order as (

    select order_id, sum(adjustment_amount) as adjustment_amount
    from {{ ref('int_order_adjustments') }}
    where adjustment_kind = 'discount'
    group by order_id

)

select
    redeemed.coupon_id,
    redeemed.order_id,
    states.net_amount,
    cast(coalesce(amounts.discount_amount, 0) - coalesce(off_order.adjustment_amount, 0) as decimal(18,2)) as discount_amount,
    states.is_purchase
from redeemed
inner join {{ ref('int_order_states') }} as states
    on redeemed.order_id = states.order_id
    and states.is_current
left join {{ ref('int_order_amounts') }} as amounts on redeemed.order_id = amounts.order_id
left join off_order on redeemed.order_id = off_order.order_id
