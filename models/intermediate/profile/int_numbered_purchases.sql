-- The purchases of known customers, with numbers in place of names, and the days on which they count: from their own on, until they leave
-- the window or are none any more, and so as they stood on each day of analysis.
{%- set window_days = whole_number('tag_window_days', 1) %}

select
    purchases.order_id,
    cast(dense_rank() over (order by purchases.order_id nulls last) as bigint) as order_number,
    customers.customer_number,
    split_part(purchases.order_id, ':', 1) as source_system,
    purchases.net_amount,
    purchases.effective_from as counted_from,
    least(coalesce(purchases.effective_to, purchases.ordered_on + {{ window_days }}), purchases.ordered_on + {{ window_days }})
        as counted_until
from {{ ref('int_purchases') }} as purchases
inner join {{ ref('int_customers') }} as customers on purchases.customer_id = customers.customer_id
