-- How many of those who first bought in a month, by the channel of that purchase, came back within
-- repurchase_windows_days. A window says nothing before it has ended for the last of the month: until
-- then it is null. From the first customer of a channel on, each month has a row, also where the channel won nobody.
{%- set windows = var('repurchase_windows_days') %}

with channels as (

    select
        first_channel,
        min(cohort_month) as first_month
    from {{ ref('int_first_purchases') }} as beginnings
    group by first_channel

),

cells as (

    select
        months.calendar_month,
        months.days_since_month,
        channels.first_channel
    from {{ ref('int_months') }} as months
    inner join channels on months.calendar_month >= channels.first_month

),

converted as (

    select
        cells.calendar_month as cohort_month,
        cells.first_channel,

        count(beginnings.customer_id) as new_customer_count,
        {%- for days in windows %}
        case
            when cells.days_since_month >= {{ days }}
                then count(*) filter (where beginnings.days_to_second <= {{ days }})
        end as converted_within_{{ days }}_days_count,
        {%- endfor %}
        case
            when cells.days_since_month >= {{ windows | max }}
                then percentile_cont(0.5) within group (order by beginnings.days_to_second)
                    filter (where beginnings.days_to_second <= {{ windows | max }})
        end as median_days_to_second,

        cells.days_since_month >= 0 as is_complete
    from cells
    left join {{ ref('int_first_purchases') }} as beginnings
        on cells.calendar_month = beginnings.cohort_month
        and cells.first_channel is not distinct from beginnings.first_channel
    group by cells.calendar_month, cells.days_since_month, cells.first_channel

)

select
    cohort_month,
    first_channel,

    new_customer_count,
    {%- for days in windows %}
    converted_within_{{ days }}_days_count,
    {%- endfor %}
    {%- for days in windows %}
    cast(converted_within_{{ days }}_days_count as double) / nullif(new_customer_count, 0)
        as converted_within_{{ days }}_days_share,
    {%- endfor %}
    median_days_to_second,

    is_complete
from converted
