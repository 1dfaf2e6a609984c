-- A trial that an earlier release left has tenths, and no fifths: it says nothing until the next fit.
select
    as_of_date,
    holdout_days,
    quintile,

    customer_count,
    predicted_transactions,
    actual_transactions,
    {{ round_half_up('predicted_amount', 2) }} as predicted_amount,
    {{ round_half_up('predicted_amount_standard_error', 2) }} as predicted_amount_standard_error,
    {{ var('interval_standard_deviations') }} * predicted_amount_standard_error / nullif(predicted_amount, 0)
        as error_share,
    actual_amount,
    abs(cast(actual_amount as double) - predicted_amount)
        <= {{ var('interval_standard_deviations') }} * predicted_amount_standard_error as is_within_error,
    zero_spend_share,
    expected_covered_share,
    covered_share
from {{ source('parameters', 'ltv_holdout') }}
where quintile is not null
