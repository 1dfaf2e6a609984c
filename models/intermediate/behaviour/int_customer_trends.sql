-- Activity and rhythm side by side, with what follows from the rules: when the inactivity makes a
-- customer dormant or lost, and how the last period compares with the one before it. Of a period in
-- which more was given back than spent, nothing was spent.
select
    activity.*,
    rhythm.has_own_rhythm,
    rhythm.usual_gap_days,
    rhythm.last_gap_days,
    greatest(
        cast(rules.dormant_floor_days as double),
        rules.dormant_gap_ratio * rhythm.usual_gap_days
    ) as dormant_after_days,
    greatest(
        cast(rules.lost_floor_days as double),
        rules.lost_gap_ratio * rhythm.usual_gap_days
    ) as lost_after_days,
    case
        when activity.earlier_purchase_count >= rules.trend_min_purchases
            then cast(activity.recent_purchase_count as double)
                / activity.earlier_purchase_count - 1
    end as frequency_trend,
    case
        when activity.earlier_purchase_count >= rules.trend_min_purchases
            then cast(greatest(activity.recent_amount, 0) as double)
                / nullif(cast(greatest(activity.earlier_amount, 0) as double), 0) - 1
    end as amount_trend
from {{ ref('int_customer_activity') }} as activity
inner join {{ ref('int_customer_rhythm') }} as rhythm
    on activity.customer_id = rhythm.customer_id
    and activity.as_of_date = rhythm.as_of_date
cross join {{ ref('int_lifecycle_rules') }} as rules
