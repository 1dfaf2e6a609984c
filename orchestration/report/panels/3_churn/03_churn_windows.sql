select
    threshold_days,
    lost_share,
    reactivation_rate as return_share,
    inactivity_gap_count,
    is_chosen,
    reactivation_rate_max
from marts.churn_window_calibration
order by threshold_days
