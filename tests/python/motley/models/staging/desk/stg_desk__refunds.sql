{%- set feed = feed('desk', 'orders') -%}

select
    {{ source_key('desk', 'order_no') }} as refund_id,
    {{ source_key('desk', 'order_no') }} as order_id,
    {{ parse_date('refunded_on', feed) }} as refunded_on,
    {{ parse_decimal('refunded', 2) }} as refund_amount,
    {{ row_kind('refunds', feed) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('desk', 'orders') }}
