-- Why the risk is high: what raises it most, with its number in words.
{%- set recent_days = "'{recent_days}', '" ~ var('churn_recent_days') ~ "'" %}

with ranked as (

    select
        contributions.*,
        row_number() over (
            partition by customer_id
            order by contribution desc nulls last, feature nulls last
        ) as reason_rank
    from {{ ref('int_churn_contributions') }} as contributions
    where contribution >= {{ var('churn_reason_min_log_odds') }}
        and number is not null

),

worded as (

    select
        feature,
        replace(reason_en, {{ recent_days }}) as reason_en,
        replace(reason_zh, {{ recent_days }}) as reason_zh
    from {{ ref('churn_features') }}

)

select
    ranked.customer_id,
    cast(ranked.reason_rank as bigint) as reason_rank,

    as_of_dates.as_of_date,
    ranked.feature as reason,
    {{ say_any_number('worded.reason_en') }} as reason_name_en,
    {{ say_any_number('worded.reason_zh') }} as reason_name_zh,
    {{ say_number('worded.reason_en', 'ranked.number') }} as reason_en,
    {{ say_number('worded.reason_zh', 'ranked.number') }} as reason_zh,

    {{ round_half_up('ranked.contribution', 9) }} as contribution
from ranked
inner join worded on ranked.feature = worded.feature
cross join {{ ref('int_as_of_dates') }} as as_of_dates
where ranked.reason_rank <= {{ var('churn_max_reasons') }}
    and as_of_dates.is_latest
