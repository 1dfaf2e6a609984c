-- The purchases of known customers, with numbers in place of names, and the days from which and until which they count: until they were no
-- purchase any more, or worth another amount, or left the window. These are days as they were, and no days of analysis, of which the
-- latest is another one tomorrow.
{%- set window_end = 'transacted_on + ' ~ whole_number('tag_window_days', 1) %}

select
    order_id,
    order_number,
    customer_number,
    split_part(order_id, ':', 1) as source_system,
    net_amount,
    transacted_on as ordered_on,
    effective_from as counted_from,
    least(coalesce(effective_to, {{ window_end }}), {{ window_end }}) as counted_until
from {{ ref('int_transactions') }} as transactions
where is_purchase
    and effective_from < {{ window_end }}
