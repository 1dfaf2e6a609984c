-- The purchases of known customers, with numbers in place of names, and the days of analysis on which they count: from the first one after
-- such a state until the first one after it left the window, or was no purchase any more. What counts on no day is left out.
{%- set window_days = whole_number('tag_window_days', 1) %}

with bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

counted as (

    select
        purchases.order_id,
        dense_rank() over (order by purchases.order_id nulls last) as order_number,
        customers.customer_number,
        purchases.net_amount,
        purchases.effective_from as counted_from,
        least(coalesce(purchases.effective_to, purchases.transacted_on + {{ window_days }}), purchases.transacted_on + {{ window_days }})
            as counted_until
    from {{ ref('int_transactions') }} as purchases
    inner join {{ ref('int_customers') }} as customers on purchases.customer_id = customers.customer_id
    where purchases.is_purchase

),

dated as (

    select
        counted.*,
        {{ first_as_of_after('counted.counted_from', 'bounds') }} as valid_from,
        case when counted.counted_until < bounds.latest_as_of then {{ first_as_of_after('counted.counted_until', 'bounds') }} end as valid_to
    from counted
    inner join bounds on counted.counted_from < bounds.latest_as_of

)

select
    order_id,
    cast(order_number as bigint) as order_number,
    customer_number,
    split_part(order_id, ':', 1) as source_system,
    net_amount,
    valid_from,
    valid_to
from dated
where valid_to > valid_from
    or valid_to is null
