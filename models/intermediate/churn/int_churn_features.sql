-- What predicts whether a customer buys again, at every cut-off by the same statement: nothing that the
-- model is fitted on can know more than what customers are scored by.
-- Money is measured by what all customers spend on a day of purchases, so that parameters hold in any currency; a tenth of
-- one keeps the logarithm of none within bounds.
-- Whatever is told of a cut-off says whether it is the latest, so that who asks for that one alone has only it computed.
{%- set is_recent = days_between('transacted_on', 'cutoff_on') ~ ' <= ' ~ var('churn_recent_days') %}
{%- set day_amount = 'cast(sum(spend_amount) over of_everybody as double) / sum(purchase_day_count) over of_everybody' %}

with measured as (

    select
        customer_number,
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
    group by customer_number, cutoff_on, is_latest
    having count(purchased_on) > 0

)

select
    customers.customer_id,
    measured.*,
    {{ purchase_rhythm() }},
    case when purchase_day_count > 1 then ln(1 + recency_days) else 0 end as repeat_recency,
    case when purchase_day_count = 1 then ln(1 + recency_days) else 0 end as one_visit,
    coalesce(ln(1 + last_gap_days), 0) as last_gap,
    ln(0.1 + case
        when {{ day_amount }} > 0 and recent_amount > 0
            then cast(recent_amount as double) / ({{ day_amount }})
        else 0
    end) as recent_spend
from measured
inner join {{ ref('int_customers') }} as customers on measured.customer_number = customers.customer_number
window of_everybody as (partition by cutoff_on, is_latest)
