-- What lies in each store of each product that is counted there, what is on its way, how long that takes and what it costs;
-- and what was sold and missed of it. All of it is of the day of analysis: what came since the last count is added to it, what was
-- sold since, or went back to the supplier, is taken off. A count that is older than the window says nothing any more.
{%- set window = whole_number('stock_out_window_days', 1) %}
{%- set is_order = 'orders.quantity > 0' %}
{%- set came_on = 'coalesce(orders.delivered_on, case when orders.quantity < 0 then orders.ordered_on end)' %}
{%- set has_come = 'coalesce(' ~ came_on ~ ' < counted.as_of_date, false)' %}
{%- set days_since = days_between('weeks.week_on', "cast(date_trunc('week', latest.as_of_date) as date)") %}

with counted as (

    select
        levels.product_id,
        coalesce(levels.store_id, 'none') as store_id,
        latest.as_of_date,
        min(levels.counted_on) as first_counted_on,
        max(levels.counted_on) as counted_on,
        max_by(levels.on_hand_quantity, cast(levels.counted_on as string) || levels.stock_level_id) as counted_quantity
    from {{ accepted('stock_levels') }} as levels
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and levels.counted_on < latest.as_of_date
    where levels.product_id is not null
    group by levels.product_id, coalesce(levels.store_id, 'none'), latest.as_of_date
    having max(levels.counted_on) >= cast(latest.as_of_date - interval '{{ window }}' day as date)

),

supplied as (

    select
        counted.product_id,
        counted.store_id,
        sum(orders.quantity) filter (where {{ is_order }} and not {{ has_come }} and orders.ordered_on >= counted.as_of_date - {{ window }})
            as on_order_quantity,
        sum(case when {{ has_come }} and {{ came_on }} > counted.counted_on then orders.quantity end) as come_quantity,
        sum(case when {{ has_come }} and {{ is_order }} then {{ days_between('orders.ordered_on', 'orders.delivered_on') }} end)
            / cast(count(case when {{ has_come }} and {{ is_order }} then 1 end) as double) as lead_time_days,
        max_by(orders.unit_cost_amount, cast(orders.ordered_on as string) || orders.supplier_order_id)
            filter (where orders.unit_cost_amount is not null and {{ is_order }}) as unit_cost_amount
    from counted
    inner join {{ accepted('supplier_orders') }} as orders
        on counted.product_id = orders.product_id and counted.store_id = coalesce(orders.store_id, 'none')
        and orders.ordered_on < counted.as_of_date
    group by counted.product_id, counted.store_id

),

taken as (

    select
        counted.product_id,
        counted.store_id,
        max(demand.ordered_on) as last_sold_on,
        sum(case when demand.ordered_on > counted.counted_on then demand.quantity end) as sold_quantity
    from counted
    inner join {{ ref('int_demand_days') }} as demand
        on counted.product_id = demand.product_id and counted.store_id = demand.store_id
    group by counted.product_id, counted.store_id

),

sold as (

    select
        weeks.product_id,
        weeks.store_id,
        cast(sum(case when {{ days_since }} <= 364 then weeks.sold_quantity + weeks.lost_quantity end) as double)
            / least(52e0, max({{ days_since }}) / 7e0) as yearly_quantity,
        cast(sum(weeks.sales_amount) as double) / nullif(cast(sum(weeks.sold_quantity) as double), 0) as unit_amount,
        sum(case when {{ days_since }} < {{ window + 7 }} then weeks.lost_quantity end) as lost_quantity
    from {{ ref('int_product_weeks') }} as weeks
    semi join counted on weeks.product_id = counted.product_id and weeks.store_id = counted.store_id
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    group by weeks.product_id, weeks.store_id

),

missing as (

    select weeks.product_id, weeks.store_id, sum(weeks.stock_out_days) as stock_out_days
    from {{ ref('int_stock_outs') }} as weeks
    semi join counted on weeks.product_id = counted.product_id and weeks.store_id = counted.store_id
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where {{ days_since }} between 7 and {{ window + 6 }}
    group by weeks.product_id, weeks.store_id

)

select
    counted.product_id,
    counted.store_id,
    coalesce(products.category, 'none') as category,
    counted.as_of_date,
    counted.counted_on,
    counted.first_counted_on,
    taken.last_sold_on,

    cast(greatest(
        greatest(counted.counted_quantity, 0) + coalesce(supplied.come_quantity, 0) - coalesce(taken.sold_quantity, 0), 0
    ) as decimal(18,3)) as on_hand_quantity,
    cast(coalesce(supplied.on_order_quantity, 0) as decimal(18,3)) as on_order_quantity,
    coalesce(sold.yearly_quantity, 0) as yearly_quantity,
    cast(coalesce(missing.stock_out_days, 0) as bigint) as stock_out_days,
    cast(coalesce(sold.lost_quantity, 0) as decimal(18,3)) as lost_quantity,
    cast(ceil(coalesce(supplied.lead_time_days, products.lead_time_days, {{ whole_number('default_lead_time_days', 0) }})) as bigint)
        as lead_time_days,

    coalesce(sold.unit_amount, cast(products.list_price as double), 0) as unit_amount,
    coalesce(
        cast(supplied.unit_cost_amount as double),
        (1 - {{ var('margin_share') }}) * coalesce(sold.unit_amount, cast(products.list_price as double)),
        0
    ) as unit_cost_amount
from counted
left join supplied on counted.product_id = supplied.product_id and counted.store_id = supplied.store_id
left join taken on counted.product_id = taken.product_id and counted.store_id = taken.store_id
left join sold on counted.product_id = sold.product_id and counted.store_id = sold.store_id
left join missing on counted.product_id = missing.product_id and counted.store_id = missing.store_id
left join {{ accepted('products') }} as products on counted.product_id = products.product_id
