-- How many of those who first bought in a month, by the channel of that purchase, came back within
-- repurchase_windows_days. A window says nothing before it has ended for the last of the month: until
-- then it is null.
{%- set windows = var('repurchase_windows_days') %}

with converted as (

    select
        cohort_month,
        first_channel,

        count(*) as new_customer_count,
        {%- for days in windows %}
        case
            when min(days_since_month) >= {{ days }}
                then count(*) filter (where days_to_second <= {{ days }})
        end as converted_within_{{ days }}_days_count,
        {%- endfor %}
        case
            when min(days_since_month) >= {{ windows | max }}
                then percentile_cont(0.5) within group (order by days_to_second)
                    filter (where days_to_second <= {{ windows | max }})
        end as median_days_to_second,

        min(days_since_month) >= 0 as is_complete
    from {{ ref('int_first_purchases') }}
    group by cohort_month, first_channel

)

select
    cohort_month,
    first_channel,

    new_customer_count,
    {%- for days in windows %}
    converted_within_{{ days }}_days_count,
    {%- endfor %}
    {%- for days in windows %}
    cast(converted_within_{{ days }}_days_count as double) / new_customer_count
        as converted_within_{{ days }}_days_share,
    {%- endfor %}
    median_days_to_second,

    is_complete
from converted
