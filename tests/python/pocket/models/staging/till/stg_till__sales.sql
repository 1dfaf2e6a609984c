select
    {{ source_key('till', 'sale_no') }} as sale_id,
    {{ parse_date('sold_on', feed('till', 'sales')) }} as sold_on,
    {{ parse_decimal('amount', 2) }} as amount,
    _line,
    _batch,
    _landed_at
from {{ source('till', 'sales') }}
