select
    {{ source_key('wholesale', 'invoice_no') }} || ':' || {{ place_within('invoice_no') }} as order_line_id,
    {{ source_key('wholesale', 'invoice_no') }} as order_id,
    {{ source_key('wholesale', 'stock_code') }} as product_id,
    {{ parse_decimal('quantity', 3) }} as quantity,
    {{ line_worth(parse_decimal('quantity', 3), parse_decimal('unit_price', 6)) }} as gross_amount,
    cast(0 as decimal(18,2)) as discount_amount,
    {{ row_kind('order_lines', feed('wholesale', 'invoices')) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('wholesale', 'invoices') }}
