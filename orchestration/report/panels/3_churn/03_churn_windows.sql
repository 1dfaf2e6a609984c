select
    window_days,
    lost_share,
    return_rate as return_share,
    silence_count,
    is_chosen,
    return_rate_max
from marts.churn_window_calibration
order by window_days
