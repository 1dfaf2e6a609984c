-- The days on which a product is on offer in all stores, and those after it on which people still have what they bought
-- ahead: promotion_after_days, unless the product is on offer again. Of two offers at once the deeper counts. What holds in
-- one store alone is no offer here, nor what was announced later than is known. Offers without end are followed for ten years,
-- and up to the last week that is forecast.
{%- set horizon = 7 * whole_number('demand_horizon_weeks', 1) %}

with offers as (

    select
        promotions.product_id,
        promotions.starts_on,
        {{ days_between('promotions.starts_on', 'promotions.ends_on') }} + 1 as offer_days,
        {{ days_between('promotions.starts_on', 'promotions.ends_on') }} + 1 + {{ whole_number('promotion_after_days', 0) }}
            as all_days,
        {{ offer_depth('promotions.depth_share') }} as depth_share,
        coalesce(promotions.announced_on, promotions.starts_on) as known_on,
        latest.as_of_date
    from {{ accepted('promotions') }} as promotions
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and coalesce(promotions.announced_on < latest.as_of_date, true)
    where promotions.store_id is null
        and promotions.depth_share > 0
        and promotions.ends_on >= promotions.starts_on

),

-- Weeks first, then their days: so each offer meets some hundreds of numbers, and not some thousands.
weeks as (

    {{ dbt.generate_series(523) }}

),

week_days as (

    {{ dbt.generate_series(7) }}

),

numbered as (

    select
        offers.*,
        7 * (weeks.generated_number - 1) + week_days.generated_number as day_number,
        cast(
            offers.starts_on + interval '1' day * (7 * (weeks.generated_number - 1) + week_days.generated_number - 1) as date
        ) as offered_on
    from offers
    inner join weeks on 7 * (weeks.generated_number - 1) < offers.all_days
    inner join week_days on 7 * (weeks.generated_number - 1) + week_days.generated_number <= offers.all_days

),

days as (

    select
        product_id,
        offered_on,
        max(case when day_number <= offer_days then depth_share else 0e0 end) as depth_share,
        max(case when day_number > offer_days then depth_share else 0e0 end) as depth_before_share,
        max(case when day_number <= offer_days then known_on end) as known_on
    from numbered
    where offered_on < cast(as_of_date + interval '{{ horizon }}' day as date)
    group by product_id, offered_on

)

select
    product_id,
    offered_on,
    known_on,
    depth_share,
    case when depth_share > 0 then 0e0 else depth_before_share end as depth_before_share
from days
