-- What: cutting the weeks of a product where an offer begins and ends loses nothing that was sold, and counts nothing twice.
-- Why: elasticities and lifts are of these pieces; a day in none or two of them would be taken for an effect of the price.
-- Returns a row for each product and week whose pieces hold more or less than the week, also for one between the product's
-- first and last that has no piece at all. A week that gave everything away has no price, and no pieces.
with pieces as (

    select
        product_id,
        week_on,
        sum(quantity) as quantity
    from {{ ref('int_price_weeks') }}
    group by product_id, week_on

),

spans as (

    select
        product_id,
        min(week_on) as first_on,
        max(week_on) as last_on
    from pieces
    group by product_id

),

weeks as (

    select
        demand.product_id,
        demand.week_on,
        sum(demand.quantity) as quantity
    from {{ ref('int_demand_days') }} as demand
    inner join spans
        on demand.product_id = spans.product_id
        and demand.week_on between spans.first_on and spans.last_on
    group by demand.product_id, demand.week_on
    having sum(demand.gross_amount) > 0

)

select
    coalesce(pieces.product_id, weeks.product_id) as product_id,
    coalesce(pieces.week_on, weeks.week_on) as week_on,
    pieces.quantity,
    weeks.quantity as week_quantity
from pieces
full join weeks
    on pieces.product_id = weeks.product_id
    and pieces.week_on = weeks.week_on
where coalesce(pieces.quantity, 0) <> coalesce(weeks.quantity, 0)
