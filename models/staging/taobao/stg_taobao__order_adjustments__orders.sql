-- What is owed for goods is booked whole here, and what the lines make of it is taken off again by the report of items:
-- together they are the discount on the order, of which either report alone knows nothing.
{%- set amounts = {'shipping': amount_or_zero('shipping'), 'discount': parse_decimal('payable', 2)} -%}

with source as (

    select * from {{ source('taobao', 'orders') }}

),

renamed as (

    {%- for kind, amount in amounts.items() %}
    select
        {{ source_key('taobao', 'order_no') }} || ':{{ kind }}' as adjustment_id,
        {{ source_key('taobao', 'order_no') }} as order_id,
        '{{ kind }}' as adjustment_kind,
        {{ amount }} as adjustment_amount,
        _line, _batch, _landed_at
    from source
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from renamed
