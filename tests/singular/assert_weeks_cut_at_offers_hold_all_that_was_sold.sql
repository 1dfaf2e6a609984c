-- What: cutting the weeks of a product where an offer begins and ends loses nothing that was sold, and counts nothing twice.
-- Why: elasticities and lifts are of these pieces; a day in none or two of them would be taken for an effect of the price.
-- Returns a row for each product and week whose pieces hold more or less than the week.
with pieces as (

    select
        product_id,
        week_on,
        sum(quantity) as quantity
    from {{ ref('int_price_weeks') }}
    group by product_id, week_on

),

weeks as (

    select
        product_id,
        week_on,
        sum(quantity) as quantity
    from {{ ref('int_demand_lines') }}
    group by product_id, week_on

)

select
    pieces.product_id,
    pieces.week_on,
    pieces.quantity,
    weeks.quantity as week_quantity
from pieces
left join weeks
    on pieces.product_id = weeks.product_id
    and pieces.week_on = weeks.week_on
where pieces.quantity <> coalesce(weeks.quantity, 0)
