with landed as (

    select * from {{ ref('int_competitor_prices_landed') }}

),

validated as (

    select
        landed.*,
        case
            when competitor_price_id is null then 'key_missing'
            {{ refuse_date('observed_on') }}
            when price_amount is null then 'amount_unreadable'
        end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'competitor_price_id') }}

)

select * from settled
