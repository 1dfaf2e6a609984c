-- The other half of the discount on an order: see stg_taobao__order_adjustments__orders.
with source as (

    select
        *,
        {{ line_worth(parse_decimal('quantity', 3), parse_decimal('price', 6)) }} as gross_amount
    from {{ source('taobao', 'items') }}

),

renamed as (

    select
        {{ source_key('taobao', 'order_no') }} || ':' || {{ place_within('order_no') }} || ':discount'
            as adjustment_id,
        {{ source_key('taobao', 'order_no') }} as order_id,
        'discount' as adjustment_kind,
        cast(
            -case
                when {{ clean_text('payable') }} is null then gross_amount
                else {{ parse_decimal('payable', 2) }}
            end as decimal(18,2)
        ) as adjustment_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed
