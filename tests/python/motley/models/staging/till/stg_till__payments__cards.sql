select
    {{ source_key('till', 'movement_no') }} as payment_id,
    {{ source_key('desk', 'order_no') }} as order_id,
    'bank_card' as payment_method,
    {{ parse_decimal('amount', 2) }} as payment_amount,
    {{ row_kind('payments__cards', feed('till', 'movements')) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('till', 'movements') }}
