-- To which purchase each touch led: the customer's next one, if it came within the look-back. What comes after a purchase
-- leads to the one after it, so that a touch counts for the purchases of one day: several receipts of a day are one visit.
-- Touches that led to nothing are paths as well, which end where the customer was out of touch for the look-back.
-- What is known by its day only happened, as a touch, at the beginning of the day, and as an order at its end.
with steps as (

    select
        customer_id,
        touch_id,
        touched_on as happened_on,
        touched_at as happened_at,
        case when touched_at is null then 0 else 1 end as part_of_day,
        channel,
        touch_kind,
        false as is_purchase
    from {{ ref('int_channel_touches') }}
    union all
    select
        customer_id,
        order_id,
        ordered_on,
        ordered_at,
        case when ordered_at is null then 2 else 1 end,
        null,
        null,
        true
    from {{ ref('int_purchase_sessions') }}

),

followed as (

    select
        steps.*,
        min(case when is_purchase then happened_on end) over (
            partition by customer_id
            order by happened_on nulls last, part_of_day nulls last, happened_at nulls last, is_purchase nulls last,
                touch_id nulls last
            rows between current row and unbounded following
        ) as next_purchase_on
    from steps

),

touches as (

    select
        followed.*,
        case
            when {{ days_between('happened_on', 'next_purchase_on') }} <= {{ var('attribution_lookback_days') }}
                then next_purchase_on
        end as purchased_on,
        cast(
            row_number() over (
                partition by customer_id
                order by happened_on nulls last, part_of_day nulls last, happened_at nulls last, touch_id nulls last
            ) as bigint
        ) as touch_number
    from followed
    where not is_purchase

),

begun as (

    select
        touches.*,
        case
            when lag(purchased_on) over in_order is distinct from purchased_on then 1
            when purchased_on is not null then 0
            when {{ days_between('lag(happened_on) over in_order', 'happened_on') }} <= {{ var('attribution_lookback_days') }}
                then 0
            else 1
        end as paths_begun
    from touches
    window in_order as (partition by customer_id order by touch_number nulls last, touch_id nulls last)

)

select
    touch_id,
    customer_id,
    touch_number,
    cast(
        sum(paths_begun) over (partition by customer_id order by touch_number nulls last) as bigint
    ) as path_number,
    happened_at as touched_at,
    happened_on as touched_on,
    channel,
    touch_kind,
    purchased_on
from begun
