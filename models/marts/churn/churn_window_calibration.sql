-- How many customers would be lost today if the window were the threshold. Of the chosen window it is the number of those
-- whose state is lost: who is silent for longer, but no longer than usual for them, is not lost by either.
with silent as (

    select
        trends.days_since_last,
        count(*) as customer_count,
        count(*) filter (
            where not trends.has_own_rhythm
                or trends.days_since_last > rules.lost_gap_ratio * trends.usual_gap_days
        ) as unusual_count
    from {{ ref('int_customer_trends') }} as trends
    cross join {{ ref('int_lifecycle_rules') }} as rules
    where trends.is_latest
        and trends.purchase_count > 0
    group by trends.days_since_last

),

lost as (

    select
        thresholds.threshold_days,
        coalesce(
            sum(silent.unusual_count) filter (where silent.days_since_last > thresholds.threshold_days), 0
        ) as lost_customer_count,
        sum(silent.customer_count) as customer_count
    from {{ ref('int_inactivity_thresholds') }} as thresholds
    cross join silent
    group by thresholds.threshold_days

)

select
    thresholds.threshold_days,

    as_of_dates.as_of_date,
    thresholds.chosen_by,

    cast(lost.lost_customer_count as bigint) as lost_customer_count,
    cast(lost.lost_customer_count as double) / lost.customer_count as lost_share,
    thresholds.inactivity_gaps as inactivity_gap_count,
    thresholds.reactivations as reactivation_count,
    thresholds.reactivation_rate,
    cast({{ var('reactivation_rate_max') }} as double) as reactivation_rate_max,

    thresholds.chosen_by is not null as is_chosen
from {{ ref('int_inactivity_thresholds') }} as thresholds
inner join {{ ref('int_as_of_dates') }} as as_of_dates on as_of_dates.is_latest
inner join lost on thresholds.threshold_days = lost.threshold_days
