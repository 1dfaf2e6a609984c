-- What speaks for a cause why those who had lapsed when they were drawn may have left, as it could be known before that day: what
-- happened after their last purchase, and how much of what they ever bought was on discount, by the thresholds and weights of the
-- seed. Nothing that came later, in which the campaign may have had its part. A leaning: for a segment most of the evidence is
-- enough, where customer_churn_causes asserts a cause of somebody only from enough of it.
with lapsed as (

    select experiment_id, customer_id, watched_from, last_purchase_on
    from {{ ref('int_experiment_members') }}
    where recency = 'lapsed'

),

measured as (

    select
        lapsed.experiment_id,
        lapsed.customer_id,
        experiences.evidence,
        max(experiences.evidence_value) as evidence_value
    from lapsed
    inner join {{ ref('int_experiences') }} as experiences
        on lapsed.customer_id = experiences.customer_id
        and experiences.happened_on >= lapsed.last_purchase_on
        and experiences.happened_on <= lapsed.last_purchase_on + {{ var('cause_days') }}
        and experiences.happened_on < lapsed.watched_from
    group by lapsed.experiment_id, lapsed.customer_id, experiences.evidence
    union all
    select
        lapsed.experiment_id,
        lapsed.customer_id,
        'discounts',
        cast(count(*) filter (where lines.discount_amount > 0) as double) / count(*)
    from lapsed
    inner join {{ ref('int_transactions') }} as purchases
        on lapsed.customer_id = purchases.customer_id
        and purchases.is_purchase
        and {{ stands_on('purchases', 'lapsed.watched_from') }}
    inner join {{ ref('int_order_lines') }} as lines
        on purchases.order_id = lines.order_id
        and lines.gross_amount > 0
    group by lapsed.experiment_id, lapsed.customer_id
    having count(*) >= {{ var('discount_min_lines') }}

),

weighed as (

    select
        measured.experiment_id,
        measured.customer_id,
        rules.cause,
        sum(rules.weight) as weight
    from measured
    inner join {{ ref('churn_cause_evidence') }} as rules
        on measured.evidence = rules.evidence
        and measured.evidence_value >= rules.threshold
    group by measured.experiment_id, measured.customer_id, rules.cause

)

select
    experiment_id,
    customer_id,
    max_by(cause, cast(weight as string) || cause) as cause
from weighed
group by experiment_id, customer_id
