-- The hundred that sold most in the four weeks before the day of analysis. What was cancelled, or never paid, was not sold.
with sold as (
    select
        lines.product_id,
        sum(lines.quantity) as units,
        sum(lines.sales_amount) as amount,
        count(distinct lines.customer_id) as buyers
    from marts.order_lines as lines
    inner join marts.orders as orders on lines.order_id = orders.order_id and orders.order_status = 'paid'
    where lines.ordered_on >= (select as_of_date - 28 from marts.publication)
        and lines.ordered_on < (select as_of_date from marts.publication)
    group by lines.product_id
    order by amount desc, product_id
    limit 100
)

select
    sold.product_id,
    coalesce(products.product_name, sold.product_id) as product,
    coalesce(products.category, '–') as category,
    products.list_price,
    sold.units,
    sold.buyers,
    sold.amount
from sold
left join marts.products as products on sold.product_id = products.product_id
order by sold.amount desc, sold.product_id
