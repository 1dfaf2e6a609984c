-- One bit for each of recency, frequency and monetary value: 1 beyond the cut of the day, 0 on it
-- and below. Recent is high, so that fewer days than the cut are beyond it. Where rfm_cut is score,
-- it is the scores that are compared, of which a high one is always good. Where there is nothing to
-- compare with, the segment says so.
{%- set by_score = var('rfm_cut') == 'score' %}

with compared as (

    select
        scores.*,
        cast(cuts.recency_total as double) / cuts.parts as recency_cut,
        cast(cuts.frequency_total as double) / cuts.parts as frequency_cut,
        cast(cuts.monetary_total as double) / cuts.parts as monetary_cut,
        coalesce(cuts.is_degenerate, true) as is_degenerate,
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
        end as bits
    from {{ ref('int_rfm_scores') }} as scores
    left join {{ ref('int_rfm_cuts') }} as cuts on scores.as_of_date = cuts.as_of_date

),

coded as (

    select
        compared.*,
        case when is_degenerate then '...' else bits end as segment_code
    from compared

)

select
    coded.customer_id,
    coded.as_of_date,

    coded.segment_code,
    segments.segment_name_en,
    segments.segment_name_zh,
    segments.alias_zh,
    segments.suggested_action_en,
    segments.suggested_action_zh,

    coded.recency_days,
    coded.frequency,
    coded.monetary_amount,
    coded.spend_amount,
    coded.r_score,
    coded.f_score,
    coded.m_score,
    '{{ var("rfm_cut") }}' as cut_method,
    coded.recency_cut,
    coded.frequency_cut,
    coded.monetary_cut,

    coded.is_latest,
    coded.is_degenerate,
    coded.last_purchase_on
from coded
left join {{ ref('rfm_segments') }} as segments on coded.segment_code = segments.segment_code
