-- Of all kinds of series together: the next week, the last one that is forecast, and the sum of all.
with told as (
    select
        demand_level,
        method,
        max(case when horizon_weeks = 1 then wape end) as next_wape,
        max(case when horizon_weeks = (select max(horizon_weeks) from marts.demand_forecast_accuracy) then wape end)
            as last_wape,
        max(case when horizon_weeks = 0 then wape end) as sum_wape,
        max(case when horizon_weeks = 0 then bias_share end) as bias_share,
        max(case when horizon_weeks = 1 then rmsse end) as rmsse,
        max(case when horizon_weeks = 1 then covered_share end) as held_share
    from marts.demand_forecast_accuracy
    where series_kind = 'all'
    group by demand_level, method
)

select *
from told
order by demand_level, method <> 'forecast', sum_wape, method
