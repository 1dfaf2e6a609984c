-- By how many per cent sales of a product fall when its price alone rises by one, in each category. Where prices hardly move nothing is
-- told: what a change would do can't be read off the lack of any.
with categories as (

    select
        category,
        count(distinct product_id) as product_count,
        count(distinct week_on) as week_count,
        cast(sum(quantity) as decimal(18,3)) as quantity
    from {{ ref('int_price_weeks') }}
    group by category

),

parameters as (

    select
        feature as category,
        max(version) as parameters_version,
        max(value) filter (where parameter like 'elasticity%') as elasticity,
        max(standard_error) filter (where parameter like 'elasticity%') as standard_error,
        max(value) filter (where parameter like 'price spread%') as price_spread,
        max(value) filter (where parameter like 'products%') as moved_product_count
    from {{ ref('int_current_parameters') }}
    where model = 'prices'
        and feature is not null
    group by feature

),

versions as (

    select max(version) as parameters_version
    from {{ ref('int_current_parameters') }}
    where model = 'prices'

),

told as (

    select
        categories.*,
        versions.parameters_version,
        parameters.elasticity,
        parameters.price_spread,
        cast(coalesce(parameters.moved_product_count, 0) as bigint) as moved_product_count,
        parameters.elasticity - {{ var('interval_standard_deviations') }} * parameters.standard_error as low,
        parameters.elasticity + {{ var('interval_standard_deviations') }} * parameters.standard_error as high,
        coalesce(parameters.price_spread, 0) >= {{ var('elasticity_min_price_spread') }} as has_moved
    from categories
    cross join versions
    left join parameters on categories.category = parameters.category

)

select
    told.category,
    latest.as_of_date,

    case
        when told.parameters_version is null then 'not_fitted'
        when not told.has_moved then 'prices_hardly_move'
        when told.high < -1 then 'elastic'
        when told.low > -1 then 'inelastic'
        else 'unclear'
    end as price_response,

    case when told.has_moved then told.elasticity end as elasticity,
    case when told.has_moved then told.low end as elasticity_low,
    case when told.has_moved then told.high end as elasticity_high,

    told.price_spread,
    told.moved_product_count,
    told.product_count,
    told.week_count,
    told.quantity,
    told.parameters_version
from told
cross join {{ ref('int_as_of_dates') }} as latest
where latest.is_latest
