-- A refund is in the money of its order; one whose order can't be found, in its own currency.
with landed as (

    select * from {{ ref('int_refunds_landed') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

rates as (

    select * from {{ ref('int_exchange_rates') }}

),

attached as (

    select
        landed.*,
        orders.order_id as attached_order_id,
        coalesce(orders.exchange_rate, rates.exchange_rate) as exchange_rate
    from landed
    left join orders on landed.order_id = orders.order_id
    left join rates
        on landed.currency = rates.currency
        and landed.refunded_on >= rates.valid_from
        and (landed.refunded_on < rates.valid_to or rates.valid_to is null)

),

converted as (

    select
        attached.*,
        {{ times('refund_amount', 'exchange_rate') }} as converted_amount
    from attached

),

validated as (

    select
        converted.*,
        case
            when refund_id is null then 'key_missing'
            when refunded_on is null then 'time_unreadable'
            when {{ before_first_day('refunded_on') }} then 'before_first_day'
            when {{ after_delivery('refunded_on') }} then 'after_delivery'
            when refund_amount is null then 'amount_unreadable'
            when refund_amount <= 0 then 'amount_not_positive'
            when exchange_rate is null and currency is null then 'currency_missing'
            when exchange_rate is null then 'currency_without_rate'
            when converted_amount is null then 'amount_unreadable'
        end as reason_code
    from converted

),

settled as (

    {{ settle_deliveries('validated', 'refund_id') }}

)

select * from settled
