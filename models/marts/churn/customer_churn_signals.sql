select
    signals.customer_id,
    signals.signal,

    as_of_dates.as_of_date,
    signals.reason_en,
    signals.reason_zh,

    signals.signal_value,
    signals.threshold,

    signals.is_fired
from {{ ref('int_churn_signals') }} as signals
cross join {{ ref('int_as_of_dates') }} as as_of_dates
where as_of_dates.is_latest
