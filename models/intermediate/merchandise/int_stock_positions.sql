-- What lies in each store of each product that is counted there, what is on its way, how long that takes and what it costs;
-- and what was sold and missed of it. A count that is older than the window says nothing any more.
{%- set window = whole_number('stock_out_window_days', 1) %}

with counted as (

    select
        levels.product_id,
        coalesce(levels.store_id, 'none') as store_id,
        latest.as_of_date,
        max(levels.counted_on) as counted_on,
        max_by(levels.on_hand_quantity, cast(levels.counted_on as string) || levels.stock_level_id) as on_hand_quantity
    from {{ accepted('stock_levels') }} as levels
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and levels.counted_on < latest.as_of_date
        and levels.counted_on >= cast(latest.as_of_date - interval '{{ window }}' day as date)
    where levels.product_id is not null
    group by levels.product_id, coalesce(levels.store_id, 'none'), latest.as_of_date

),

supplied as (

    select
        orders.product_id,
        coalesce(orders.store_id, 'none') as store_id,
        sum(
            case
                when coalesce(orders.delivered_on >= latest.as_of_date, true)
                    and orders.ordered_on >= cast(latest.as_of_date - interval '{{ window }}' day as date)
                    then orders.quantity
            end
        ) as on_order_quantity,
        sum(case when orders.delivered_on < latest.as_of_date then {{ days_between('orders.ordered_on', 'orders.delivered_on') }} end)
            / cast(count(case when orders.delivered_on < latest.as_of_date then 1 end) as double) as lead_time_days,
        max_by(orders.unit_cost_amount, cast(orders.ordered_on as string) || orders.supplier_order_id)
            filter (where orders.unit_cost_amount is not null) as unit_cost_amount
    from {{ accepted('supplier_orders') }} as orders
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and orders.ordered_on < latest.as_of_date
    where orders.quantity > 0
    group by orders.product_id, coalesce(orders.store_id, 'none')

),

sold as (

    select
        weeks.product_id,
        weeks.store_id,
        max(weeks.week_on) filter (where weeks.sold_quantity > 0) as last_sold_on,
        cast(sum(case when factors.weeks_away < 52 then weeks.sold_quantity + weeks.lost_quantity end) as double)
            / least(52, max(factors.weeks_away) + 1) as yearly_quantity,
        cast(sum(weeks.sales_amount) as double) / nullif(cast(sum(weeks.sold_quantity) as double), 0) as unit_amount,
        sum(case when 7 * factors.weeks_away < {{ window }} then weeks.lost_quantity end) as lost_quantity
    from {{ ref('int_product_weeks') }} as weeks
    inner join {{ ref('int_week_factors') }} as factors on weeks.week_on = factors.week_on
    group by weeks.product_id, weeks.store_id

),

missing as (

    select
        stock_outs.product_id,
        stock_outs.store_id,
        sum(stock_outs.stock_out_days) as stock_out_days
    from {{ ref('int_stock_outs') }} as stock_outs
    inner join {{ ref('int_week_factors') }} as factors on stock_outs.week_on = factors.week_on
    where 7 * factors.weeks_away < {{ window }}
        and not factors.is_ahead
    group by stock_outs.product_id, stock_outs.store_id

)

select
    counted.product_id,
    counted.store_id,
    coalesce(products.category, 'none') as category,
    counted.as_of_date,
    counted.counted_on,
    sold.last_sold_on,

    greatest(counted.on_hand_quantity, 0) as on_hand_quantity,
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
left join sold on counted.product_id = sold.product_id and counted.store_id = sold.store_id
left join missing on counted.product_id = missing.product_id and counted.store_id = missing.store_id
left join {{ accepted('products') }} as products on counted.product_id = products.product_id
