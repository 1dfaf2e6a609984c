-- The purchase days ahead of customers with the same history, by BG/NBD:
--   probability of still buying  1 / (1 + a/(b+x-1) × ((alpha+T) / (alpha+t_x))^(r+x)), 1 where x = 0
--   purchase days ahead          that probability × those of a customer who is still buying
-- Discounted: each step of the horizon at its middle. Standard error of the logarithm: what half the
-- difference between a standard deviation up and down makes on each axis, the squares added.
{%- set horizon = var('ltv_horizon_days') %}

with statistics as (

    select * from {{ ref('int_ltv_statistics') }}

),

parameter_sets as (

    select * from {{ ref('int_ltv_parameter_sets') }}

),

purchases_ahead as (

    select * from {{ ref('int_ltv_purchases_ahead') }}

),

histories as (

    select distinct
        repeat_days,
        active_days,
        observed_days
    from statistics
    where is_latest

),

steps as (

    select
        *,
        coalesce(lag(days_ahead) over steps_before, 0) as start_days,
        purchases_if_buying - coalesce(lag(purchases_if_buying) over steps_before, 0) as step_purchases
    from purchases_ahead
    window steps_before as (
        partition by axis, direction, repeat_days, observed_days order by days_ahead nulls last
    )

),

if_buying as (

    select
        axis,
        direction,
        repeat_days,
        observed_days,
        max(purchases_if_buying) filter (where days_ahead = 90) as purchases_90d,
        max(purchases_if_buying) filter (where days_ahead = {{ horizon }}) as purchases,
        sum(
            cast(
                step_purchases
                / pow(1 + {{ var('ltv_discount_rate') }}, (start_days + days_ahead) / (2 * 365e0))
                as decimal(38,18)
            )
        ) filter (where days_ahead <= {{ horizon }}) as discounted_purchases
    from steps
    group by axis, direction, repeat_days, observed_days

),

expected as (

    select
        histories.*,
        parameter_sets.axis,
        parameter_sets.direction,
        parameter_sets.version,
        if_buying.purchases_90d,
        if_buying.purchases,
        cast(if_buying.discounted_purchases as double) as discounted_purchases,
        case
            when histories.repeat_days = 0 and not parameter_sets.leaves_after_first then 1
            else 1 / (
                1 + parameter_sets.a / (parameter_sets.b + histories.repeat_days - 1)
                * pow(
                    (7 * parameter_sets.alpha + histories.observed_days)
                    / (7 * parameter_sets.alpha + histories.active_days),
                    parameter_sets.r + histories.repeat_days
                )
            )
        end as still_buying
    from histories
    inner join if_buying
        on histories.repeat_days = if_buying.repeat_days
        and histories.observed_days = if_buying.observed_days
    inner join parameter_sets
        on if_buying.axis = parameter_sets.axis
        and if_buying.direction = parameter_sets.direction

),

uncertainty as (

    select
        up.repeat_days,
        up.active_days,
        up.observed_days,
        sqrt(cast(sum(cast(
            pow(ln((up.still_buying * up.purchases) / (down.still_buying * down.purchases)) / 2, 2)
            as decimal(38,18)
        )) as double)) as log_standard_error
    from expected as up
    inner join expected as down
        on up.repeat_days = down.repeat_days
        and up.active_days = down.active_days
        and up.observed_days = down.observed_days
        and up.axis = down.axis
    where up.direction = 1
        and down.direction = -1
    group by up.repeat_days, up.active_days, up.observed_days

),

purchases as (

    select
        expected.repeat_days,
        expected.active_days,
        expected.observed_days,
        expected.version,
        expected.still_buying,
        expected.still_buying * expected.purchases_90d as purchases_90d,
        expected.still_buying * expected.purchases as purchases,
        expected.still_buying * expected.discounted_purchases as discounted_purchases,
        uncertainty.log_standard_error
    from expected
    left join uncertainty
        on expected.repeat_days = uncertainty.repeat_days
        and expected.active_days = uncertainty.active_days
        and expected.observed_days = uncertainty.observed_days
    where expected.axis = 0

)

select * from purchases
