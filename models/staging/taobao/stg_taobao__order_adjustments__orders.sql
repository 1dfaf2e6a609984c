-- What is owed for goods is booked whole here, and what the lines make of it is taken off again by the report of items:
-- together they are the discount on the order, of which neither report knows alone.
with source as (

    select * from {{ source('taobao', 'orders') }}

),

read as (

    select
        {{ source_key('taobao', 'order_no') }} as adjusted_id,
        {{ source_key('taobao', 'order_no') }} as order_id,
        {{ amount_or_zero('shipping') }} as shipping_amount,
        {{ parse_decimal('payable', 2) }} as goods_amount,
        cast(null as string) as _row_kind,
        _line, _batch, _landed_at
    from source

),

renamed as (

    {{ adjustments_by_kind('read', {'shipping': 'shipping_amount', 'discount': 'goods_amount'}) }}

)

select * from renamed
