-- Of each step, how many came from the step before it, beside the same day of the week in the weeks before, and whether
-- the channel's last seven days are a break.
with compared as (

    select
        funnel_counts.*,
        cast(people_count as double) / nullif(previous_people_count, 0) as share_of_previous,
        cast(sum(people_count) over same_weekday as double)
        / nullif(sum(case when people_count is not null then previous_people_count end) over same_weekday, 0)
            as usual_share
    from {{ ref('int_funnel_counts') }} as funnel_counts
    window same_weekday as (
        partition by channel, customer_type, funnel_form, step_number, mod(day_number, 7)
        order by day_number nulls last
        range between {{ 7 * var('funnel_weeks') }} preceding and 1 preceding
    )

),

lost as (

    select
        compared.*,
        usual_share * previous_people_count - people_count as lost_people_count
    from compared

),

worst as (

    select
        lost.*,
        first_value(step) over steps as worst_step,
        max(lost_people_count) over (
            partition by started_on, channel, customer_type, funnel_form
        ) as most_lost_people_count
    from lost
    window steps as (
        partition by started_on, channel, customer_type, funnel_form
        order by lost_people_count desc nulls last, step_number nulls last
    )

)

select
    worst.started_on,

    worst.channel,
    worst.customer_type,
    worst.funnel_form,
    worst.step,
    case when worst.most_lost_people_count > 0 then worst.worst_step end as largest_loss_step,

    worst.step_number,
    worst.people_count,
    worst.session_count,
    worst.previous_people_count,
    worst.share_of_previous,
    worst.usual_share,
    worst.lost_people_count,
    weeks.week_people_count,
    weeks.week_previous_people_count,
    cast(weeks.week_people_count as double) / nullif(weeks.week_previous_people_count, 0) as week_share,
    weeks.usual_week_share,
    weeks.week_deviations,

    case
        when worst.funnel_form = 'session' and worst.step_number > 1
            then coalesce(weeks.is_broken, false)
    end as is_broken
from worst
left join {{ ref('int_funnel_weeks') }} as weeks
    on worst.funnel_form = weeks.funnel_form
    and worst.started_on = weeks.started_on
    and worst.channel = weeks.channel
    and worst.step_number = weeks.step_number
