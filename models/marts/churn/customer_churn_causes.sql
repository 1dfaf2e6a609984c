-- Why a customer may have left. Asserted is the cause with the most evidence, if that reaches
-- cause_min_evidence and no other has as much; an answer in a survey overrides. Inactivity itself says nothing:
-- without evidence the cause is unknown.
with scores as (

    select
        customer_id,
        cause,
        least(sum(weight), 1) as score,
        max_by(sentence_en, cast(weight as string) || evidence) as sentence_en,
        max_by(sentence_zh, cast(weight as string) || evidence) as sentence_zh
    from {{ ref('int_cause_evidence') }} as evidence
    group by customer_id, cause

),

ranked as (

    select
        scores.*,
        row_number() over (
            partition by customer_id order by score desc nulls last, cause nulls last
        ) as score_rank,
        lead(score) over (
            partition by customer_id order by score desc nulls last, cause nulls last
        ) as next_score
    from scores

),

weighed as (

    select
        customer_id
        {%- for cause in ['price', 'competition', 'experience'] %},
        coalesce(max(score) filter (where cause = '{{ cause }}'), 0) as {{ cause }}_evidence
        {%- endfor %},
        max(cause) filter (
            where score_rank = 1
                and score >= {{ var('cause_min_evidence') }}
                and score > coalesce(next_score, 0)
        ) as cause
    from ranked
    group by customer_id

),

decided as (

    select
        churned_customers.*,
        coalesce(answers.cause, weighed.cause, 'unknown') as cause,
        coalesce(weighed.price_evidence, 0) as price_evidence,
        coalesce(weighed.competition_evidence, 0) as competition_evidence,
        coalesce(weighed.experience_evidence, 0) as experience_evidence,
        answers.cause is not null as is_from_survey
    from {{ ref('int_churned_customers') }} as churned_customers
    left join weighed on churned_customers.customer_id = weighed.customer_id
    left join {{ ref('int_survey_causes') }} as answers on churned_customers.customer_id = answers.customer_id

)

select
    decided.customer_id,
    decided.as_of_date,

    decided.cause,
    causes.cause_name_en,
    causes.cause_name_zh,
    case when decided.is_from_survey then causes.survey_en else scores.sentence_en end
        as explanation_en,
    case when decided.is_from_survey then causes.survey_zh else scores.sentence_zh end
        as explanation_zh,

    cast(decided.price_evidence as decimal(5,2)) as price_evidence,
    cast(decided.competition_evidence as decimal(5,2)) as competition_evidence,
    cast(decided.experience_evidence as decimal(5,2)) as experience_evidence,
    decided.days_since_last,

    decided.is_from_survey,

    decided.last_purchase_on
from decided
inner join {{ ref('churn_causes') }} as causes on decided.cause = causes.cause
left join scores
    on decided.customer_id = scores.customer_id
    and decided.cause = scores.cause
