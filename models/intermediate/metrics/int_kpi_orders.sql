-- What each order before the latest day of analysis comes to in key figures, as it stood on that day, and the cell that it
-- falls into: how it was sold, the region of the store, and whether its customer had bought on an earlier day. A region called
-- `all` is unknown: the marts keep the word for all together.
select
    states.order_id,
    order_customers.customer_id,
    {{ number_of('order_customers.customer_id') }} as customer_number,
    orders.store_id,
    coalesce(orders.channel, 'unknown') as channel,
    case when orders.store_id is null then 'no_store' else coalesce(nullif(stores.region, 'all'), 'unknown') end as region,
    {{ customer_type('order_customers.customer_id', 'orders.ordered_on', 'beginnings.first_purchase_on') }}
        as customer_type,

    coalesce(amounts.unit_count, 0) as unit_count,
    coalesce(amounts.gross_amount, 0) as gross_amount,
    coalesce(amounts.discount_amount, 0) as discount_amount,
    states.refunded_amount,
    states.net_amount,

    states.is_sold,
    states.is_purchase,
    orders.account_id is not null as is_of_account,
    coalesce(beginnings.first_purchase_on < date_trunc('month', orders.ordered_on), false) as had_bought_before_month,
    orders.ordered_at,
    orders.ordered_on,
    orders.ordered_hour
from {{ ref('int_order_states') }} as states
inner join {{ ref('int_orders') }} as orders on states.order_id = orders.order_id
left join {{ ref('int_order_amounts') }} as amounts on states.order_id = amounts.order_id
left join {{ ref('int_order_customers') }} as order_customers on states.order_id = order_customers.order_id
left join {{ ref('int_first_purchases') }} as beginnings
    on order_customers.customer_id = beginnings.customer_id
left join {{ accepted('stores') }} as stores on orders.store_id = stores.store_id
where states.is_current
