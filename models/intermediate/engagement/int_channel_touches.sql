-- What brought a customer to the shop, as far as anybody saw it: a visit by a channel, or a message that was opened,
-- clicked or redeemed. A message that nobody opened is no touch: nobody knows that it was seen.
-- To open a message, click on it and so come to visit is one deed, told up to three times: the messages of a channel on
-- one day are one touch, and none where a visit by that channel on that day tells it. A coupon is redeemed with the order that
-- it names, also where that is told after it.
with told as (

    select
        session_id as touch_id,
        customer_id,
        started_at as touched_at,
        started_on as touched_on,
        channel,
        'visit' as touch_kind
    from {{ ref('int_sessions') }}
    where customer_id is not null
    union all
    select
        messages.touch_id,
        messages.customer_id,
        least(messages.occurred_at, orders.ordered_at),
        least(messages.occurred_on, orders.ordered_on),
        messages.channel,
        messages.touch_type
    from {{ ref('int_messages') }} as messages
    left join {{ ref('int_orders') }} as orders on messages.order_id = orders.order_id
    where messages.customer_id is not null

),

ranked as (

    select
        told.*,
        row_number() over (
            partition by customer_id, channel, touched_on
            order by case when touch_kind = 'visit' then 0 else 1 end nulls last, touched_at nulls last,
                touch_id nulls last
        ) as place
    from told
    where touch_kind in ('{{ var("attribution_touch_kinds") | join("', '") }}')

)

select
    touch_id,
    customer_id,
    touched_at,
    touched_on,
    channel,
    touch_kind
from ranked
where touch_kind = 'visit'
    or place = 1
