-- The hundred that sold most in four weeks.
with sold as (
    select
        product_id,
        sum(quantity) as units,
        sum(sales_amount) as amount,
        count(distinct customer_id) as buyers
    from marts.order_lines
    where ordered_on >= (select as_of_date - 28 from marts.publication)
    group by product_id
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
