-- Everybody who had ever bought by the day, measured against the mean of all of them:
--   recency    days from the last purchase; high (1) when fewer than the mean
--   frequency  purchases within the window; high when more than the mean
--   monetary   net spend within the window; high when more than the mean
-- Compared in whole numbers and cents (value × customers against the total): a mean in binary would
-- call one of three equal values high. Scores are 1…k by percent rank, so that equal values get equal scores (NTILE does not do that):
--   score = least(k, 1 + floor(k × percent_rank))
{%- set k = var('rfm_scores') %}

with activity as (

    select * from {{ ref('int_customer_activity') }}

),

segments as (

    select * from {{ ref('rfm_segments') }}

),

measured as (

    select
        customer_id,
        as_of_date,
        is_latest,
        last_purchase_on,
        days_since_last as recency_days,
        window_purchase_count as frequency,
        window_amount as monetary_amount
    from activity
    where purchase_count > 0

),

cuts as (

    select
        as_of_date,
        count(*) as customer_count,
        sum(recency_days) as recency_total,
        sum(frequency) as frequency_total,
        sum(monetary_amount) as monetary_total
    from measured
    group by as_of_date

),

ranked as (

    select
        measured.*,
        percent_rank() over (partition by as_of_date order by recency_days desc nulls last)
            as recency_rank,
        percent_rank() over (partition by as_of_date order by frequency nulls last) as frequency_rank,
        percent_rank() over (partition by as_of_date order by monetary_amount nulls last)
            as monetary_rank
    from measured

),

scored as (

    select
        ranked.*,
        cast(cuts.recency_total as double) / cuts.customer_count as recency_cut,
        cast(cuts.frequency_total as double) / cuts.customer_count as frequency_cut,
        cast(cuts.monetary_total as double) / cuts.customer_count as monetary_cut,
        cast(least({{ k }}, 1 + floor({{ k }} * recency_rank)) as bigint) as r_score,
        cast(least({{ k }}, 1 + floor({{ k }} * frequency_rank)) as bigint) as f_score,
        cast(least({{ k }}, 1 + floor({{ k }} * monetary_rank)) as bigint) as m_score,
        case when recency_days * customer_count < recency_total then '1' else '0' end
        || case when frequency * customer_count > frequency_total then '1' else '0' end
        || case when monetary_amount * customer_count > monetary_total then '1' else '0' end
            as segment_code
    from ranked
    inner join cuts on ranked.as_of_date = cuts.as_of_date

),

segmented as (

    select
        scored.customer_id,
        scored.as_of_date,

        scored.segment_code,
        segments.segment_name_en,
        segments.segment_name_zh,

        scored.recency_days,
        scored.frequency,
        scored.monetary_amount,
        scored.r_score,
        scored.f_score,
        scored.m_score,
        scored.recency_cut,
        scored.frequency_cut,
        scored.monetary_cut,

        scored.is_latest,
        scored.last_purchase_on
    from scored
    left join segments on scored.segment_code = segments.segment_code

)

select * from segmented
