-- What is on offer in a week, and what it sells then against a week without: the price cut, as a logarithm, times how demand in
-- its category answers to one. That is fitted; where a category has had too few offers for one of its own it is as in the whole
-- shop. What is on offer on a day is told by int_offer_days, for the past and for what is forecast alike.
with cuts as (

    select
        offers.product_id,
        days.week_on,
        cast(cast(sum(cast(-ln(1 - offers.depth_share) as decimal(28,12))) as double) / 7 as decimal(18,6)) as price_cut,
        max(offers.known_on) as known_on
    from {{ ref('int_offer_days') }} as offers
    inner join {{ ref('int_trade_days') }} as days on offers.offered_on = days.calendar_day
    where offers.depth_share > 0
    group by offers.product_id, days.week_on

),

slopes as (

    select parameter, value
    from {{ ref('int_current_parameters') }}
    where model = 'demand' and feature = 'offer'

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
