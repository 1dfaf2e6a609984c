-- A competitor arrived in a region when its prices there begin later than those of all competitors anywhere:
-- whoever was there from the first observation on is no news.
with began as (

    select
        competitor,
        region,
        min(observed_on) as arrived_on
    from {{ accepted('competitor_prices') }}
    group by competitor, region

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
