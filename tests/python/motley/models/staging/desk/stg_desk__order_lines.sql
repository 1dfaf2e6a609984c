select
    {{ source_key('desk', 'order_no') }} || ':' || {{ place_within('order_no') }} as order_line_id,
    {{ source_key('desk', 'order_no') }} as order_id,
    {{ source_key('desk', 'sku') }} as product_id,
    {{ parse_decimal('quantity', 3) }} as quantity,
    {{ parse_decimal('amount', 2) }} as gross_amount,
    cast(0 as decimal(18,2)) as discount_amount,
    {{ row_kind('order_lines', feed('desk', 'orders')) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('desk', 'orders') }}
