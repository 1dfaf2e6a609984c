-- The festivals and sales of the last year.
select distinct
    (select as_of_date from marts.publication) - 1 - calendar_day as days_back,
    event_name_en as event_en,
    event_name_zh as event_zh
from marts.kpi_daily
where event_name_en is not null
    and calendar_day >= (select as_of_date - 371 from marts.publication)
order by days_back
