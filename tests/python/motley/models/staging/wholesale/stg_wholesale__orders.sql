{%- set feed = feed('wholesale', 'invoices') -%}

select
    {{ source_key('wholesale', 'invoice_no') }} as order_id,
    {{ source_key('wholesale', 'customer_no') }} as account_id,
    {{ parse_date('invoiced_on', feed) }} as ordered_on,
    'paid' as order_status,
    'gbp' as currency,
    {{ row_kind('orders', feed) }} as _row_kind,
    _line, _batch, _landed_at
from {{ source('wholesale', 'invoices') }}
