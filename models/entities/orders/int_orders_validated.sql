with priced as (

    select
        delivered.*,
        rates.exchange_rate
    from {{ ref('int_orders_delivered') }} as delivered
    left join {{ ref('int_exchange_rates') }} as rates
        on {{ is_rate_on('delivered', 'ordered_on') }}

),

validated as (

    select
        priced.*,
        case
            {{ refuse_key('order_id') }}
            {{ refuse_date('ordered_on') }}
            when order_status is null then 'status_unknown'
            when order_status not in ('paid', 'unpaid', 'cancelled') then 'status_unknown'
            when currency is null then 'currency_missing'
            when exchange_rate is null then 'currency_without_rate'
        end as reason_code
    from priced

),

{{ deduplicated('validated', 'orders', 'order_id') }}

select * from deduplicated
