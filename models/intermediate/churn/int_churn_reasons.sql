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

)

select
    ranked.customer_id,
    cast(ranked.reason_rank as bigint) as reason_rank,
    ranked.feature as reason,
    {{ say_number('replace(features.reason_en, ' ~ recent_days ~ ')', 'ranked.number') }} as reason_en,
    {{ say_number('replace(features.reason_zh, ' ~ recent_days ~ ')', 'ranked.number') }} as reason_zh
from ranked
inner join {{ ref('churn_features') }} as features on ranked.feature = features.feature
where ranked.reason_rank <= {{ var('churn_max_reasons') }}
