-- The weeks and months that are over by the latest day of analysis, each with its last day: what is told of whole ones alone need not
-- ask which day it is.
select
    'week' as period_kind,
    cast(date_trunc('week', calendar_day) as date) as began_on,
    max(calendar_day) as ended_on
from {{ ref('int_calendar_days') }}
group by cast(date_trunc('week', calendar_day) as date)
having count(*) = 7
union all
select
    'month',
    calendar_month,
    max(calendar_day)
from {{ ref('int_calendar_days') }}
group by calendar_month
having max(calendar_day) = last_day(calendar_month)
