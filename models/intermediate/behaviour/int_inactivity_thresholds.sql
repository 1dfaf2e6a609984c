-- For windows of whole weeks: of the inactivity gaps that lasted longer and could be followed for churn_horizon_days after
-- it, how many ended in a purchase within these days. Chosen is the shortest window after which few enough do.
-- Where none is known to be that long, it is the gap that nearly all purchases keep within
-- (inactivity_threshold_percentile), but no less than lost_floor_days: where customers come weekly, nearly all come
-- back after such a gap. Of fewer than inactivity_min_gaps it would be the longest, which is chance.
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

    select coalesce(min(back_days), 0) as percentile_days
    from gaps
    where 100 * gaps_so_far >= {{ whole_number('inactivity_threshold_percentile', 1) }} * all_gaps
        and all_gaps >= {{ var('inactivity_min_gaps') }}

),

fallback as (

    select
        greatest(percentile.percentile_days, cast(rules.lost_floor_days as bigint)) as threshold_days,
        case when percentile.percentile_days >= rules.lost_floor_days then 'percentile' else 'lost_floor' end as reason
    from percentile
    cross join {{ ref('int_lifecycle_rules') }} as rules

),

thresholds as (

    select cast(floor(7 * generated_number) as bigint) as threshold_days from numbers
    union
    select threshold_days from fallback

),

counted as (

    select
        thresholds.threshold_days,
        cast(coalesce(sum(inactivity_gaps.piece_count), 0) as bigint) as inactivity_gaps,
        cast(
            coalesce(
                sum(inactivity_gaps.piece_count) filter (
                    where thresholds.threshold_days >= inactivity_gaps.reactivated_from
                ),
                0
            )
            as bigint
        ) as reactivations
    from thresholds
    left join {{ ref('int_inactivity_gaps') }} as inactivity_gaps
        on thresholds.threshold_days between inactivity_gaps.counted_from and inactivity_gaps.counted_until
    group by thresholds.threshold_days

),

rated as (

    select
        counted.*,
        case
            when inactivity_gaps >= {{ var('inactivity_min_gaps') }}
                then cast(reactivations as double) / inactivity_gaps
        end as reactivation_rate
    from counted

),

choice as (

    select min(threshold_days) as threshold_days
    from rated
    where reactivation_rate < {{ var('reactivation_rate_max') }}

),

explained as (

    select
        rated.*,
        case
            when rated.threshold_days = choice.threshold_days then 'reactivation_rate'
            when rated.threshold_days = fallback.threshold_days and choice.threshold_days is null then fallback.reason
        end as chosen_by
    from rated
    cross join choice
    cross join fallback

)

select *
from explained
-- Windows that hardly any inactivity has outlasted tell nothing.
where inactivity_gaps > 0 or chosen_by is not null
