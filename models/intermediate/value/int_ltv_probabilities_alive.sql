-- The probability that customers with the same history are alive, by BG/NBD:
--   1 / (1 + a/(b+x-1) × ((alpha+T) / (alpha+t_x))^(r+x)), 1 where x = 0
with histories as (

    select distinct
        repeat_days,
        active_days,
        observed_days
    from {{ ref('int_latest_ltv_statistics') }}

)

select
    parameter_sets.axis,
    parameter_sets.direction,
    parameter_sets.version,
    histories.repeat_days,
    histories.active_days,
    histories.observed_days,
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
    end as probability_alive
from histories
cross join {{ ref('int_ltv_parameter_sets') }} as parameter_sets
