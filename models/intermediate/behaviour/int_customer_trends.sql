-- Activity and rhythm side by side, with what follows from the rules: when the inactivity makes a customer dormant or
-- lost, and how the last period compares with the one before it.
-- Lost is who is silent beyond the calibrated threshold, and far beyond their own rhythm if they have one. One threshold
-- serves every day of the history, so that only a purchase leads back from a loss.
-- Without a rhythm of their own the usual gap is that of the median customer: who comes daily has more gaps, but
-- does not speak for who comes twice.
-- A fall is one that chance does not explain (int_trend_limits): of the purchase days, or of what is spent on one.
-- Of a period in which more was given back than spent, nothing was spent.
with everybody as (

    select
        as_of_date,
        percentile_cont(0.5) within group (order by median_gap_days) as median_gap_days
    from {{ ref('int_customer_rhythm') }} as rhythm
    where gap_count > 0
    group by as_of_date

),

paced as (

    select
        activity.*,
        coalesce(rhythm.gap_count >= rules.own_rhythm_min_gaps, false) as has_own_rhythm,
        case
            when rhythm.gap_count >= rules.own_rhythm_min_gaps then rhythm.median_gap_days
            else coalesce(everybody.median_gap_days, rules.fallback_gap_days)
        end as usual_gap_days,
        cast(threshold.threshold_days as double) as threshold_days,
        rhythm.returned_on,
        case
            when rhythm.earlier_day_count >= rules.trend_min_purchases
                then cast(rhythm.recent_day_count as double) / rhythm.earlier_day_count - 1
        end as frequency_trend,
        case
            when rhythm.earlier_day_count >= rules.trend_min_purchases and activity.earlier_amount > 0
                then cast(greatest(activity.recent_amount, 0) as double) / cast(activity.earlier_amount as double) - 1
        end as amount_trend,
        rhythm.recent_repeat_count < limits.steady_day_count as is_seldom,
        least(rhythm.recent_repeat_count, rhythm.earlier_repeat_count) >= rules.decline_min_purchases
            and rhythm.log_amount_fall > 0
            -- Equal amounts have no spread but what rounding leaves, and that may lie below zero.
            and power(rhythm.log_amount_fall, 2)
            > limits.steady_spread * greatest(rhythm.log_amount_spread, 1e-9) as is_little
    from {{ ref('int_customer_activity') }} as activity
    cross join {{ ref('int_lifecycle_rules') }} as rules
    cross join {{ ref('int_loss_threshold') }} as threshold
    left join {{ ref('int_customer_rhythm') }} as rhythm
        on activity.customer_id = rhythm.customer_id
        and activity.as_of_date = rhythm.as_of_date
    left join everybody on activity.as_of_date = everybody.as_of_date
    left join {{ ref('int_trend_limits') }} as limits
        on rhythm.recent_repeat_count + rhythm.earlier_repeat_count = limits.day_count

),

limited as (

    select
        paced.*,
        greatest(
            threshold_days, case when has_own_rhythm then rules.lost_gap_ratio * usual_gap_days else 0 end
        ) as lost_after_days,
        greatest(rules.dormant_floor_days, rules.dormant_gap_ratio * usual_gap_days) as slow_after_days,
        coalesce(is_seldom and frequency_trend < rules.decline_trend, false) as is_frequency_falling,
        coalesce(is_little and amount_trend < rules.decline_trend, false) as is_amount_falling
    from paced
    cross join {{ ref('int_lifecycle_rules') }} as rules

)

select
    customer_id,
    as_of_date,
    is_latest,
    last_purchase_on,
    days_since_last,
    purchase_count,
    purchase_day_count,
    has_own_rhythm,
    usual_gap_days,
    least(slow_after_days, lost_after_days) as dormant_after_days,
    lost_after_days,
    purchase_count > 0 and days_since_last > lost_after_days as is_lost,
    returned_on,
    frequency_trend,
    amount_trend,
    is_frequency_falling,
    is_amount_falling
from limited
