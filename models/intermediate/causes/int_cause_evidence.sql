-- Which pieces of evidence lie at or beyond the threshold of the seed, and what each weighs (0-1).
with measured as (

    select * from {{ ref('int_experience_evidence') }}
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
