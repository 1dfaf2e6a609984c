-- What each store sold of each product in each whole week, and what it would have sold besides had the shelf been full: at
-- the pace of the weeks in which it was, the older a week the less. A week without stock is not a week without demand, but for
-- what has been empty for so many weeks on end that it is gone: nobody looks for it any more.
{%- set weight = 'pow(1 - ' ~ var('lost_sales_decay') ~ ', weeks_away)' %}
{%- set gone_weeks = (whole_number('stock_out_window_days', 1) + 6) // 7 %}

with weeks as (

    select
        week_on,
        week_factor,
        {{ weight }} as weight,
        sum(cast(week_factor * {{ weight }} as decimal(28,12))) over (
            order by week_on desc nulls last rows between unbounded preceding and current row
        ) as weeks_since
    from {{ ref('int_week_factors') }}
    where not is_ahead

),

sold as (

    select
        product_id,
        store_id,
        category,
        week_on,
        sum(sold_quantity) as sold_quantity,
        sum(sales_amount) as sales_amount
    from {{ ref('int_sold_weeks') }} as sold_weeks
    semi join weeks on sold_weeks.week_on = weeks.week_on
    group by product_id, store_id, category, week_on

),

pairs as (

    select
        sold.product_id,
        sold.store_id,
        max(sold.category) as category,
        min(sold.week_on) as first_on,
        sum(cast(sold.sold_quantity * weeks.weight as decimal(28,12))) as weighed_quantity
    from sold
    semi join {{ ref('int_stock_outs') }} as stock_outs
        on sold.product_id = stock_outs.product_id
        and sold.store_id = stock_outs.store_id
    inner join weeks on sold.week_on = weeks.week_on
    group by sold.product_id, sold.store_id

),

missing as (

    select
        pairs.*,
        stock_outs.week_on,
        since.weeks_since,
        weeks.week_factor * stock_outs.stock_out_share as weeks_missed,
        sum(cast(weeks.week_factor * stock_outs.stock_out_share * weeks.weight as decimal(28,12)))
            over (partition by stock_outs.product_id, stock_outs.store_id) as weeks_empty,
        sold.week_on is null
            and coalesce(
                lag(stock_outs.week_on, {{ gone_weeks }}) over (
                    partition by stock_outs.product_id, stock_outs.store_id, sold.week_on is null
                    order by stock_outs.week_on nulls last
                ) = cast(stock_outs.week_on - interval '{{ 7 * gone_weeks }}' day as date),
                false
            ) as is_gone
    from {{ ref('int_stock_outs') }} as stock_outs
    inner join pairs
        on stock_outs.product_id = pairs.product_id
        and stock_outs.store_id = pairs.store_id
        and stock_outs.week_on >= pairs.first_on
    inner join weeks on stock_outs.week_on = weeks.week_on
    inner join weeks as since on pairs.first_on = since.week_on
    left join sold
        on stock_outs.product_id = sold.product_id
        and stock_outs.store_id = sold.store_id
        and stock_outs.week_on = sold.week_on

),

lost as (

    select
        product_id,
        store_id,
        category,
        week_on,
        weeks_missed * cast(weighed_quantity as double) / nullif(cast(weeks_since - weeks_empty as double), 0) as lost_quantity
    from missing
    where not is_gone

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
full join lost on sold.product_id = lost.product_id and sold.store_id = lost.store_id and sold.week_on = lost.week_on
