with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('competitor_price_id') }}
            {{ refuse_date('observed_on') }}
            when price_amount is null then 'amount_unreadable'
        end as reason_code
    from {{ ref('int_competitor_prices_delivered') }} as delivered

),

{{ deduplicated('validated', 'competitor_prices', 'competitor_price_id') }}

select * from deduplicated
