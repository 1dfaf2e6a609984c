-- What is on offer in a week, and what it sells then against a week without: the price cut, as a logarithm, times how demand in
-- its category answers to one. That is fitted; where a category has had too few offers for one of its own it is as in the whole
-- shop. Where offers meet the deepest holds. What is cut in single stores only, or was announced later, is left.
with offered as (

    select
        promotions.product_id,
        days.week_on,
        days.calendar_day,
        max({{ offer_depth('promotions.depth_share') }}) as depth_share,
        max(coalesce(promotions.announced_on, promotions.starts_on)) as known_on
    from {{ accepted('promotions') }} as promotions
    inner join {{ ref('int_trade_days') }} as days
        on days.calendar_day between promotions.starts_on and promotions.ends_on
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and coalesce(promotions.announced_on < latest.as_of_date, true)
    where promotions.store_id is null
        and promotions.depth_share > 0
    group by promotions.product_id, days.week_on, days.calendar_day

),

cuts as (

    select
        product_id,
        week_on,
        cast(cast(sum(cast(-ln(1 - depth_share) as decimal(28,12))) as double) / 7 as decimal(18,6)) as price_cut,
        max(known_on) as known_on
    from offered
    group by product_id, week_on

),

slopes as (

    select
        parameter,
        value
    from {{ ref('int_current_parameters') }}
    where model = 'demand'
        and feature = 'offer'

)

select
    cuts.product_id,
    cuts.week_on,
    cuts.known_on,
    cast(cuts.price_cut as double) as price_cut,
    cast(cast(exp(coalesce(of_category.value, of_shop.value) * cast(cuts.price_cut as double)) as decimal(18,6)) as double)
        as offer_factor
from cuts
left join {{ accepted('products') }} as products on cuts.product_id = products.product_id
left join slopes as of_category on 'offer/' || coalesce(products.category, 'none') = of_category.parameter
inner join slopes as of_shop on of_shop.parameter = 'offer'
