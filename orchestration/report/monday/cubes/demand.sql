-- What will be asked for in the week that has begun, by category, with the range that holds eight of ten.
select category, expected_quantity, low_quantity, high_quantity
from marts.demand_forecast
where demand_level = 'category' and horizon_weeks = 1
order by expected_quantity desc, category
limit 12
