with converted as (

    select
        delivered.*,
        rates.exchange_rate,
        {{ converted('delivered.spend_amount', 'rates.exchange_rate') }} as converted_amount
    from {{ ref('int_channel_spend_delivered') }} as delivered
    left join {{ ref('int_exchange_rates') }} as rates
        on {{ is_rate_on('delivered', 'spent_on') }}

),

validated as (

    select
        converted.*,
        case
            {{ refuse_key('channel_spend_id') }}
            {{ refuse_date('spent_on') }}
            when spend_amount is null then 'amount_unreadable'
            when currency is null then 'currency_missing'
            when exchange_rate is null then 'currency_without_rate'
            when converted_amount is null then 'amount_unreadable'
        end as reason_code
    from converted

),

{{ deduplicated('validated', 'channel_spend', 'channel_spend_id') }}

select * from deduplicated
