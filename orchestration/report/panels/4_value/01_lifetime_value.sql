-- The error is that which was stated in the trial, as a share; errors of fifths are added as if they were one, which
-- they mostly are.
with errors as (
    select sum(predicted_amount * error_share) / sum(predicted_amount) as error_share
    from marts.ltv_holdout
)

select
    count(*) as customers,
    sum(ltv_amount)::double as value_amount,
    case when error_share is not null then value_amount * greatest(1 - error_share, 0) end as low_amount,
    value_amount * (1 + error_share) as high_amount,
    bool_or(is_provisional) as is_provisional
from marts.customer_ltv
cross join errors
group by error_share
