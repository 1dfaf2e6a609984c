-- How far ahead purchases are foretold, for customers bought from as often and observed as long: in steps of
-- thirty days to the end of the horizon, which are discounted each, and in ninety days; by parameters
-- that are a standard deviation off, to the end of the horizon alone.
--   z      t / (alpha + T + t), in weeks
--   terms  so many of the series int_ltv_series that z^terms is below 1e-12
{%- set horizon = var('ltv_horizon_days') %}
{%- set step = 30 %}

with statistics as (

    select * from {{ ref('int_ltv_statistics') }}

),

parameter_sets as (

    select * from {{ ref('int_ltv_parameter_sets') }}

),

numbers as (

    {{ dbt.generate_series(1200) }}

),

days as (

    select cast(generated_number * {{ step }} as bigint) as days_ahead
    from numbers
    where generated_number * {{ step }} < {{ horizon }}
    union
    select cast({{ horizon }} as bigint)
    union
    select cast(90 as bigint)

),

observed as (

    select distinct
        repeat_days,
        observed_days
    from statistics
    where is_latest

),

placed as (

    select
        parameter_sets.axis,
        parameter_sets.direction,
        observed.repeat_days,
        observed.observed_days,
        days.days_ahead,
        days.days_ahead / (7 * parameter_sets.alpha + observed.observed_days + days.days_ahead) as z
    from observed
    cross join parameter_sets
    inner join days on parameter_sets.axis = 0 or days.days_ahead = {{ horizon }}

),

horizons as (

    select
        *,
        cast(least(ceil(ln(1e-12) / ln(z)), 4096) as bigint) as terms
    from placed

)

select * from horizons
