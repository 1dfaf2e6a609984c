-- The days on which a product is on offer in all stores, and those after it on which people still have what they bought
-- ahead: promotion_after_days, unless the product is on offer again. Of two offers at once the deeper counts. What holds in
-- one store alone is no offer here.
with offers as (

    select
        product_id,
        starts_on,
        {{ days_between('starts_on', 'ends_on') }} + 1 as offer_days,
        {{ offer_depth('depth_share') }} as depth_share
    from {{ accepted('promotions') }}
    where store_id is null
        and depth_share > 0
        and ends_on >= starts_on

),

numbers as (

    {{ dbt.generate_series(400) }}

),

days as (

    select
        offers.product_id,
        cast(offers.starts_on + interval '1' day * (numbers.generated_number - 1) as date) as offered_on,
        max(case when numbers.generated_number <= offers.offer_days then offers.depth_share else 0e0 end) as depth_share,
        max(case when numbers.generated_number > offers.offer_days then offers.depth_share else 0e0 end)
            as depth_before_share
    from offers
    inner join numbers
        on numbers.generated_number <= offers.offer_days + {{ whole_number('promotion_after_days', 0) }}
    group by
        offers.product_id,
        cast(offers.starts_on + interval '1' day * (numbers.generated_number - 1) as date)

)

select
    product_id,
    offered_on,
    depth_share,
    case when depth_share > 0 then 0e0 else depth_before_share end as depth_before_share
from days
