-- How often customers switched, in the months that are over, who had bought a product within price_switch_days before it rose in price, and came back to its
-- category within as many days from the rise on: they bought it again, or only something else. Who did not come back says nothing
-- of prices. Who bought it again is found by product, who came back by the first purchase of the category that is met: when many
-- prices rise at once, no rise is set against all that its customers bought. Numbers stand for texts, which are slow to compare.
{%- set switch_days = whole_number('price_switch_days', 1) %}

with products as (

    select
        product_id,
        cast(row_number() over (order by product_id nulls last) as bigint) as product_number,
        cast(dense_rank() over (order by category nulls last) as bigint) as category_number
    from {{ accepted('products') }}
    where category is not null

),

rises as (

    select
        products.product_number,
        rises.risen_on
    from {{ ref('int_price_rises') }} as rises
    inner join products on rises.product_id = products.product_id
    inner join {{ ref('int_learnt_until') }} as learnt on rises.risen_on <= learnt.learnt_until - {{ switch_days }} + 1

),

bought as (

    select
        purchases.customer_id,
        purchases.customer_number,
        products.category_number,
        products.product_number,
        purchases.transacted_on
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_learnt_until') }} as learnt on purchases.transacted_on <= learnt.learnt_until
    inner join {{ ref('int_order_lines') }} as lines on purchases.order_id = lines.order_id
    inner join products on lines.product_id = products.product_id
    where purchases.is_purchase
        and lines.quantity > 0

),

met_a_rise as (

    select
        min(bought.customer_id) as customer_id,
        bought.customer_number,
        bought.category_number,
        rises.risen_on,
        max(bought.transacted_on) < rises.risen_on as has_switched
    from bought
    inner join rises
        on bought.product_number = rises.product_number
        and bought.transacted_on >= rises.risen_on - {{ switch_days }}
        and bought.transacted_on < rises.risen_on + {{ switch_days }}
    group by bought.customer_number, bought.category_number, bought.product_number, rises.risen_on
    having min(bought.transacted_on) < rises.risen_on

)

select
    min(met_a_rise.customer_id) as customer_id,
    count(*) as price_rise_count,
    count(case when met_a_rise.has_switched then 1 end) as switched_count
from met_a_rise
semi join bought as came_back
    on met_a_rise.customer_number = came_back.customer_number
    and met_a_rise.category_number = came_back.category_number
    and came_back.transacted_on >= met_a_rise.risen_on
    and came_back.transacted_on < met_a_rise.risen_on + {{ switch_days }}
group by met_a_rise.customer_number
