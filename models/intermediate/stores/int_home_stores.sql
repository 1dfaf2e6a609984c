-- The home store of a customer is that in which they have made the most purchases, of as many the one in which the latest was
-- made. Who has never bought in a store has none.
with bought as (

    select
        customer_id,
        store_id,
        count(*) as purchase_count,
        max(ordered_on) as last_purchase_on
    from {{ ref('int_kpi_orders') }} as orders
    where is_purchase
        and customer_id is not null
        and store_id is not null
    group by customer_id, store_id

),

ranked as (

    select
        bought.*,
        row_number() over (
            partition by customer_id
            order by purchase_count desc nulls last, last_purchase_on desc nulls last, store_id nulls last
        ) as place
    from bought

)

select customer_id, store_id, purchase_count, last_purchase_on
from ranked
where place = 1
