with source as (

    select * from {{ source('complete_journey', 'transactions') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'basket_id') }}
            || ':' || {{ clean_key('product_id', 'complete_journey') }}
            as order_line_id,
        {{ source_key('complete_journey', 'basket_id') }} as order_id,
        {{ source_key('complete_journey', 'product_id') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        cast(
            {{ parse_decimal('sales_value', 2) }}
            + {{ parse_decimal('retail_disc', 2) }}
            + {{ parse_decimal('coupon_match_disc', 2) }}
            as decimal(18,2)
        ) as gross_amount,
        cast(
            {{ parse_decimal('retail_disc', 2) }} + {{ parse_decimal('coupon_match_disc', 2) }}
            as decimal(18,2)
        ) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed
