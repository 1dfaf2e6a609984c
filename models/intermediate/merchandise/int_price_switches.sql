-- What customers did who had bought a product within price_switch_days before it rose in price, and came back to its category
-- within as many days from the rise on: they bought it again, or only something else. Who did not come back says nothing
-- of prices.
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

)

select
    met_a_rise.customer_id,
    met_a_rise.product_id,
    met_a_rise.risen_on,
    count(case when bought.product_id = met_a_rise.product_id then 1 end) = 0 as has_switched
from met_a_rise
inner join bought
    on met_a_rise.customer_id = bought.customer_id
    and met_a_rise.category = bought.category
    and bought.transacted_on >= met_a_rise.risen_on
    and bought.transacted_on < met_a_rise.risen_on + {{ switch_days }}
group by met_a_rise.customer_id, met_a_rise.product_id, met_a_rise.risen_on
