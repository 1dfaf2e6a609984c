-- What predicts whether a customer buys again, at every cut-off by the same statement: nothing that the
-- model is fitted on can know more than what customers are scored by.
-- The logarithm makes twice as much the same step everywhere. Half a purchase and churn_first_visit_days,
-- added where something is divided, keep the figures of a first visit within bounds, and a
-- tenth of one the logarithm of none. Money is measured by what all customers spend on a day of purchases, so
-- that parameters hold in any currency.
{%- set first_visit_days = var('churn_first_visit_days') %}
{%- set is_recent = days_between('transacted_on', 'cutoff_on') ~ ' <= ' ~ var('churn_recent_days') %}

with measured as (

    select
        customer_id,
        cutoff_on,
        is_latest,
        {{ days_between('max(purchased_on)', 'cutoff_on') }} as recency_days,
        {{ days_between('min(purchased_on)', 'cutoff_on') }} as tenure_days,
        count(purchased_on) as purchase_day_count,
        count(purchased_on) filter (where {{ is_recent }}) as recent_purchase_day_count,
        max_by(gap_days, purchased_on) filter (where gap_days is not null) as last_gap_days,
        cast(sum(net_amount) as decimal(18,2)) as spend_amount,
        cast(
            coalesce(sum(net_amount) filter (where {{ in_rfm_window(days_between('transacted_on', 'cutoff_on')) }}), 0)
            as decimal(18,2)
        ) as window_amount,
        count(purchased_on) filter (where {{ in_rfm_window(days_between('transacted_on', 'cutoff_on')) }})
            as window_purchase_day_count,
        cast(coalesce(sum(net_amount) filter (where {{ is_recent }}), 0) as decimal(18,2)) as recent_amount
    from {{ ref('int_churn_purchase_days') }}
    group by customer_id, cutoff_on, is_latest
    having count(purchased_on) > 0

),

shops as (

    select
        cutoff_on,
        cast(sum(spend_amount) as double) / sum(purchase_day_count) as day_amount
    from measured
    group by cutoff_on

)

select
    measured.*,
    ln(1 + recency_days) as recency,
    case when purchase_day_count > 1 then ln(1 + recency_days) else 0 end as repeat_recency,
    case when purchase_day_count = 1 then ln(1 + recency_days) else 0 end as one_visit,
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
    coalesce(ln(1 + last_gap_days), 0) as last_gap,
    ln(0.1 + case
        when shops.day_amount > 0 and recent_amount > 0
            then cast(recent_amount as double) / shops.day_amount
        else 0
    end) as recent_spend
from measured
inner join shops on measured.cutoff_on = shops.cutoff_on
