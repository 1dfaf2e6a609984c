{%- set feed = feed('till', 'movements') -%}

select
    {{ source_key('till', 'movement_no') }} as refund_id,
    {{ source_key('desk', 'order_no') }} as order_id,
    {{ parse_date('moved_on', feed) }} as refunded_on,
    {{ parse_decimal('amount', 2) }} as refund_amount,
    {{ row_kind('refunds', feed) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('till', 'movements') }}
