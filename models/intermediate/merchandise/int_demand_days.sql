-- What was bought, with where and what it belongs to: units of what was sold, to guests too, before the day of analysis. A
-- giant order that was cancelled was not sold; what was given back later, be it all of it, was wanted nevertheless. Lines that name no
-- product are no demand for one. What was sold in no store is a place of its own. Nobody asks for less than a day of it.
with sold as (

    select
        lines.product_id,
        coalesce(orders.store_id, 'none') as store_id,
        orders.ordered_on,
        cast(sum(lines.quantity) as decimal(18,3)) as quantity,
        cast(sum(lines.gross_amount) as decimal(18,2)) as gross_amount,
        cast(sum(lines.sales_amount) as decimal(18,2)) as sales_amount
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_kpi_orders') }} as orders on lines.order_id = orders.order_id and orders.is_sold
    where lines.quantity > 0
        and lines.product_id is not null
    group by lines.product_id, coalesce(orders.store_id, 'none'), orders.ordered_on

)

select
    sold.product_id,
    sold.store_id,
    coalesce(products.category, 'none') as category,
    sold.ordered_on,
    cast(date_trunc('week', sold.ordered_on) as date) as week_on,
    sold.quantity,
    sold.gross_amount,
    sold.sales_amount
from sold
left join {{ accepted('products') }} as products on sold.product_id = products.product_id
