-- What: the forecasts whose series leaves out more than a billionth of a purchase day.
-- Why: the series ends after so many terms that it should not; where customers buy within minutes, or
-- parameters are of no shop, it would take more.
-- Returns the forecasts that leave out more, or none. Look at the fitted parameters, or take the defaults.
select
    axis,
    direction,
    repeat_days,
    observed_days,
    days_ahead,
    truncation_error
from {{ ref('int_ltv_purchases_ahead') }}
where not coalesce(truncation_error < 1e-9, false)
