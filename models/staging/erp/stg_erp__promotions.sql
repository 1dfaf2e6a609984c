{%- set feed = feed('erp', 'promotions') -%}

with source as (

    select * from {{ source('erp', 'promotions') }}

),

renamed as (

    select
        {{ source_key('erp', 'promotion_no') }} || ':' || {{ clean_key('sku', 'erp') }} as promotion_line_id,
        {{ source_key('erp', 'promotion_no') }} as promotion_id,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ parse_date('starts_on', feed) }} as starts_on,
        {{ parse_date('ends_on', feed) }} as ends_on,
        {{ parse_decimal('depth', 4) }} as depth_share,
        {{ parse_date('announced_on', feed) }} as announced_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed
