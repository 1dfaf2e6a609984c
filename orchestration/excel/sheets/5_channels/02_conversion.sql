-- Months of which every step can be told already, so that what is added up is of the same people.
select
    coalesce(acquisition_channel, 'unknown') as channel,
    acquired_month as calendar_month,
    acquired_count as acquired,
    activated_count as activated,
    retained_count as retained,
    revenue_amount
from marts.aarrr_monthly
where retained_count is not null
qualify dense_rank() over (order by acquired_month desc) <= 12
order by channel, acquired_month
