-- The days as of which lifetime value is told: the latest, and an earlier one, from which the forecast
-- is set against what came: as many days back as the variable says, half of the data at most.
with span as (

    select
        as_of_date as latest,
        {{ days_between('min(transacted_on)', 'as_of_date') }} as day_count
    from {{ ref('int_latest_transactions') }}
    where is_purchase
    group by as_of_date

)

select
    latest as as_of_date,
    true as is_latest
from span
union all
select
    cast(
        latest
        - interval '1' day * cast(least({{ var('ltv_holdout_days') }}, floor(day_count / 2)) as bigint)
        as date
    ),
    false
from span
where day_count >= 2
