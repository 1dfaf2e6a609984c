-- How tickets were dealt with, by the month in which they were opened. A median of parts is not the median of all, so that
-- every sum of reasons, channels and stores is a row of its own: all.
with counted as (

    select
        occurred_month as opened_month,
        {%- for column in ['reason', 'channel', 'store_id'] %}
        case when grouping({{ column }}) = 1 then 'all' else {{ column }} end as {{ column }},
        {%- endfor %}

        count(*) as ticket_count,
        count(distinct customer_id) as customer_count,
        count(answer_hours) as answered_count,
        count(*) filter (where is_resolved) as resolved_count,
        count(*) filter (where not is_resolved) as unresolved_count,
        count(reopened_count) as reopening_told_count,
        count(*) filter (where reopened_count > 0) as reopened_count,
        count(is_repeated) as repeat_judged_count,
        count(*) filter (where is_repeated) as repeated_count,
        {%- for hours in ['answer_hours', 'solution_hours'] %}
        percentile_cont(0.5) within group (order by {{ hours }}) as median_{{ hours }},
        percentile_cont(0.9) within group (order by {{ hours }}) as p90_{{ hours }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_tickets') }}
    group by occurred_month, cube(reason, channel, store_id)

)

select
    opened_month,

    reason,
    channel,
    store_id,

    ticket_count,
    customer_count,
    answered_count,
    resolved_count,
    unresolved_count,
    reopening_told_count,
    reopened_count,
    repeat_judged_count,
    repeated_count,
    median_answer_hours,
    p90_answer_hours,
    median_solution_hours,
    p90_solution_hours,
    cast(unresolved_count as double) / ticket_count as unresolved_share,
    cast(reopened_count as double) / nullif(reopening_told_count, 0) as reopened_share,
    cast(repeated_count as double) / nullif(repeat_judged_count, 0) as repeated_share
from counted
