with steps as (
    select
        *,
        started_on > max(started_on) over () - 7 as is_recent,
        people_count is not null as is_known
    from marts.funnel_daily
    where funnel_form = 'session'
        and step <> 'view'
)

select
    step,
    coalesce(sum(people_count) filter (where is_recent), 0)::bigint as people,
    coalesce(sum(previous_people_count) filter (where is_recent and is_known), 0)::bigint as people_before,
    coalesce(people / nullif(people_before, 0), 0) as recent_share,
    coalesce(sum(people_count) filter (where not is_recent), 0)::bigint as usual_people,
    coalesce(
        usual_people / nullif(sum(previous_people_count) filter (where not is_recent and is_known), 0), 0
    ) as usual_share
from steps
where started_on > (select max(started_on) from steps) - 63
group by step, step_number
order by step_number
