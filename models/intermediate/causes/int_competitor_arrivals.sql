-- A competitor arrived in a region when its prices there begin later than those of all competitors anywhere:
-- whoever was there from the first observation on is no news. What is seen on the day of analysis or later is not known yet.
with began as (

    select
        prices.competitor,
        prices.region,
        min(prices.observed_on) as arrived_on
    from {{ accepted('competitor_prices') }} as prices
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and prices.observed_on < latest.as_of_date
    group by prices.competitor, prices.region

),

compared as (

    select
        began.*,
        min(arrived_on) over () as observed_from
    from began

)

select
    competitor,
    region,
    arrived_on
from compared
where arrived_on > observed_from + {{ var('cause_days') }}
