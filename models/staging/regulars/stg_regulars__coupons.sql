{%- set feed = feed('regulars', 'coupons') -%}

with source as (

    select * from {{ source('regulars', 'coupons') }}

),

renamed as (

    select
        {{ source_key('regulars', 'coupon_code') }} as coupon_id,
        {{ source_key('regulars', 'campaign_code') }} as campaign_id,
        {{ clean_text('discount_type') }} as discount_type,
        {{ parse_decimal('discount_value', 2) }} as discount_value,
        {{ parse_decimal('minimum_amount', 2) }} as minimum_amount,
        {{ clean_text('weekdays') }} as weekdays,
        cast({{ parse_decimal('from_hour', 0) }} as bigint) as from_hour,
        cast({{ parse_decimal('to_hour', 0) }} as bigint) as to_hour,
        {{ clean_text('retail_type') }} as retail_type,
        {{ parse_date('valid_from', feed) }} as valid_from,
        {{ parse_date('valid_to', feed) }} as valid_to,
        _line, _batch, _landed_at
    from source

)

select * from renamed
