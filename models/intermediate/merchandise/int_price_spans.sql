-- The weeks of each product from the one after its first sale to that of its last, cut where an offer begins or ends, and where
-- what it brought forward is used up. Of products that sell little nothing can be told.
with products as (

    select
        product_id,
        category,
        min(week_on) as first_on,
        max(week_on) as last_on
    from {{ ref('int_sold_weeks') }}
    group by product_id, category
    having sum(sold_quantity) >= {{ whole_number('elasticity_min_units', 1) }}

),

weeks as (

    select
        products.product_id,
        products.category,
        weeks.week_on
    from products
    inner join {{ ref('int_week_factors') }} as weeks
        on weeks.week_on > products.first_on
        and weeks.week_on <= products.last_on
        and not weeks.is_ahead

),

offered as (

    select
        product_id,
        cast(date_trunc('week', offered_on) as date) as week_on,
        depth_share,
        depth_before_share,
        count(*) as day_count
    from {{ ref('int_offer_days') }}
    group by product_id, cast(date_trunc('week', offered_on) as date), depth_share, depth_before_share

),

offered_weeks as (

    select
        product_id,
        week_on,
        sum(day_count) as day_count
    from offered
    group by product_id, week_on

)

select
    weeks.*,
    offered.depth_share,
    offered.depth_before_share,
    offered.day_count
from weeks
inner join offered
    on weeks.product_id = offered.product_id
    and weeks.week_on = offered.week_on
union all
select
    weeks.*,
    0e0,
    0e0,
    cast(7 - coalesce(offered_weeks.day_count, 0) as bigint)
from weeks
left join offered_weeks
    on weeks.product_id = offered_weeks.product_id
    and weeks.week_on = offered_weeks.week_on
where coalesce(offered_weeks.day_count, 0) < 7
