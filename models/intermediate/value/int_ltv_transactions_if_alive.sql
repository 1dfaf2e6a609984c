-- How many purchase days lie ahead of a customer who is alive, by BG/NBD: the published formula
-- without its denominator, which is the probability of that. It depends on how often and how long the
-- customer has been seen, and is worked out once for all who share both.
--   c (1 - (1-z)^(a-1)) / (a-1) - (1-z)^(a-1) × the series;  at a = 1 the first part is -c ln(1-z)
-- From the last term on, each is less than `ratio` times the one before it: so much is left out at most.
with terms as (

    select
        horizons.*,
        series.term,
        series.coefficient * pow(horizons.z, series.term) as value
    from {{ ref('int_ltv_horizons') }} as horizons
    inner join {{ ref('int_ltv_series') }} as series
        on horizons.axis = series.axis
        and horizons.direction = series.direction
        and horizons.repeat_days = series.repeat_days
        and horizons.terms >= series.term

),

summed as (

    select
        axis,
        direction,
        repeat_days,
        observed_days,
        days_ahead,
        z,
        terms,
        cast(sum(cast(value as decimal(38,18))) as double) as series_value,
        max(abs(value)) filter (where term = terms) as last_term
    from terms
    group by axis, direction, repeat_days, observed_days, days_ahead, z, terms

),

bounded as (

    select
        summed.*,
        parameter_sets.a,
        parameter_sets.a + parameter_sets.b + summed.repeat_days - 1 as c,
        pow(1 - summed.z, parameter_sets.a - 1) as scale,
        summed.z * greatest(1, (parameter_sets.a + summed.terms - 1) / (summed.terms + 1)) as ratio
    from summed
    inner join {{ ref('int_ltv_parameter_sets') }} as parameter_sets
        on summed.axis = parameter_sets.axis
        and summed.direction = parameter_sets.direction

)

select
    axis,
    direction,
    repeat_days,
    observed_days,
    days_ahead,
    case when a = 1 then -c * ln(1 - z) else c * (1 - scale) / (a - 1) end
        - scale * series_value as transactions_if_alive,
    scale * last_term * ratio / (1 - ratio) as truncation_error
from bounded
