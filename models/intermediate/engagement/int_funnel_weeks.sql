-- By how many standard deviations the last seven days of a channel came short, at each step, of the weeks before them.
-- Seven days hold each day of the week once, and a day of one channel is too small to tell a break from chance. New and
-- regular customers count together, for the same reason; whose step is unknown is left out of both.
{#- A week further off than this is none to compare with: a break must not become its own past while it lasts. #}
{%- set unusual_deviations = 2.5 %}
{%- set weeks_before %}(
        partition by channel, step_number, mod(day_number, 7) order by day_number nulls last
        range between {{ 7 * var('funnel_weeks') }} preceding and 7 preceding
    ){% endset %}

with days as (

    select
        funnel_form,
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
    group by funnel_form, channel, step_number, started_on, day_number

),

weeks as (

    select
        days.*,
        sum(people_count) over this_week as week_people_count,
        sum(previous_people_count) over this_week as week_previous_people_count
    from days
    window this_week as (
        partition by channel, step_number order by day_number nulls last range between 6 preceding and current row
    )

),

preceded as (

    select
        weeks.*,
        sum(week_people_count) over weeks_before as past_people_count,
        sum(week_previous_people_count) over weeks_before as past_previous_people_count
    from weeks
    window weeks_before as {{ weeks_before }}

),

compared as (

    select
        preceded.*,
        {{ share_surprise(
            'week_people_count', 'week_previous_people_count',
            'past_people_count', 'nullif(past_previous_people_count, 0)'
        ) }} as deviations
    from preceded

),

judged as (

    select
        compared.*,
        coalesce(abs(deviations) < {{ unusual_deviations }} * {{ scatter('deviations', 'weeks_before') }}, true) as is_usual
    from compared
    window weeks_before as {{ weeks_before }}

),

usual as (

    select
        judged.*,
        sum(case when is_usual then week_people_count end) over weeks_before as usual_people_count,
        sum(case when is_usual then week_previous_people_count end) over weeks_before as usual_previous_people_count,
        {{ scatter('case when is_usual then deviations end', 'weeks_before') }} as usual_scatter
    from judged
    window weeks_before as {{ weeks_before }}

),

told as (

    select
        usual.*,
        {{ share_surprise(
            'week_people_count', 'week_previous_people_count',
            'usual_people_count', 'nullif(usual_previous_people_count, 0)'
        ) }} / usual_scatter as week_deviations
    from usual

)

-- A break that is claimed lasts until the share has come half of the way back.
select
    funnel_form,
    channel,
    step_number,
    started_on,
    cast(week_people_count as bigint) as week_people_count,
    cast(week_previous_people_count as bigint) as week_previous_people_count,
    cast(usual_people_count as double) / nullif(usual_previous_people_count, 0) as usual_week_share,
    week_deviations,
    coalesce(
        {{ last_known(
            "case when week_deviations < -" ~ var('funnel_break_deviations') ~ " and week_previous_people_count >= "
            ~ var('funnel_break_people') ~ " then true when week_deviations > -" ~ var('funnel_break_deviations') / 2
            ~ " then false end"
        ) }} over (
            partition by channel, step_number order by day_number nulls last
            rows between unbounded preceding and current row
        ),
        false
    ) as is_broken
from told
