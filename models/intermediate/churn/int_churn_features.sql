-- What predicts whether a customer buys again, at every cut-off by the same statement: nothing that the
-- model is fitted on can know more than what customers are scored by.
-- The logarithm makes twice as much the same step everywhere. Half a purchase and churn_first_visit_days,
-- added where something is divided, keep the figures of a first visit within bounds, and a
-- tenth of one the logarithm of none.
{%- set first_visit_days = var('churn_first_visit_days') %}

with measured as (

    select
        customer_id,
        cutoff_on,
        is_latest,
        {{ days_between('max(ordered_on)', 'cutoff_on') }} as recency_days,
        {{ days_between('min(ordered_on)', 'cutoff_on') }} as tenure_days,
        count(*) as purchase_day_count,
        count(*) filter (where {{ days_between('ordered_on', 'cutoff_on') }} <= {{ var('churn_recent_days') }})
            as recent_purchase_day_count,
        max_by(gap_days, ordered_on) filter (where gap_days is not null) as last_gap_days
    from {{ ref('int_churn_purchase_days') }}
    group by customer_id, cutoff_on, is_latest

)

select
    measured.*,
    ln(1 + recency_days) as recency,
    ln(purchase_day_count) as frequency,
    ln((purchase_day_count - 0.5) / cast(tenure_days + {{ first_visit_days }} as double)) as rate,
    ln(
        0.1 + (purchase_day_count - 0.5)
        * ln(
            cast(tenure_days + {{ first_visit_days - 1 }} as double)
            / (tenure_days - recency_days + {{ first_visit_days }})
        )
    ) as inactivity,
    ln(1 + recent_purchase_day_count) as recent_frequency,
    coalesce(ln(1 + last_gap_days), 0) as last_gap
from measured
