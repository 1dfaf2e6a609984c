-- Which pieces of evidence lie at or beyond the threshold of the seed, and what each weighs (0-1). Of what went wrong, that counts
-- which came on the day of the last purchase or within cause_days after it, and was not followed by another purchase.
with measured as (

    select
        churned_customers.customer_id,
        experiences.evidence,
        max(experiences.evidence_value) as evidence_value
    from {{ ref('int_churned_customers') }} as churned_customers
    inner join {{ ref('int_experiences') }} as experiences
        on churned_customers.customer_id = experiences.customer_id
        and experiences.happened_on >= churned_customers.last_purchase_on
        and experiences.happened_on <= churned_customers.last_purchase_on + {{ var('cause_days') }}
        and experiences.happened_on < churned_customers.as_of_date
    group by churned_customers.customer_id, experiences.evidence
    union all
    select * from {{ ref('int_price_evidence') }}
    union all
    select * from {{ ref('int_competition_evidence') }}

)

select
    measured.customer_id,
    rules.cause,
    measured.evidence,
    measured.evidence_value,
    rules.weight,
    {{ say_number('rules.sentence_en', 'measured.evidence_value') }} as sentence_en,
    {{ say_number('rules.sentence_zh', 'measured.evidence_value') }} as sentence_zh
from measured
inner join {{ ref('churn_cause_evidence') }} as rules
    on measured.evidence = rules.evidence
    and measured.evidence_value >= rules.threshold
