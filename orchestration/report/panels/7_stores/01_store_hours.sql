-- All stores together, festivals left out, by the end of each hour: purchases of a mean day, and in how many stores it is a peak.
select
    iso_weekday::text as weekday,
    hour_of_day + 1 as hour_ends,
    coalesce(sum(purchases_per_day) filter (where open_hour_count > 0), 0) as purchases_a_day,
    count(*) filter (where open_hour_count > 0)::bigint as stores_open,
    count(*) filter (where is_peak)::bigint as stores_at_peak
from marts.store_dayparts
where not is_daypart
    and day_kind <> 'festival'
group by iso_weekday, hour_of_day
having stores_open > 0
order by iso_weekday, hour_of_day
