-- The days as of which lifetime value is told: the latest; one before it, from which the forecast is set against what
-- came, as many days back as the variable says, half of the data at most; and one half as many days before that, from
-- which the second has its range. So the trial asks of a range what the year asks: to hold twice as far ahead as what
-- it was learnt from. What comes after a day is counted to the next of them, as it was known then.
with span as (

    select
        latest.as_of_date as latest,
        least(
            {{ whole_number('ltv_holdout_days', 1) }},
            cast(floor({{ days_between('min(purchases.transacted_on)', 'latest.as_of_date') }} / 2) as bigint)
        ) as trial_days
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where purchases.is_purchase
    group by latest.as_of_date

),

cutoffs as (

    select latest as as_of_date from span
    union all
    select cast(latest - interval '1' day * trial_days as date) from span where trial_days >= 1
    union all
    select cast(latest - interval '1' day * (trial_days + cast(floor(trial_days / 2) as bigint)) as date) from span where trial_days >= 2

)

select
    as_of_date,
    lead(as_of_date) over (order by as_of_date nulls last) as held_out_until,
    lead(as_of_date) over (order by as_of_date nulls last) is null as is_latest
from cutoffs
