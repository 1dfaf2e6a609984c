-- The parameters of the purchase model as they were estimated (axis 0), and a standard deviation up
-- and down each axis of their uncertainty: the columns of the Cholesky factor of the covariance of
-- their logarithms. Parameters that ship with the project have no such axes.
-- MBG/NBD lets customers leave after the first purchase too; in every formula of BG/NBD it has one more
-- in place of b, and no exception for those who never came back.
with chosen as (

    select * from {{ ref('int_current_parameters') }} as parameters
    where model = '{{ var("ltv_purchase_model") }}'

),

estimates as (

    select * from chosen
    where knot is null

),

steps as (

    select * from chosen
    where knot is not null

),

axes as (

    select
        cast(0 as bigint) as axis,
        cast(0 as bigint) as direction
    union all
    select distinct cast(knot as bigint), cast(1 as bigint)
    from steps
    union all
    select distinct cast(knot as bigint), cast(-1 as bigint)
    from steps

),

displaced as (

    select
        axes.axis,
        axes.direction,
        estimates.model,
        estimates.version,
        estimates.parameter,
        estimates.value * exp(axes.direction * coalesce(steps.value, 0)) as value
    from estimates
    cross join axes
    left join steps
        on estimates.parameter = steps.feature
        and axes.axis = cast(steps.knot as bigint)

)

select
    axis,
    direction,
    version,
    model = 'mbg_nbd' as leaves_after_first,
    max(value) filter (where parameter = 'r') as r,
    max(value) filter (where parameter = 'alpha') as alpha,
    max(value) filter (where parameter = 'a') as a,
    max(value) filter (where parameter = 'b') + case when model = 'mbg_nbd' then 1 else 0 end as b
from displaced
group by axis, direction, version, model
