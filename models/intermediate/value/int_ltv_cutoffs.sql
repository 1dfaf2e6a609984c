-- The days as of which lifetime value is told: the latest, and an earlier one, from which the forecast
-- is set against what came: as many days back as the variable says, half of the data at most.
with as_of_dates as (

    select * from {{ ref('int_as_of_dates') }}

),

purchases as (

    select * from {{ ref('int_purchases_as_of') }}

),

span as (

    select
        as_of_dates.as_of_date as latest,
        {{ days_between('min(purchases.ordered_on)', 'as_of_dates.as_of_date') }} as day_count
    from as_of_dates
    inner join purchases on as_of_dates.as_of_date = purchases.as_of_date
    where as_of_dates.is_latest
    group by as_of_dates.as_of_date

),

cutoffs as (

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

)

select * from cutoffs
