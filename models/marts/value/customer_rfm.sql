-- One bit for each of recency, frequency and monetary value: 1 beyond the cut of the day, 0 on it
-- and below. Recent is high, so that fewer days than the cut are beyond it. Where rfm_cut is score,
-- it is the scores that are compared, of which a high one is always good.
{%- set by_score = var('rfm_cut') == 'score' %}

with compared as (

    select
        scores.*,
        cast(cuts.recency_total as double) / cuts.parts as recency_cut,
        cast(cuts.frequency_total as double) / cuts.parts as frequency_cut,
        cast(cuts.monetary_total as double) / cuts.parts as monetary_cut,
        case
            when {{ 'r_score * parts >' if by_score else 'recency_days * parts <' }} recency_total
                then '1'
            else '0'
        end
        || case
            when {{ 'f_score' if by_score else 'frequency' }} * parts > frequency_total then '1'
            else '0'
        end
        || case
            when {{ 'm_score' if by_score else 'monetary_amount' }} * parts > monetary_total then '1'
            else '0'
        end as segment_code
    from {{ ref('int_rfm_scores') }} as scores
    inner join {{ ref('int_rfm_cuts') }} as cuts on scores.as_of_date = cuts.as_of_date

)

select
    compared.customer_id,
    compared.as_of_date,

    compared.segment_code,
    segments.segment_name_en,
    segments.segment_name_zh,
    segments.alias_zh,
    segments.suggested_action_en,
    segments.suggested_action_zh,

    compared.recency_days,
    compared.frequency,
    compared.monetary_amount,
    compared.spend_amount,
    compared.r_score,
    compared.f_score,
    compared.m_score,
    '{{ var("rfm_cut") }}' as cut_method,
    compared.recency_cut,
    compared.frequency_cut,
    compared.monetary_cut,

    compared.is_latest,
    compared.last_purchase_on
from compared
left join {{ ref('rfm_segments') }} as segments on compared.segment_code = segments.segment_code
