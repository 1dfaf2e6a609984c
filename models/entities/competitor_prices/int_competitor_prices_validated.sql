with validated as (

    select
        delivered.*,
        case
            when competitor_price_id is null then 'key_missing'
            {{ refuse_date('observed_on') }}
            when price_amount is null then 'amount_unreadable'
        end as reason_code
    from {{ ref('int_competitor_prices_delivered') }} as delivered

),

{{ deduplicated('validated', 'competitor_prices', 'competitor_price_id') }}

select * from deduplicated
