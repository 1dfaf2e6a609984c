-- What each store sold of each product in each week that is over, by the offers that held on the day. A week is of the month in which it
-- ends: it rests on nothing that comes later.
select
    demand.product_id,
    demand.store_id,
    demand.category,
    demand.week_on,
    weeks.ended_on,
    coalesce(offers.depth_share, 0e0) as depth_share,
    coalesce(offers.depth_before_share, 0e0) as depth_before_share,
    cast(sum(demand.quantity) as decimal(18,3)) as sold_quantity,
    cast(sum(demand.gross_amount) as decimal(18,2)) as gross_amount,
    cast(sum(demand.sales_amount) as decimal(18,2)) as sales_amount
from {{ ref('int_demand_days') }} as demand
inner join {{ ref('int_whole_periods') }} as weeks
    on weeks.period_kind = 'week'
    and demand.week_on = weeks.began_on
left join {{ ref('int_offer_days') }} as offers
    on demand.product_id = offers.product_id
    and demand.ordered_on = offers.offered_on
group by
    demand.product_id, demand.store_id, demand.category, demand.week_on, weeks.ended_on,
    coalesce(offers.depth_share, 0e0), coalesce(offers.depth_before_share, 0e0)
