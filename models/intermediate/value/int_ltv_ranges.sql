-- What four of five customers will spend, as multiples of what is expected of them, by the purchase days expected:
-- of few, most will spend nothing and some many times as much; of many, nobody is far off. The multiples at the knots
-- are those found on the hold-out; straight lines lie between them, and the outermost go on.
-- A range of `days` is carried to the end of the horizon by reading it at the purchase days expected by then, since the
-- chance of few evens out. Where it doesn't begin at 0, purchases are many, and much of the spread is of people who change,
-- which doesn't even out: there the reading of the first `days` has a say, if it is wider. The lower end is then of that,
-- and the upper one midway.
with knots as (

    select
        knot,
        max(value) filter (where feature = 'low') as low,
        max(value) filter (where feature = 'high') as high
    from {{ ref('int_current_parameters') }}
    where model = 'ltv_range'
        and feature is not null
    group by knot

),

segments as (

    select
        knot,
        low,
        high,
        coalesce(lead(low) over by_knot, low) - low as low_rise,
        coalesce(lead(high) over by_knot, high) - high as high_rise,
        lead(knot) over by_knot as next_knot,
        min(knot) over () as first_knot
    from knots
    window by_knot as (order by knot nulls last)

),

days as (

    select
        version,
        value
    from {{ ref('int_current_parameters') }}
    where model = 'ltv_range'
        and parameter = 'days'

),

readings as (

    select
        expected.repeat_days,
        expected.active_days,
        expected.observed_days,
        days.version,
        false as is_early,
        expected.purchases
    from {{ ref('int_ltv_expected_transactions') }} as expected
    cross join days
    union all
    select
        expected.repeat_days,
        expected.active_days,
        expected.observed_days,
        days.version,
        true,
        expected.purchases * days.value / {{ var('ltv_horizon_days') }}
    from {{ ref('int_ltv_expected_transactions') }} as expected
    cross join days

),

placed as (

    select
        readings.*,
        segments.low,
        segments.high,
        segments.low_rise,
        segments.high_rise,
        coalesce(
            (greatest(readings.purchases, segments.knot) - segments.knot) / (segments.next_knot - segments.knot), 0
        ) as way
    from readings
    inner join segments
        on (readings.purchases >= segments.knot or segments.knot = segments.first_knot)
        and (readings.purchases < segments.next_knot or segments.next_knot is null)

),

ends as (

    select
        repeat_days,
        active_days,
        observed_days,
        version
        {%- for reading, condition in [('', 'not is_early'), ('early_', 'is_early')] %},
        max(low + low_rise * way) filter (where {{ condition }}) as {{ reading }}low,
        max(high + high_rise * way) filter (where {{ condition }}) as {{ reading }}high
        {%- endfor %}
    from placed
    group by repeat_days, active_days, observed_days, version

)

select
    repeat_days,
    active_days,
    observed_days,
    version,
    least(low, early_low) as low_multiple,
    case when low > 0 then greatest(high, (high + early_high) / 2) else high end as high_multiple
from ends
