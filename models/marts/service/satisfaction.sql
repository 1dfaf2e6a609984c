-- What customers said of the retailer each month, by the RFM segment that they were of at the beginning of the month, and
-- where. Promoters give 9 and 10 of 10, detractors 0 to 6; scores beyond a scale count nowhere. Intervals: Wilson for the share of
-- the satisfied; for NPS that of the multinomial, with three answers added (3/4 promoters, 3/4 detractors), without which ten
-- promoters of ten would be certain of all (Rocks 2016).
{%- set z = var('interval_standard_deviations') %}

with heard as (

    select said_month, customer_id, touchpoint, answer, score
    from {{ ref('int_customer_answers') }}
    union all
    select distinct
        purchases.transacted_month,
        purchases.customer_id,
        coalesce(orders.channel, 'unknown'),
        'purchase',
        null
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    where purchases.is_purchase

),

placed as (

    select
        heard.*,
        coalesce(rfm.segment_code, 'unknown') as segment_code
    from heard
    left join {{ ref('customer_rfm') }} as rfm
        on heard.customer_id = rfm.customer_id
        and heard.said_month = rfm.as_of_date

),

counted as (

    select
        said_month,
        case when grouping(segment_code) = 1 then 'all' else segment_code end as segment_code,
        case when grouping(touchpoint) = 1 then 'all' else touchpoint end as touchpoint,
        count(distinct customer_id) filter (where answer = 'purchase') as buyer_count,
        count(distinct customer_id) filter (where answer in ('csat', 'nps', 'review')) as heard_customer_count,
        count(*) filter (where answer = 'invitation') as invited_count,
        count(score) filter (where answer = 'invitation') as invited_answer_count,
        count(*) filter (where answer = 'csat') as csat_count,
        count(*) filter (where answer = 'csat' and score >= {{ var('satisfied_min_score') }}) as satisfied_count,
        count(*) filter (where answer = 'nps') as nps_count,
        count(*) filter (where answer = 'nps' and score >= 9) as promoter_count,
        count(*) filter (where answer = 'nps' and score < 7) as detractor_count,
        {%- for stars in range(1, 6) %}
        count(*) filter (where answer = 'review' and floor(score) = {{ stars }}) as review_{{ stars }}_count,
        {%- endfor %}
        count(*) filter (where answer = 'review') as review_count,
        sum(score) filter (where answer = 'review') as review_score
    from placed
    group by said_month, cube(segment_code, touchpoint)

),

rated as (

    select
        counted.*,
        cast(satisfied_count as double) / nullif(csat_count, 0) as satisfied_share,
        100e0 * (promoter_count - detractor_count) / nullif(nps_count, 0) as nps,
        case when nps_count > 0 then (promoter_count + 0.75e0) / (nps_count + 3) end as promoters,
        case when nps_count > 0 then (detractor_count + 0.75e0) / (nps_count + 3) end as detractors
    from counted

)

select
    rated.said_month,

    rated.segment_code,
    segments.segment_name_en,
    segments.segment_name_zh,
    rated.touchpoint,

    rated.buyer_count,
    rated.heard_customer_count,
    rated.invited_count,
    rated.invited_answer_count,
    cast(rated.invited_answer_count as double) / nullif(rated.invited_count, 0) as response_share,
    rated.csat_count,
    rated.satisfied_count,
    rated.satisfied_share,
    {{ wilson_bound('rated.satisfied_share', 'rated.csat_count', '-') }} as low_satisfied_share,
    {{ wilson_bound('rated.satisfied_share', 'rated.csat_count', '+') }} as high_satisfied_share,
    rated.nps_count,
    rated.promoter_count,
    rated.detractor_count,
    rated.nps,
    {%- for name, sign, limit in [('low', '-', 'greatest(-100'), ('high', '+', 'least(100')] %}
    case
        when rated.nps_count > 0
            then {{ limit }}, 100 * (promoters - detractors {{ sign }} {{ z }} * sqrt(
                (promoters + detractors - (promoters - detractors) * (promoters - detractors)) / (rated.nps_count + 3)
            )))
    end as {{ name }}_nps,
    {%- endfor %}
    rated.review_count,
    {%- for stars in range(1, 6) %}
    rated.review_{{ stars }}_count,
    {%- endfor %}
    cast(rated.review_score as double) / nullif(rated.review_count, 0) as mean_review_score
from rated
left join {{ ref('rfm_segments') }} as segments on rated.segment_code = segments.segment_code
