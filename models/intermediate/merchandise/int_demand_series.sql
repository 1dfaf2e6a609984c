-- How much of each series is asked for in a week without a festival: the weighted mean of its rates, shared downwards from
-- the category to its products and from these to their stores, in proportion to what each would expect by itself.
-- So levels add up, and the large, which is known best, is as forecast. A millionth of the mean of all weeks is left to each,
-- so that there is somebody to share with where none sold of late.
{%- set rates = ['mean_4', 'mean_13', 'decay_0', 'decay_02', 'decay_05', 'decay_10', 'decay_20', 'decay_30'] %}

with weights as (

    select
        feature,
        max(version) as parameters_version,
        {%- for name in rates %}
        coalesce(max(value) filter (where parameter = feature || '/{{ name }}'), 0) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_current_parameters') }}
    where model = 'demand'
        and knot is null
    group by feature

),

weighed as (

    select
        rates.demand_level,
        rates.category,
        rates.product_id,
        rates.store_id,
        rates.series_kind,
        weights.parameters_version,
        {%- for name in rates %}
        rates.{{ name }} * weights.{{ name }} +
        {%- endfor %} rates.decay_0 * 1e-6 as own_quantity
    from {{ ref('int_demand_rates') }} as rates
    inner join weights on rates.demand_level || '/' || rates.series_kind = weights.feature

),

related as (

    select
        weighed.*,
        max(case when demand_level = 'category' then own_quantity end) over of_category as category_quantity,
        max(case when demand_level = 'product' then own_quantity end) over of_product as product_quantity,
        cast(sum(case when demand_level = 'product' then cast(own_quantity as decimal(28,12)) end) over of_category as double)
            as products_quantity,
        cast(sum(case when demand_level = 'product_store' then cast(own_quantity as decimal(28,12)) end) over of_product as double)
            as stores_quantity
    from weighed
    window of_category as (partition by category), of_product as (partition by category, product_id)

)

select
    demand_level,
    category,
    product_id,
    store_id,
    series_kind,
    parameters_version,
    case demand_level
        when 'category' then own_quantity
        when 'product' then category_quantity * coalesce(own_quantity / nullif(products_quantity, 0), 0)
        else category_quantity * coalesce(product_quantity / nullif(products_quantity, 0), 0)
            * coalesce(own_quantity / nullif(stores_quantity, 0), 0)
    end as weekly_quantity
from related
