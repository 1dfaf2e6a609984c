-- For whole weeks, and for the gap that nearly all purchases keep within (inactivity_threshold_percentile): who is silent for longer
-- today, and how many of those who ever were came back untouched within the next churn_horizon_days.
-- Chosen is the shortest window after which few enough come back; where there is none, the percentile.
with numbers as (

    {{ dbt.generate_series(whole_number('inactivity_threshold_max_weeks', 1)) }}

),

gaps as (

    select
        back_days,
        sum(sum(piece_count)) over (order by back_days nulls last) as gaps_so_far,
        sum(sum(piece_count)) over () as all_gaps
    from {{ ref('int_inactivity_gaps') }} as inactivity_gaps
    where back_days is not null
    group by back_days

),

percentile as (

    select min(back_days) as threshold_days
    from gaps
    where 100 * gaps_so_far >= {{ whole_number('inactivity_threshold_percentile', 1) }} * all_gaps

),

thresholds as (

    select cast(floor(7 * generated_number) as bigint) as threshold_days from numbers
    union
    select threshold_days from percentile

),

measured as (

    select
        thresholds.threshold_days,
        sum(inactivity_gaps.piece_count) filter (where inactivity_gaps.open_days is not null) as customers,
        sum(inactivity_gaps.piece_count) filter (where inactivity_gaps.open_days > thresholds.threshold_days)
            as lost_customers,
        sum(inactivity_gaps.piece_count) filter (
            where thresholds.threshold_days between inactivity_gaps.counted_from and inactivity_gaps.counted_until
        ) as inactivity_gaps,
        sum(inactivity_gaps.piece_count) filter (
            where thresholds.threshold_days between inactivity_gaps.counted_from and inactivity_gaps.counted_until
                and thresholds.threshold_days >= inactivity_gaps.reactivated_from
        ) as reactivations
    from thresholds
    cross join {{ ref('int_inactivity_gaps') }} as inactivity_gaps
    where thresholds.threshold_days is not null
    group by thresholds.threshold_days

),

rated as (

    select
        threshold_days,
        cast(coalesce(lost_customers, 0) as bigint) as lost_customers,
        cast(coalesce(lost_customers, 0) as double) / customers as lost_share,
        cast(coalesce(inactivity_gaps, 0) as bigint) as inactivity_gaps,
        cast(coalesce(reactivations, 0) as bigint) as reactivations,
        case
            when inactivity_gaps >= {{ var('inactivity_min_gaps') }}
                then cast(coalesce(reactivations, 0) as double) / inactivity_gaps
        end as reactivation_rate
    from measured

),

choices as (

    select
        min(rated.threshold_days) filter (where rated.reactivation_rate < {{ var('reactivation_rate_max') }})
            as by_reactivation_rate,
        max(percentile.threshold_days) as by_percentile
    from rated
    cross join percentile

)

select
    rated.*,
    case
        when rated.threshold_days = choices.by_reactivation_rate then 'reactivation_rate'
        when rated.threshold_days = choices.by_percentile and choices.by_reactivation_rate is null
            then 'percentile'
    end as chosen_by
from rated
cross join choices
-- Windows that hardly any inactivity has outlasted tell nothing.
where rated.inactivity_gaps > 0 or rated.threshold_days = choices.by_percentile
