-- By how many standard deviations the last seven days of a channel came short, at each step, of the weeks before them.
-- Seven days hold each day of the week once, and a day of one channel is too small to tell a break from chance. New and
-- regular customers count together, for the same reason; whose step is unknown is left out of both.
with days as (

    select
        channel,
        step_number,
        started_on,
        day_number,
        cast(sum(people_count) as bigint) as people_count,
        cast(sum(previous_people_count) as bigint) as previous_people_count
    from {{ ref('int_funnel_counts') }} as funnel_counts
    where funnel_form = 'session'
        and people_count is not null
        and step_number > 1
    group by channel, step_number, started_on, day_number

),

weeks as (

    select
        days.*,
        sum(people_count) over this_week as week_people_count,
        sum(previous_people_count) over this_week as week_previous_people_count,
        sum(people_count) over usual as usual_people_count,
        sum(previous_people_count) over usual as usual_previous_people_count
    from days
    window this_week as (
        partition by channel, step_number order by day_number nulls last
        range between 6 preceding and current row
    ),
    usual as (
        partition by channel, step_number order by day_number nulls last
        range between {{ 7 * var('funnel_weeks') + 6 }} preceding and 7 preceding
    )

)

select
    channel,
    step_number,
    started_on,
    cast(week_people_count as bigint) as week_people_count,
    cast(week_previous_people_count as bigint) as week_previous_people_count,
    cast(usual_people_count as double) / nullif(usual_previous_people_count, 0) as usual_week_share,
    case
        when usual_previous_people_count > 0
            then {{ share_surprise(
                'week_people_count', 'week_previous_people_count',
                'usual_people_count', 'usual_previous_people_count'
            ) }}
    end as week_deviations
from weeks
