-- What customers did who had bought a product within price_switch_days before it rose in price, and came back to its category
-- within as many days from the rise on: they bought it again, or only something else. Who did not come back says nothing
-- of prices. Who bought it again is found by product, who came back by the first purchase of the category that is met: when many
-- prices rise at once, no rise is set against all that its customers bought.
{%- set switch_days = whole_number('price_switch_days', 1) %}

with bought as (

    select distinct
        purchases.customer_id,
        products.category,
        lines.product_id,
        purchases.transacted_on,
        purchases.as_of_date
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_order_lines') }} as lines on purchases.order_id = lines.order_id
    inner join {{ accepted('products') }} as products on lines.product_id = products.product_id
    where purchases.is_purchase
        and lines.quantity > 0
        and products.category is not null

),

met_a_rise as (

    select distinct
        bought.customer_id,
        bought.category,
        bought.product_id,
        rises.risen_on
    from bought
    inner join {{ ref('int_price_rises') }} as rises
        on bought.product_id = rises.product_id
        and bought.transacted_on < rises.risen_on
        and bought.transacted_on >= rises.risen_on - {{ switch_days }}
        and rises.risen_on <= bought.as_of_date - {{ switch_days }}

),

bought_again as (

    select distinct
        met_a_rise.customer_id,
        met_a_rise.product_id,
        met_a_rise.risen_on
    from met_a_rise
    inner join bought
        on met_a_rise.customer_id = bought.customer_id
        and met_a_rise.product_id = bought.product_id
        and bought.transacted_on >= met_a_rise.risen_on
        and bought.transacted_on < met_a_rise.risen_on + {{ switch_days }}

)

select
    met_a_rise.customer_id,
    met_a_rise.product_id,
    met_a_rise.risen_on,
    bought_again.customer_id is null as has_switched
from met_a_rise
left join bought_again
    on met_a_rise.customer_id = bought_again.customer_id
    and met_a_rise.product_id = bought_again.product_id
    and met_a_rise.risen_on = bought_again.risen_on
semi join bought as came_back
    on met_a_rise.customer_id = came_back.customer_id
    and met_a_rise.category = came_back.category
    and came_back.transacted_on >= met_a_rise.risen_on
    and came_back.transacted_on < met_a_rise.risen_on + {{ switch_days }}
