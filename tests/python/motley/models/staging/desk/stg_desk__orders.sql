{%- set feed = feed('desk', 'orders') -%}

select
    {{ source_key('desk', 'order_no') }} as order_id,
    {{ parse_date('created_on', feed) }} as ordered_on,
    'paid' as order_status,
    'cny' as currency,
    {{ row_kind('orders', feed) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('desk', 'orders') }}
