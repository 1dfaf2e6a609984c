-- What: linking accounts and claiming guest orders move revenue from one to another, but make and lose
-- none. On the day of analysis customers and guests together have the purchases that there were before,
-- worth as much, and every order is there once; that orders with an account have a customer is asked by the
-- audit of orders.
-- Why: an account in two components, or an order with two claims, would count twice; one in none
-- would be lost.
-- Returns one row when a sum or a count differs.
with purchases as (

    select
        states.order_id,
        states.net_amount
    from {{ ref('int_order_states') }} as states
    inner join {{ ref('int_as_of_dates') }} as as_of_dates
        on states.effective_from < as_of_dates.as_of_date
        and (states.effective_to >= as_of_dates.as_of_date or states.effective_to is null)
    where as_of_dates.is_latest
        and states.is_purchase

),

before_linking as (

    select
        count(*) as purchase_count,
        coalesce(sum(net_amount), 0) as net_amount,
        (select count(*) from {{ ref('int_orders') }}) as order_count
    from purchases

),

owned as (

    select
        purchase_count,
        net_amount
    from {{ ref('customers') }}
    union all
    select
        1 as purchase_count,
        purchases.net_amount
    from purchases
    inner join {{ ref('orders') }} as orders on purchases.order_id = orders.order_id
    where orders.customer_id is null

),

after_linking as (

    select
        coalesce(sum(purchase_count), 0) as purchase_count,
        coalesce(sum(net_amount), 0) as net_amount,
        (select count(*) from {{ ref('orders') }}) as order_count
    from owned

)

select
    before_linking.purchase_count as purchases_before,
    after_linking.purchase_count as purchases_after,
    before_linking.net_amount as net_amount_before,
    after_linking.net_amount as net_amount_after,
    before_linking.order_count as orders_before,
    after_linking.order_count as orders_after
from before_linking
cross join after_linking
where before_linking.purchase_count <> after_linking.purchase_count
    or before_linking.net_amount <> after_linking.net_amount
    or before_linking.order_count <> after_linking.order_count
