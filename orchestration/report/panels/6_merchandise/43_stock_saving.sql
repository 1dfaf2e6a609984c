select
    month_on,
    max(day_count) as day_count,
    sum(stock_cost_amount)::double as stock_cost_amount,
    sum(stock_cost_amount_followed)::double as followed_amount,
    sum(saving_amount)::double as saving_amount,
    (sum(saving_amount) / nullif(sum(stock_cost_amount), 0))::double as saving_share,
    sum(served_share * demand_amount) / nullif(sum(demand_amount), 0)::double as served_share,
    sum(served_share_followed * demand_amount) / nullif(sum(demand_amount), 0)::double as followed_share
from marts.inventory_saving
group by month_on
order by month_on
