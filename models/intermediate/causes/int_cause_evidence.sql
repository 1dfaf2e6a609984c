-- Which pieces of evidence lie at or beyond the threshold of the seed, and what each weighs (0-1).
with experience as (

    select * from {{ ref('int_experience_evidence') }}

),

price as (

    select * from {{ ref('int_price_evidence') }}

),

competition as (

    select * from {{ ref('int_competition_evidence') }}

),

rules as (

    select * from {{ ref('churn_cause_evidence') }}

),

measured as (

    select * from experience
    union all
    select * from price
    union all
    select * from competition

),

found as (

    select
        measured.customer_id,
        rules.cause,
        measured.evidence,
        measured.evidence_value,
        rules.weight,
        {{ say_number('rules.sentence_en', 'measured.evidence_value') }} as sentence_en,
        {{ say_number('rules.sentence_zh', 'measured.evidence_value') }} as sentence_zh
    from measured
    inner join rules
        on measured.evidence = rules.evidence
        and measured.evidence_value >= rules.threshold

)

select * from found
