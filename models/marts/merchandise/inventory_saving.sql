-- What stock cost, and what it would have cost by the rule: money that lies there, hands that order, and what was not earned on
-- what was missing. The simulation counts; here it becomes money.
with costs as (

    select
        *,
        {%- for whose in ['done', 'followed'] %}
        {{ round_half_up(
            'stock_amount_' ~ whose ~ ' * ' ~ var('holding_cost_rate') ~ ' * day_count / 365'
            ~ ' + order_count_' ~ whose ~ ' * ' ~ var('order_cost_amount')
            ~ ' + lost_margin_amount_' ~ whose, 2
        ) }} as stock_cost_{{ whose }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('parameters', 'stocking_backtest') }}

)

select
    month_on, category,
    day_count, shelf_count,

    {{ round_half_up('demand_amount', 2) }} as demand_amount,
    {{ round_half_up('stock_amount_done', 2) }} as stock_amount,
    {{ round_half_up('stock_amount_followed', 2) }} as stock_amount_followed,
    1 - lost_amount_done / nullif(demand_amount, 0) as served_share,
    1 - lost_amount_followed / nullif(demand_amount, 0) as served_share_followed,
    cast(order_count_done as bigint) as order_count,
    cast(order_count_followed as bigint) as order_count_followed,
    stock_cost_done as stock_cost_amount,
    stock_cost_followed as stock_cost_amount_followed,
    cast(stock_cost_done - stock_cost_followed as decimal(18,2)) as saving_amount,
    cast(stock_cost_done - stock_cost_followed as double) / nullif(cast(stock_cost_done as double), 0) as saving_share
from costs
