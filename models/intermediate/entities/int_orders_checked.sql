with landed as (

    select * from {{ ref('int_orders_landed') }}

),

rates as (

    select * from {{ ref('int_exchange_rates') }}

),

priced as (

    select
        landed.*,
        rates.exchange_rate
    from landed
    left join rates
        on landed.currency = rates.currency
        and landed.ordered_on >= rates.valid_from
        and (landed.ordered_on < rates.valid_to or rates.valid_to is null)

),

validated as (

    select
        priced.*,
        case
            when order_id is null then 'key_missing'
            {{ refuse_date('ordered_on') }}
            when order_status is null then 'status_unknown'
            when order_status not in ('paid', 'unpaid', 'cancelled') then 'status_unknown'
            when currency is null then 'currency_missing'
            when exchange_rate is null then 'currency_without_rate'
        end as reason_code
    from priced

),

settled as (

    {{ settle_deliveries('validated', 'order_id') }}

)

select * from settled
