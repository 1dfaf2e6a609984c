-- The candidates of the play winback, with what speaks for the cause.
select
    candidates.customer_id,
    candidates.as_of_date,

    customers.city,
    candidates.cause,
    causes.explanation_en,
    causes.explanation_zh,
    reasons.reason_en,
    reasons.reason_zh,
    candidates.strategy_en,
    candidates.strategy_zh,
    candidates.offer_en,
    candidates.offer_zh,
    candidates.restriction_en,
    candidates.restriction_zh,
    candidates.product_id,
    candidates.channel,
    candidates.channel_name_en,
    candidates.channel_name_zh,
    candidates.refusal,
    candidates.refusal_name_en,
    candidates.refusal_name_zh,

    causes.price_evidence,
    causes.competition_evidence,
    causes.experience_evidence,
    candidates.priority,
    causes.days_since_last,
    candidates.best_hour,
    candidates.best_weekday,
    candidates.purchase_probability,
    candidates.uplift,
    candidates.experiment_count,
    candidates.order_amount,
    candidates.gain_amount,
    candidates.cost_amount,
    candidates.expected_value_amount,

    causes.last_purchase_on
from {{ ref('play_candidates') }} as candidates
inner join {{ ref('customers') }} as customers on candidates.customer_id = customers.customer_id
inner join {{ ref('customer_churn_causes') }} as causes on candidates.customer_id = causes.customer_id
left join {{ ref('customer_churn_reasons') }} as reasons
    on candidates.customer_id = reasons.customer_id
    and reasons.reason_rank = 1
where candidates.play = 'winback'
