-- Customers by state at each month end, without those who are lost, of whom there are ever more, and those who never bought.
select
    lifecycle.as_of_date,
    if(grouping(whole.main_channel) = 0, coalesce(whole.main_channel, 'unknown'), 'all') as channel,
    lifecycle.state,
    any_value(lifecycle.state_name_en) as state_en,
    any_value(lifecycle.state_name_zh) as state_zh,
    count(*) as people
from marts.customer_lifecycle as lifecycle
left join marts.customer_360 as whole on lifecycle.customer_id = whole.customer_id
where lifecycle.state not in ('lost', 'prospect')
group by lifecycle.as_of_date, lifecycle.state, grouping sets ((), (whole.main_channel))
order by lifecycle.as_of_date, channel, list_position(['active', 'reactivated', 'new', 'dormant'], lifecycle.state)
