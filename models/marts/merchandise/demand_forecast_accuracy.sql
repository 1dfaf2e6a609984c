-- How the forecasts of earlier weeks fared, from the sums of the trials. What is wrong is weighed by its price, since a kilogram
-- and a bottle do not add up; squares are parts of what a series moves by from week to week, which of what is new is not known.
with sums as (

    select
        *,
        case when series_kind = 'new' then 0 else series_count end as scaled_count,
        case when series_kind = 'new' then 0 else scaled_squared_error end as known_squared_error
    from {{ source('parameters', 'demand_backtest') }}

),

tried as (

    select
        demand_level,
        coalesce(series_kind, 'all') as series_kind,
        method,
        horizon_weeks,
        count(distinct origin_on) as trial_count,
        cast(sum(series_count) as bigint) as series_count,
        cast(sum(cast(actual_amount as decimal(28,12))) as double) as actual_amount,
        cast(sum(cast(absolute_error_amount as decimal(28,12))) as double) as absolute_error_amount,
        cast(sum(cast(error_amount as decimal(28,12))) as double) as error_amount,
        cast(sum(scaled_count) as bigint) as scaled_count,
        cast(sum(cast(known_squared_error as decimal(28,12))) as double) as scaled_squared_error,
        sum(covered_count) as covered_count,
        sum(whole_covered_count) as whole_covered_count
    from sums
    group by grouping sets (
        (demand_level, method, horizon_weeks),
        (demand_level, series_kind, method, horizon_weeks)
    )

)

select
    demand_level,
    series_kind,
    method,
    horizon_weeks,

    trial_count,
    series_count,
    {{ round_half_up('actual_amount', 2) }} as actual_amount,
    absolute_error_amount / nullif(actual_amount, 0) as wape,
    error_amount / nullif(actual_amount, 0) as bias_share,
    sqrt(scaled_squared_error / nullif(scaled_count, 0)) as rmsse,
    covered_count / cast(series_count as double) as covered_share,
    whole_covered_count / cast(series_count as double) as whole_covered_share
from tried
