-- What a unit of each product costs: what a supplier asked last in a month, until the first one in which it was ordered again. What goes
-- back to the supplier is no order.
with asked as (

    select
        orders.product_id,
        cast(date_trunc('month', orders.ordered_on) as date) as from_month,
        max_by(orders.unit_cost_amount, cast(orders.ordered_on as string) || orders.supplier_order_id) as unit_cost_amount
    from {{ accepted('supplier_orders') }} as orders
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest and orders.ordered_on < latest.as_of_date
    where orders.unit_cost_amount is not null
        and orders.quantity > 0
    group by orders.product_id, cast(date_trunc('month', orders.ordered_on) as date)

)

select
    product_id,
    from_month,
    lead(from_month) over (partition by product_id order by from_month nulls last) as until_month,
    unit_cost_amount
from asked
