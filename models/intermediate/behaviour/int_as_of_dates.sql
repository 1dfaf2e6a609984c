-- The days as of which customers are looked at: the first of every month since the first order, and the latest day.
-- That is the variable as_of_date, or the day after the shop's last complete one, or the first one of which a source
-- that matters has not delivered.
with numbers as (

    {{ dbt.generate_series(1200) }}

),

days as (

    select
        min(business_on) as first_on,
        cast(max(business_on) filter (where is_over) + interval '1' day as date) as following_on
    from {{ ref('int_trading_days') }}

),

awaited as (

    select min(awaited_on) as awaited_on
    from {{ ref('int_source_coverage') }}

),

bounds as (

    select
        days.first_on,
        {%- if var('as_of_date') %}
        cast('{{ var("as_of_date") }}' as date) as latest
        {%- else %}
        coalesce(awaited.awaited_on, days.following_on) as latest
        {%- endif %}
    from days
    cross join awaited

),

month_starts as (

    select
        cast(
            date_trunc('month', bounds.first_on) + interval '1' month * numbers.generated_number
            as date
        ) as as_of_date
    from bounds
    cross join numbers

),

as_of_dates as (

    select month_starts.as_of_date
    from month_starts
    inner join bounds on month_starts.as_of_date < bounds.latest
    union all
    select latest
    from bounds
    where first_on is not null

)

select
    as_of_dates.as_of_date,
    as_of_dates.as_of_date = bounds.latest as is_latest
from as_of_dates
cross join bounds
