with source as (

    select * from {{ source('complete_journey', 'transactions') }}

),

renamed as (

    select
        'complete_journey' as source_system,
        {{ source_key('complete_journey', 'basket_id') }} || ':' || {{ clean_text('product_id') }}
            as order_line_id,
        {{ source_key('complete_journey', 'basket_id') }} as order_id,
        {{ source_key('complete_journey', 'product_id') }} as product_id,
        try_cast(quantity as decimal(18,3)) as quantity,
        cast(
            try_cast(sales_value as decimal(18,2))
            + try_cast(retail_disc as decimal(18,2))
            + try_cast(coupon_match_disc as decimal(18,2))
            as decimal(18,2)
        ) as gross_amount,
        cast(
            try_cast(retail_disc as decimal(18,2)) + try_cast(coupon_match_disc as decimal(18,2))
            as decimal(18,2)
        ) as discount_amount,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed
