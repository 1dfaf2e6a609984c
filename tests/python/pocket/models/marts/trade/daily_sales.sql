select
    sales.sold_on,
    count(*) as sale_count,
    cast(sum(sales.amount) as decimal(18,2)) as amount
from {{ ref('sales') }} as sales
inner join {{ ref('int_as_of_dates') }} as as_of_dates on sales.sold_on < as_of_dates.as_of_date
group by sales.sold_on
