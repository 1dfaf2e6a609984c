-- The days of the last quarter whose orders lie furthest from what was to be expected, by standard deviations of chance: roots
-- of counts scatter by one half, whatever their size (Anscombe 1948).
with surprises as (
    select
        *,
        2 * (sqrt(value + 0.375) - sqrt(expected_value + 0.375)) as deviations
    from marts.kpi_daily
    where kpi = 'orders' and channel <> 'all' and region = 'all' and customer_type = 'all'
    qualify calendar_day > max(calendar_day) over () - 91
)
select
    calendar_day,
    channel,
    coalesce(event_name_en, '') as event_en,
    coalesce(event_name_zh, '') as event_zh,
    cast(value as bigint) as orders,
    expected_value as expected,
    deviations
from surprises
where abs(deviations) >= 3
order by abs(deviations) desc, calendar_day, channel
limit 10
