{%- set feed = feed('erp', 'supplier_orders') -%}

with source as (

    select * from {{ source('erp', 'supplier_orders') }}

),

renamed as (

    select
        {{ source_key('erp', 'order_line_no') }} as supplier_order_id,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ source_key('erp', 'store_code') }} as store_id,
        {{ parse_date('ordered_on', feed) }} as ordered_on,
        {{ parse_date('due_on', feed) }} as due_on,
        {{ parse_date('delivered_on', feed) }} as delivered_on,
        {{ parse_decimal('quantity', 3) }} as quantity,
        {{ parse_decimal('unit_cost', 2) }} as unit_cost_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed
