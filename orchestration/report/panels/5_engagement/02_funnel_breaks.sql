with weeks as (
    select
        channel as entry_channel,
        step,
        started_on as week_until,
        week_previous_people_count as people_before,
        week_people_count as people,
        week_share as week_share,
        usual_week_share as usual_share,
        week_deviations,
        not is_broken as is_as_usual,
        row_number() over (partition by channel, step order by week_deviations, started_on) as place
    from marts.funnel_daily
    where funnel_form = 'session'
        and week_deviations is not null
        and started_on > (select max(started_on) from marts.funnel_daily) - 56
)

select
    entry_channel,
    step,
    week_until,
    people_before,
    people,
    week_share,
    usual_share,
    week_deviations,
    is_as_usual
from weeks
where place = 1
order by week_deviations, entry_channel, step
limit 10
