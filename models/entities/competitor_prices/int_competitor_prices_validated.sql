with converted as (

    select
        delivered.*,
        rates.exchange_rate,
        {{ converted('delivered.price_amount', 'rates.exchange_rate') }} as converted_amount
    from {{ ref('int_competitor_prices_delivered') }} as delivered
    left join {{ ref('int_exchange_rates') }} as rates
        on {{ is_rate_on('delivered', 'observed_on') }}

),

validated as (

    select
        converted.*,
        case
            {{ refuse_key('competitor_price_id') }}
            {{ refuse_date('observed_on') }}
            when price_amount is null then 'amount_unreadable'
            when currency is null then 'currency_missing'
            when exchange_rate is null then 'currency_without_rate'
            when converted_amount is null then 'amount_unreadable'
        end as reason_code
    from converted

),

{{ deduplicated('validated', 'competitor_prices', 'competitor_price_id') }}

select * from deduplicated
