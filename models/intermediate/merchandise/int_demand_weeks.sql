-- Demand by week at three levels that add up: categories, their products, and stores of these. A product that sold in
-- too few weeks of the last year has no series of its own: it is among the others (…) of its category, as a store is among
-- the others of the product. So nothing is lost, and nothing is forecast of what hardly ever sells. What is usual is what would
-- have been sold with full shelves and without offers; those of the others are not told apart, in the past as in the weeks ahead.
with latest as (

    select max(week_on) as last_on
    from {{ ref('int_week_factors') }}
    where not is_ahead

),

stores as (

    select
        weeks.product_id,
        weeks.store_id
    from {{ ref('int_product_weeks') }} as weeks
    inner join latest
        on weeks.week_on > cast(latest.last_on - interval '364' day as date)
    where weeks.sold_quantity > 0
    group by weeks.product_id, weeks.store_id
    having count(*) >= {{ var('demand_min_weeks') }}

),

products as (

    select
        weeks.product_id
    from {{ ref('int_product_weeks') }} as weeks
    inner join latest
        on weeks.week_on > cast(latest.last_on - interval '364' day as date)
    where weeks.sold_quantity > 0
    group by weeks.product_id
    having count(distinct weeks.week_on) >= {{ var('demand_min_weeks') }}

),

placed as (

    select
        weeks.category,
        coalesce(products.product_id, '…') as product_id,
        case when products.product_id is not null then coalesce(stores.store_id, '…') end as store_id,
        weeks.week_on,
        weeks.sold_quantity,
        (weeks.sold_quantity + weeks.lost_quantity)
            / case when products.product_id is not null then coalesce(offers.offer_factor, 1e0) else 1e0 end as usual_quantity
    from {{ ref('int_product_weeks') }} as weeks
    left join products on weeks.product_id = products.product_id
    left join {{ ref('int_offer_weeks') }} as offers
        on weeks.product_id = offers.product_id
        and weeks.week_on = offers.week_on
    left join stores
        on weeks.product_id = stores.product_id
        and weeks.store_id = stores.store_id

),

summed as (

    select
        category,
        product_id,
        store_id,
        week_on,
        cast(sum(sold_quantity) as decimal(18,3)) as sold_quantity,
        cast(sum(cast(usual_quantity as decimal(28,12))) as decimal(28,12)) as usual_quantity
    from placed
    group by category, product_id, store_id, week_on

)

select 'product_store' as demand_level, *
from summed
where store_id is not null
union all
select
    case when grouping(product_id) = 1 then 'category' else 'product' end,
    category,
    coalesce(product_id, ''),
    '',
    week_on,
    cast(sum(sold_quantity) as decimal(18,3)),
    cast(sum(usual_quantity) as decimal(28,12))
from summed
group by grouping sets ((category, week_on), (category, product_id, week_on))
