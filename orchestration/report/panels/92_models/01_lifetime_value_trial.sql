select
    quintile::text as fifth,
    predicted_amount::double as predicted_amount,
    case when error_share is not null then predicted_amount * greatest(1 - error_share, 0) end as low_amount,
    predicted_amount * (1 + error_share) as high_amount,
    actual_amount::double as actual_amount,
    is_within_error,
    expected_covered_share,
    covered_share
from marts.ltv_holdout
order by quintile desc
