-- The twenty categories of which most is expected; the range is that of the first week alone.
with weeks as (
    select
        category,
        max(case when horizon_weeks = 1 then expected_quantity end) as next_quantity,
        max(case when horizon_weeks = 1 then low_quantity end) as low_quantity,
        max(case when horizon_weeks = 1 then high_quantity end) as high_quantity,
        sum(expected_quantity) as ahead_quantity
    from marts.demand_forecast
    where demand_level = 'category'
    group by category
)

select *
from weeks
order by ahead_quantity desc, category
limit 20
