select
    as_of_date,
    decile,

    customer_count,
    predicted_transactions,
    actual_transactions,
    {{ round_half_up('predicted_amount', 2) }} as predicted_amount,
    actual_amount
from {{ source('parameters', 'ltv_holdout') }}
