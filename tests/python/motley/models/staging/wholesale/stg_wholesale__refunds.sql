{%- set feed = feed('wholesale', 'invoices') -%}

select
    {{ source_key('wholesale', 'invoice_no') }} || ':' || {{ place_within('invoice_no') }} as refund_id,
    {{ source_key('wholesale', 'customer_no') }} as account_id,
    {{ parse_date('invoiced_on', feed) }} as refunded_on,
    -{{ line_worth(parse_decimal('quantity', 3), parse_decimal('unit_price', 6)) }} as refund_amount,
    'GBP' as currency,
    {{ row_kind('refunds', feed) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('wholesale', 'invoices') }}
