-- A trial that an earlier release left has tenths without a name, and another column for them: it says nothing until the next fit.
select
    model,
    cutoff_on,
    grouping,
    customer_group,

    customer_count,
    predicted_share,
    churned_share,
    z_score
from {{ source('parameters', 'churn_calibration') }}
where grouping is not null
