select
    as_of_date,
    state as state_code,
    coalesce(max(state_name_en), state) as state_en,
    coalesce(max(state_name_zh), state) as state_zh,
    count(*) as customers
from marts.customer_lifecycle
where state is not null
group by as_of_date, state
order by as_of_date, state_code
