-- What: linking accounts, claiming guest orders and attaching refunds move revenue from one to another,
-- but make and lose none. On the day of analysis customers, guests and the refunds of nobody together have
-- the purchases and the money that there were before, the key figures say the same, and every order is
-- there once; that orders with an account have a customer is asked by the audit of orders.
-- Why: an account in two components, or an order with two claims, would count twice; one in none
-- would be lost, and so would be a refund that nothing takes.
-- Returns one row when a sum or a count differs.
with latest as (

    select as_of_date
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

standing as (

    select
        states.order_id,
        states.net_amount,
        states.is_purchase
    from {{ ref('int_order_states') }} as states
    inner join latest on {{ stands_on('states', 'latest.as_of_date') }}

),

refunds as (

    select
        refunds.refund_amount,
        refunds.matched_by
    from {{ ref('refunds') }} as refunds
    inner join latest on refunds.refunded_on < latest.as_of_date
    where refunds.order_id is null

),

before_linking as (

    select
        (select count(*) from standing where is_purchase) as purchase_count,
        coalesce((select sum(net_amount) from standing), 0)
        - coalesce((select sum(refund_amount) from refunds), 0) as net_amount,
        (select count(*) from {{ ref('int_orders') }}) as order_count

),

owned as (

    select
        purchase_count,
        net_amount
    from {{ ref('customers') }}
    union all
    select
        case when standing.is_purchase then 1 else 0 end,
        standing.net_amount
    from standing
    inner join {{ ref('orders') }} as orders on standing.order_id = orders.order_id
    where orders.customer_id is null
    union all
    select
        0,
        -refund_amount
    from refunds
    where matched_by is null

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
    key_figures.net_amount as net_amount_told,
    before_linking.order_count as orders_before,
    after_linking.order_count as orders_after
from before_linking
cross join after_linking
left join {{ ref('key_figures') }} as key_figures on true -- of which no row would hide all the others
where before_linking.purchase_count <> after_linking.purchase_count
    or before_linking.net_amount <> after_linking.net_amount
    or before_linking.net_amount is distinct from key_figures.net_amount
    or before_linking.order_count <> after_linking.order_count
