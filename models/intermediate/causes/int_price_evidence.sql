-- Who buys mostly on discount, and how much of what they bought rose in price within cause_days before or
-- after the last purchase. What was given away, or brought back, had no price to be cut.
with bought as (

    select
        churned_customers.customer_id,
        churned_customers.last_purchase_on,
        lines.product_id,
        count(*) as line_count,
        count(*) filter (where lines.discount_amount > 0) as discounted_count,
        sum(lines.gross_amount) as gross_amount
    from {{ ref('int_churned_customers') }} as churned_customers
    inner join {{ ref('int_latest_transactions') }} as purchases
        on churned_customers.customer_id = purchases.customer_id
        and purchases.is_purchase
    inner join {{ ref('int_order_lines') }} as lines
        on purchases.order_id = lines.order_id
        and lines.gross_amount > 0
    group by churned_customers.customer_id, churned_customers.last_purchase_on, lines.product_id

),

risen as (

    select distinct
        bought.customer_id,
        bought.product_id
    from bought
    inner join {{ ref('int_price_rises') }} as rises
        on bought.product_id = rises.product_id
        and rises.risen_on >= bought.last_purchase_on - {{ var('cause_days') }}
        and rises.risen_on <= bought.last_purchase_on + {{ var('cause_days') }}

),

measured as (

    select
        bought.customer_id,
        sum(bought.line_count) as line_count,
        cast(sum(bought.discounted_count) as double) / sum(bought.line_count) as discounted_share,
        cast(coalesce(sum(bought.gross_amount) filter (where risen.product_id is not null), 0) as double)
            / cast(sum(bought.gross_amount) as double) as risen_share
    from bought
    left join risen
        on bought.customer_id = risen.customer_id
        and bought.product_id = risen.product_id
    group by bought.customer_id

)

-- Of a handful of lines chance alone makes a third discounted.
select customer_id, 'discounts' as evidence, discounted_share as evidence_value
from measured
where line_count >= {{ var('discount_min_lines') }}
union all
select customer_id, 'price_rise', risen_share
from measured
