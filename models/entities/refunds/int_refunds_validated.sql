-- A refund is in the money of its order and takes its rate. One in another currency, as when a store
-- takes back what the shop sold abroad, takes the rate of its own day, and so does one whose order
-- can't be found. What it takes off its order is told in the currency of the order, too.
with attached as (

    select
        delivered.*,
        orders.order_id as attached_order_id,
        orders.exchange_rate as order_rate,
        coalesce(delivered.currency, orders.currency) is distinct from orders.currency
            and orders.order_id is not null as is_in_another_currency,
        case
            when coalesce(delivered.currency, orders.currency) = orders.currency
                then orders.exchange_rate
            else rates.exchange_rate
        end as exchange_rate
    from {{ ref('int_refunds_delivered') }} as delivered
    left join {{ ref('int_orders') }} as orders on delivered.order_id = orders.order_id
    left join {{ ref('int_exchange_rates') }} as rates
        on {{ is_rate_on('delivered', 'refunded_on') }}

),

converted as (

    select
        attached.*,
        {{ converted('refund_amount', 'exchange_rate') }} as converted_amount,
        refund_amount as delivered_amount
    from attached

),

validated as (

    select
        converted.*,
        case
            when is_in_another_currency
                then {{ round_half_up('cast(converted_amount as double) / order_rate', 2) }}
            else refund_amount
        end as amount_off_order,
        case
            {{ refuse_key('refund_id') }}
            {{ refuse_date('refunded_on') }}
            when refund_amount is null then 'amount_unreadable'
            when refund_amount <= 0 then 'amount_not_positive'
            when exchange_rate is null and currency is null then 'currency_missing'
            when exchange_rate is null then 'currency_without_rate'
            when converted_amount is null then 'amount_unreadable'
        end as reason_code
    from converted

),

{{ deduplicated('validated', 'refunds', 'refund_id') }}

select * from deduplicated
