-- What an order was worth from day to day. A voided order (cancelled, or never paid) is worth nothing,
-- whatever its sign: nobody paid, and nobody was paid; only what was given back beyond its worth is
-- gone. Whether anything is left is asked of the money as delivered too: converted line by line, and
-- refunded at once, a foreign order may keep a cent that nobody paid, or no cent of what was.
-- Which state is the current one is said here, so that nobody need know the latest day of analysis to read those alone.
with booked as (

    {{ order_bookings(ref('int_orders'), ref('int_booked_refunds')) }}

),

running as (

    select
        order_id,
        effective_from,
        min(effective_from) over so_far as ordered_on, -- its lines are booked first
        lead(effective_from) over so_far as effective_to,
        sum(adjustment_amount) over so_far as adjustment_amount,
        sum(refund_amount) over so_far as refunded_amount,
        sum(sales_amount + adjustment_amount) over so_far as worth_amount,
        sum(delivered_amount) over so_far as delivered_amount,
        sum(void_count) over so_far as void_count
    from booked
    window so_far as (partition by order_id order by effective_from nulls last)

),

voided as (

    select
        running.*,
        case
            when void_count = 0 then 0
            when worth_amount > 0 then greatest(worth_amount - refunded_amount, 0)
            else worth_amount
        end as voided_amount
    from running

)

select
    voided.order_id,
    voided.effective_from,
    voided.effective_to,
    cast(voided.adjustment_amount as decimal(18,2)) as adjustment_amount,
    cast(voided.refunded_amount as decimal(18,2)) as refunded_amount,
    cast(voided.voided_amount as decimal(18,2)) as voided_amount,
    cast(voided.worth_amount - voided.refunded_amount - voided.voided_amount as decimal(18,2)) as net_amount,
    voided.void_count = 0 and voided.worth_amount > 0 as is_sold,
    voided.void_count = 0 and voided.delivered_amount > 0 and voided.worth_amount > voided.refunded_amount as is_purchase,
    {{ stands_on('voided', 'latest.as_of_date') }} as is_current,
    voided.ordered_on
from voided
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
