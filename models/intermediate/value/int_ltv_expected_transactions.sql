-- The purchase days ahead of customers with the same history: the probability that they are alive times
-- those of one who is. Standard error of the logarithm: what half the difference between a standard deviation
-- up and down makes on each axis, the squares added.
with expected as (

    select
        probability_alive.*,
        probability_alive.probability_alive * discounted.purchases_90d as purchases_90d,
        probability_alive.probability_alive * discounted.purchases as purchases,
        probability_alive.probability_alive * discounted.discounted_transactions as discounted_transactions
    from {{ ref('int_ltv_probabilities_alive') }} as probability_alive
    inner join {{ ref('int_ltv_discounted_transactions') }} as discounted
        on probability_alive.axis = discounted.axis
        and probability_alive.direction = discounted.direction
        and probability_alive.repeat_days = discounted.repeat_days
        and probability_alive.observed_days = discounted.observed_days

),

uncertainty as (

    select
        up.repeat_days,
        up.active_days,
        up.observed_days,
        sqrt(cast(sum(cast(pow(ln(up.purchases / down.purchases) / 2, 2) as decimal(38,18))) as double))
            as log_standard_error
    from expected as up
    inner join expected as down
        on up.repeat_days = down.repeat_days
        and up.active_days = down.active_days
        and up.observed_days = down.observed_days
        and up.axis = down.axis
    where up.direction = 1
        and down.direction = -1
    group by up.repeat_days, up.active_days, up.observed_days

)

select
    expected.repeat_days,
    expected.active_days,
    expected.observed_days,
    expected.version,
    expected.probability_alive,
    expected.purchases_90d,
    expected.purchases,
    expected.discounted_transactions,
    uncertainty.log_standard_error
from expected
left join uncertainty
    on expected.repeat_days = uncertainty.repeat_days
    and expected.active_days = uncertainty.active_days
    and expected.observed_days = uncertainty.observed_days
where expected.axis = 0
