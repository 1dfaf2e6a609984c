-- Four weeks before the day of analysis beside the four before them, by the day of the order. What was cancelled, or never paid, was not sold.
with lines as (
    select
        products.department, products.category, lines.*,
        (select as_of_date from marts.publication) - lines.ordered_on as days_ago
    from marts.order_lines as lines
    inner join marts.orders as orders on lines.order_id = orders.order_id and orders.order_status = 'paid'
    left join marts.products as products on lines.product_id = products.product_id
    where lines.ordered_on >= (select as_of_date - 56 from marts.publication)
        and lines.ordered_on < (select as_of_date from marts.publication)
)

select
    coalesce(department, '–') as department,
    coalesce(category, '–') as category,
    coalesce(sum(quantity) filter (where days_ago <= 28), 0) as units,
    coalesce(sum(gross_amount) filter (where days_ago <= 28), 0) as gross_amount,
    coalesce(sum(discount_amount) filter (where days_ago <= 28), 0) as discount_amount,
    coalesce(sum(sales_amount) filter (where days_ago <= 28), 0) as amount,
    coalesce(sum(sales_amount) filter (where days_ago > 28), 0) as before
from lines
group by department, category
order by department, amount desc, category
