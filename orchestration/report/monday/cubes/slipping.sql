-- Of those who are likely to leave, the 300 with most to lose: why, and what to offer. Ids alone; what may be said to whom is
-- decided by the audiences, which is why a refusal stands beside the offer.
with worst as (

    select *
    from people
    where churn_level in ('red', 'orange', 'yellow')
    order by loss_amount desc, customer_id
    limit 300

),

reasons as (

    select
        reasons.customer_id,
        string_agg(reasons.reason_en, '; ' order by reasons.reason_rank) as reasons_en,
        string_agg(reasons.reason_zh, '；' order by reasons.reason_rank) as reasons_zh
    from marts.customer_churn_reasons as reasons
    inner join worst on reasons.customer_id = worst.customer_id
    group by reasons.customer_id

),

plays as (

    select
        candidates.customer_id,
        min_by(
            {offer_en: offer_en, offer_zh: offer_zh, channel_name_en: channel_name_en, channel_name_zh: channel_name_zh,
                refusal_name_en: refusal_name_en, refusal_name_zh: refusal_name_zh},
            (refusal is not null, -expected_value_amount, play)
        ) as best
    from marts.play_candidates as candidates
    inner join worst on candidates.customer_id = worst.customer_id
    group by candidates.customer_id

)

select
    worst.customer_id,
    worst.segment,
    worst.channel,
    worst.home,
    worst.places[2] as region,
    worst.churn_level as level,
    cast(worst.churn_probability as double) as churn_share,
    worst.ltv_amount,
    worst.loss_amount,
    worst.spend_amount,
    whole.days_since_last,
    round(whole.usual_gap_days) as usual_gap_days,
    whole.last_purchase_on,
    coalesce(reasons.reasons_en, '') as reasons_en,
    coalesce(reasons.reasons_zh, '') as reasons_zh,
    coalesce(plays.best.offer_en, whole.suggested_action_en, '') as action_en,
    coalesce(plays.best.offer_zh, whole.suggested_action_zh, '') as action_zh,
    coalesce(plays.best.channel_name_en, whole.best_contact_channel_name_en, '') as contact_en,
    coalesce(plays.best.channel_name_zh, whole.best_contact_channel_name_zh, '') as contact_zh,
    coalesce(plays.best.refusal_name_en, '') as refusal_en,
    coalesce(plays.best.refusal_name_zh, '') as refusal_zh
from worst
left join marts.customer_360 as whole on worst.customer_id = whole.customer_id
left join reasons on worst.customer_id = reasons.customer_id
left join plays on worst.customer_id = plays.customer_id
order by worst.loss_amount desc, worst.customer_id
