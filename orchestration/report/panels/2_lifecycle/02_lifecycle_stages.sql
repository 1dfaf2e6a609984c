select
    as_of_date,
    stage as stage_code,
    coalesce(max(stage_name_en), stage) as stage_en,
    coalesce(max(stage_name_zh), stage) as stage_zh,
    count(*) as customers
from marts.customer_lifecycle
where stage is not null
group by as_of_date, stage
order by as_of_date, stage_code
