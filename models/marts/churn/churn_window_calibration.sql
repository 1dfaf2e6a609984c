select
    cast(thresholds.threshold_days as bigint) as threshold_days,

    as_of_dates.as_of_date,
    thresholds.chosen_by,

    cast(thresholds.lost_customers as bigint) as lost_customer_count,
    thresholds.lost_share,
    cast(thresholds.inactivity_gaps as bigint) as inactivity_gap_count,
    cast(thresholds.reactivations as bigint) as reactivation_count,
    thresholds.reactivation_rate,
    cast({{ var('reactivation_rate_max') }} as double) as reactivation_rate_max,

    thresholds.chosen_by is not null as is_chosen
from {{ ref('int_inactivity_thresholds') }} as thresholds
cross join {{ ref('int_as_of_dates') }} as as_of_dates
where as_of_dates.is_latest
