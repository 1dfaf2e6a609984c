-- How far ahead purchases are predicted, for customers who bought as often and are observed as long: in steps to the
-- end of the horizon, which are discounted each, and in the ninety days of purchases_90d; by parameters that are a
-- standard deviation off, to the end of the horizon alone.
--   z      t / (alpha + T + t), in weeks
--   terms  so many of the series int_ltv_series that z^terms is below ltv_series_precision
{%- set horizon = whole_number('ltv_horizon_days', 1) %}
{%- set step = whole_number('ltv_step_days', 1) %}

with numbers as (

    {{ dbt.generate_series((horizon + step - 1) // step) }}

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
    from {{ ref('int_latest_ltv_statistics') }}

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
    cross join {{ ref('int_ltv_parameter_sets') }} as parameter_sets
    inner join days on parameter_sets.axis = 0 or days.days_ahead = {{ horizon }}

)

select
    *,
    cast(
        least(ceil(ln({{ fraction('ltv_series_precision') }}) / ln(z)), {{ var('ltv_series_max_terms') }})
        as bigint
    ) as terms
from placed
