-- What each store sold of each product in each whole week, and what it would have sold besides had the shelf been full: at
-- the pace of the weeks in which it was, the older a week the less. A week without stock is not a week without demand.
with sold as (

    select
        lines.product_id,
        lines.store_id,
        lines.category,
        lines.week_on,
        sum(lines.quantity) as sold_quantity,
        sum(lines.sales_amount) as sales_amount
    from {{ ref('int_demand_lines') }} as lines
    inner join {{ ref('int_week_factors') }} as weeks
        on lines.week_on = weeks.week_on
        and not weeks.is_ahead
    group by lines.product_id, lines.store_id, lines.category, lines.week_on

),

first_weeks as (

    select product_id, store_id, max(category) as category, min(week_on) as first_on
    from sold
    group by product_id, store_id

),

aged as (

    select
        week_on,
        week_factor,
        pow(1 - {{ var('lost_sales_decay') }}, max(week_number) over () - week_number) as weight
    from {{ ref('int_week_factors') }}
    where not is_ahead

),

weights as (

    select
        aged.*,
        sum(cast(week_factor * weight as decimal(28,12))) over (
            order by week_on desc nulls last rows between unbounded preceding and current row
        ) as weight_since
    from aged

),

missing as (

    select
        stock_outs.*,
        first_weeks.category,
        first_weeks.first_on,
        weights.week_factor,
        weights.weight
    from {{ ref('int_stock_outs') }} as stock_outs
    inner join first_weeks
        on stock_outs.product_id = first_weeks.product_id
        and stock_outs.store_id = first_weeks.store_id
        and stock_outs.week_on >= first_weeks.first_on
    inner join weights on stock_outs.week_on = weights.week_on

),

not_possible as (

    select
        product_id,
        store_id,
        first_on,
        sum(cast(stock_out_share * week_factor * weight as decimal(28,12))) as weight
    from missing
    group by product_id, store_id, first_on

),

paces as (

    select
        not_possible.product_id,
        not_possible.store_id,
        cast(sum(cast(sold.sold_quantity * weights.weight as decimal(28,12))) as double)
            / nullif(cast(max(since.weight_since) - max(not_possible.weight) as double), 0) as weekly_quantity
    from not_possible
    inner join sold
        on not_possible.product_id = sold.product_id
        and not_possible.store_id = sold.store_id
    inner join weights on sold.week_on = weights.week_on
    inner join weights as since on not_possible.first_on = since.week_on
    group by not_possible.product_id, not_possible.store_id

),

lost as (

    select
        missing.product_id,
        missing.store_id,
        missing.category,
        missing.week_on,
        paces.weekly_quantity * missing.week_factor * missing.stock_out_share as lost_quantity
    from missing
    inner join paces
        on missing.product_id = paces.product_id
        and missing.store_id = paces.store_id

)

select
    coalesce(sold.product_id, lost.product_id) as product_id,
    coalesce(sold.store_id, lost.store_id) as store_id,
    coalesce(sold.category, lost.category) as category,
    coalesce(sold.week_on, lost.week_on) as week_on,
    cast(coalesce(sold.sold_quantity, 0) as decimal(18,3)) as sold_quantity,
    cast(coalesce(lost.lost_quantity, 0) as decimal(18,3)) as lost_quantity,
    cast(coalesce(sold.sales_amount, 0) as decimal(18,2)) as sales_amount
from sold
full join lost
    on sold.product_id = lost.product_id
    and sold.store_id = lost.store_id
    and sold.week_on = lost.week_on
